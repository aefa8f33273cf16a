"""News within a process, and WebSocket connections: those of this process, or those that API Gateway holds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Condition
from typing import Any, Protocol

from chalicelib.aws.calls import Aws, Refused

SERVICE = "apigatewaymanagementapi"


class Sockets(Protocol):
    """The connections of a process."""

    @property
    def connections(self) -> Mapping[str, object]:
        """Those that stand, by id."""

    def send_text(self, connection_id: str, message: str) -> bool:
        """Send, after what was sent before; no when the connection is gone."""

    def end(self, connection_id: str) -> None:
        """End the connection when what was sent has gone out; one that is gone is no fault."""


@dataclass(slots=True, kw_only=True)
class ProcessLive:
    """News by topic within one process, and its connections, where it has any."""

    sockets: Sockets | None = None
    _changed: Condition = field(default_factory=Condition)
    _count: Counter[str] = field(default_factory=Counter)

    def push(self, topic: str, message: Mapping[str, object]) -> None:  # noqa: ARG002 - the port's shape
        """Wake those that await news of the topic."""
        with self._changed:
            self._count[topic] += 1
            self._changed.notify_all()

    def mark(self, topic: str) -> int:
        """How much news of the topic there has been."""
        with self._changed:
            return self._count[topic]

    def await_change(self, topic: str, mark: int, longest: float) -> bool:
        """Whether news of the topic came since the mark, or comes within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count[topic] != mark, timeout=longest)

    def has_viewers(self) -> bool:
        """Whether anybody is connected here."""
        return self.sockets is not None and bool(self.sockets.connections)

    def send(self, connection: str, text: str) -> bool:
        """Send to a connection of this process; no when it is gone."""
        return self.sockets is not None and self.sockets.send_text(connection, text)

    def close(self, connection: str) -> None:
        """End a connection when what was sent has gone out; one that is gone is no fault."""
        if self.sockets is not None:
            self.sockets.end(connection)


@dataclass(frozen=True, slots=True)
class GatewayLive:
    """Where nobody in this process can wait, as on Lambda: connections are API Gateway's."""

    aws: Aws

    def push(self, topic: str, message: Mapping[str, object]) -> None:
        """Nobody is here."""

    def mark(self, topic: str) -> int:  # noqa: ARG002 - the port's shape
        """There is no news."""
        return 0

    def await_change(self, topic: str, mark: int, longest: float) -> bool:  # noqa: ARG002 - the port's shape
        """No news will come."""
        return False

    def has_viewers(self) -> bool:
        """Nobody knows without looking."""
        return True

    def send(self, connection: str, text: str) -> bool:
        """Send to a connection; no when it is gone, or about to be opened."""
        return self._reached("PostToConnection", {"ConnectionId": connection, "Data": text.encode()})

    def close(self, connection: str) -> None:
        """End a connection; one that is gone is no fault."""
        self._reached("DeleteConnection", {"ConnectionId": connection})

    def _reached(self, operation: str, asked: Mapping[str, Any]) -> bool:
        try:
            self.aws.call(SERVICE, operation, asked)
        except Refused as error:
            if error.code in ("GoneException", "410"):
                return False
            raise
        return True
