"""An HTTP connection to a judged address of which everything together has one deadline, however slowly the other drips.

Timeouts of sockets are of one read: who sends a byte before each of them holds the caller for ever.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable
from http.client import HTTPConnection
from queue import Empty, SimpleQueue
from threading import Thread
from typing import cast

Resolve = Callable[[str, int], str]


class Deadline:
    """A moment, by the clock that never jumps."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until it. Errors: TimeoutError when it has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TimeoutError:
        """What to raise when it has passed."""
        return TimeoutError(f"no whole answer within {self._seconds:g} s")


class ConnectionWithin(HTTPConnection):
    """A connection that ends at its deadline. address: resolved and judged. host: whose certificate is wanted."""

    def __init__(self, address: str, port: int, *, host: str, is_encrypted: bool, deadline: Deadline) -> None:
        super().__init__(address, port)
        self._name, self._is_encrypted, self._deadline = host, is_encrypted, deadline
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        """Connect, and shake hands where the scheme asks for it."""
        wire = socket.create_connection((self.host, self.port), self._deadline.left())
        try:
            if self._is_encrypted:
                wire.settimeout(self._deadline.left())
                wire = ssl.create_default_context().wrap_socket(wire, server_hostname=self._name)
        except BaseException:
            wire.close()
            raise
        self._socket = wire
        self.sock = cast("socket.socket", _Wire(wire, self._deadline))

    def end(self) -> None:
        """Close what is open, the answer too."""
        self.close()
        if self._socket is not None:
            self._socket.close()


class _Wire:
    """As much of a socket as HTTPConnection uses."""

    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self._wire, self._deadline = wire, deadline

    def sendall(self, content: bytes) -> None:
        """Send all of it in the time that is left."""
        self._wire.settimeout(self._deadline.left())
        self._wire.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What reads from it in the time that is left."""
        return io.BufferedReader(_Reader(self._wire, self._deadline))

    def close(self) -> None:
        """Nothing: HTTPConnection closes it before the answer is read."""


class _Reader(io.RawIOBase):
    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self._wire, self._deadline = wire, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        self._wire.settimeout(self._deadline.left())
        try:
            return self._wire.recv_into(buffer)
        except TimeoutError:
            raise self._deadline.passed() from None


def resolved_within(resolve: Resolve, host: str, port: int, deadline: Deadline) -> str:
    """The address of a host. Errors: OSError; TimeoutError when its name servers take too long."""
    # The system's resolver knows no time limit: a thread that waits for it is left behind.
    found: SimpleQueue[str | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            found.put(resolve(host, port))
        except Exception as error:  # noqa: BLE001 - told to whoever waits
            found.put(error)

    Thread(target=look_up, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError(f"{host} was not resolved in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
