"""Changes within a process, and WebSocket connections: those of this process, or those that API Gateway holds."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Condition
from typing import Any, Protocol
from zlib import crc32

from chalicelib.aws.calls import Aws, Refused
from chalicelib.kernel.explanation.runner import is_of_pool
from chalicelib.kernel.faults import PASSING
from chalicelib.kernel.waiting import SECONDS_LEFT, Cancel, Suspended
from chalicelib.use_cases.ports.clock import Live
from chalicelib.use_cases.ports.live import Viewers
from slipway_formats.override import override

SERVICE = "apigatewaymanagementapi"
MOST_WOKEN = 2
"""Connections that hear of one message: another one may be faster at what it is about, or be away unnoticed."""


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
class ProcessLive(Live):
    """Live within one process: counts changes by topic, and sends to its own connections, if it has any."""

    sockets: Sockets | None = None
    _changed: Condition = field(default_factory=Condition)
    _count: Counter[str] = field(default_factory=Counter)
    _listeners: dict[str, list[Callable[[], None]]] = field(default_factory=dict)

    @override
    def push(self, topic: str, message: Mapping[str, object]) -> None:
        with self._changed:
            self._count[topic] += 1
            self._changed.notify_all()
            listeners = self._listeners.pop(topic, ())
        for notify in listeners:
            notify()

    @override
    def mark(self, topic: str) -> int:
        with self._changed:
            return self._count[topic]

    @override
    def await_change(self, topic: str, mark: int, longest: float) -> bool:
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

    @override
    def wakes_by_socket(self) -> bool:
        return False

    @override
    def has_viewers(self) -> bool:
        return self.sockets is not None and bool(self.sockets.connections)

    @override
    def send(self, connection: str, text: str) -> bool:
        return self.sockets is not None and self.sockets.send_text(connection, text)

    @override
    def close(self, connection: str) -> None:
        if self.sockets is not None:
            self.sockets.end(connection)


@dataclass(frozen=True, slots=True)
class GatewayLive(Live):
    """Live on Lambda: API Gateway holds the connections, and no caller waits in this process for changes.

    viewers: also of topics, whose connections are runners that wait for jobs.
    """

    aws: Aws
    viewers: Viewers

    @override
    def push(self, topic: str, message: Mapping[str, object]) -> None:
        if not is_of_pool(topic):
            return
        text = json.dumps(message, separators=(",", ":"))
        # It may be lost: a runner also asks from time to time.
        with suppress(*PASSING):
            found = self.viewers.of_run(topic)
            begin = crc32(text.encode()) % len(found) if found else 0
            woken = 0
            for connection in (*found[begin:], *found[:begin]):
                if woken == MOST_WOKEN:
                    break
                if self.send(connection, text):
                    woken += 1
                else:
                    self.viewers.remove(connection)

    @override
    def wakes_by_socket(self) -> bool:
        return True

    @override
    def mark(self, topic: str) -> int:
        return 0  # changes are not counted here

    @override
    def await_change(self, topic: str, mark: int, longest: float) -> bool:
        return False

    @override
    def has_viewers(self) -> bool:
        return True  # only API Gateway knows

    @override
    def send(self, connection: str, text: str) -> bool:
        return self._call("PostToConnection", {"ConnectionId": connection, "Data": text.encode()})

    @override
    def close(self, connection: str) -> None:
        self._call("DeleteConnection", {"ConnectionId": connection})

    def _call(self, operation: str, arguments: Mapping[str, Any]) -> bool:
        try:
            self.aws.call(SERVICE, operation, arguments)
        except Refused as error:
            if error.code in ("GoneException", "410"):
                return False
            raise
        return True
