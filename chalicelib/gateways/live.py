"""Changes within a process, and WebSocket connections: those of this process, or those that API Gateway holds."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Condition
from typing import Any, Protocol

from chalicelib.aws.calls import Aws, Refused
from chalicelib.kernel.waiting import SECONDS_LEFT, Cancel, Suspended

SERVICE = "apigatewaymanagementapi"


class Sockets(Protocol):
    """The WebSocket connections of a process."""

    @property
    def connections(self) -> Mapping[str, object]:
        """Return the open connections, by id."""

    def send_text(self, connection_id: str, message: str) -> bool:
        """Send, after what was sent before; return False if the connection is closed."""

    def end(self, connection_id: str) -> None:
        """Close the connection once what was sent has gone out; a closed one is no fault."""


@dataclass(slots=True, kw_only=True)
class ProcessLive:
    """Changes by topic within one process, and its connections, if it has any."""

    sockets: Sockets | None = None
    _changed: Condition = field(default_factory=Condition)
    _count: Counter[str] = field(default_factory=Counter)
    _listeners: dict[str, list[Callable[[], None]]] = field(default_factory=dict)

    def push(self, topic: str, message: Mapping[str, object]) -> None:  # noqa: ARG002 - the port's shape
        """Wake those that wait for a change of the topic."""
        with self._changed:
            self._count[topic] += 1
            self._changed.notify_all()
            listeners = self._listeners.pop(topic, ())
        for notify in listeners:
            notify()

    def mark(self, topic: str) -> int:
        """Return the number of changes of the topic."""
        with self._changed:
            return self._count[topic]

    def await_change(self, topic: str, mark: int, longest: float) -> bool:
        """Return True if the topic has changed since the mark, or changes within so many seconds.

        Raise Suspended if the caller can wait without occupying this thread.
        """
        left = SECONDS_LEFT.get()
        with self._changed:
            if left is None:
                return self._changed.wait_for(lambda: self._count[topic] != mark, timeout=longest)
            if self._count[topic] == mark and left > 0:
                raise Suspended(partial(self._listen, topic, mark), longest)
            return self._count[topic] != mark

    def _listen(self, topic: str, mark: int, notify: Callable[[], None]) -> Cancel:
        with self._changed:
            if self._count[topic] != mark:
                notify()
            else:
                self._listeners.setdefault(topic, []).append(notify)
        return lambda: self._forget(topic, notify)

    def _forget(self, topic: str, notify: Callable[[], None]) -> None:
        with self._changed:
            remaining = [one for one in self._listeners.pop(topic, ()) if one is not notify]
            if remaining:
                self._listeners[topic] = remaining

    def has_viewers(self) -> bool:
        """Return True if a WebSocket is connected here."""
        return self.sockets is not None and bool(self.sockets.connections)

    def send(self, connection: str, text: str) -> bool:
        """Send to a connection of this process; return False if it is closed."""
        return self.sockets is not None and self.sockets.send_text(connection, text)

    def close(self, connection: str) -> None:
        """Close a connection once what was sent has gone out; a closed one is no fault."""
        if self.sockets is not None:
            self.sockets.end(connection)


@dataclass(frozen=True, slots=True)
class GatewayLive:
    """For Lambda, where no caller waits in this process: the connections are API Gateway's."""

    aws: Aws

    def push(self, topic: str, message: Mapping[str, object]) -> None:
        """Do nothing: no caller waits in this process."""

    def mark(self, topic: str) -> int:  # noqa: ARG002 - the port's shape
        """Return 0: changes are not counted here."""
        return 0

    def await_change(self, topic: str, mark: int, longest: float) -> bool:  # noqa: ARG002 - the port's shape
        """Return False at once: changes do not arrive here."""
        return False

    def has_viewers(self) -> bool:
        """Return True, as it is not known here."""
        return True

    def send(self, connection: str, text: str) -> bool:
        """Send to a connection; return False if it is closed, or not yet open."""
        return self._call("PostToConnection", {"ConnectionId": connection, "Data": text.encode()})

    def close(self, connection: str) -> None:
        """Close a connection; a closed one is no fault."""
        self._call("DeleteConnection", {"ConnectionId": connection})

    def _call(self, operation: str, arguments: Mapping[str, Any]) -> bool:
        try:
            self.aws.call(SERVICE, operation, arguments)
        except Refused as error:
            if error.code in ("GoneException", "410"):
                return False
            raise
        return True
