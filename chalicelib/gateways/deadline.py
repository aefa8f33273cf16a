"""An HTTP connection to a checked address with one deadline for everything together, however slowly the other side
sends.

Socket timeouts apply to each read: a server that sends a byte before each would hold the caller for ever.
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
    """A point in time on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left. Errors: TimeoutError if it has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TimeoutError:
        """Return the error to raise if it has passed."""
        return TimeoutError(f"no whole answer within {self._seconds:g} s")


class ConnectionWithin(HTTPConnection):
    """A connection with a deadline. address: resolved and checked. host: the name to verify in the certificate."""

    def __init__(self, address: str, port: int, *, host: str, is_encrypted: bool, deadline: Deadline) -> None:
        super().__init__(address, port)
        self._name, self._is_encrypted, self._deadline = host, is_encrypted, deadline
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        """Connect, with a TLS handshake for https."""
        wire = socket.create_connection((self.host, self.port), self._deadline.left())
        try:
            if self._is_encrypted:
                wire.settimeout(self._deadline.left())
                wire = ssl.create_default_context().wrap_socket(wire, server_hostname=self._name)
        except BaseException:
            wire.close()
            raise
        self._socket = wire
        self.sock = cast("socket.socket", _TimedSocket(wire, self._deadline))

    def end(self) -> None:
        """Close the connection and the response."""
        self.close()
        if self._socket is not None:
            self._socket.close()


class _TimedSocket:
    """The part of a socket's interface that HTTPConnection uses."""

    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self._wire, self._deadline = wire, deadline

    def sendall(self, content: bytes) -> None:
        """Send everything in the time left."""
        self._wire.settimeout(self._deadline.left())
        self._wire.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return a reader that reads in the time left."""
        return io.BufferedReader(_Reader(self._wire, self._deadline))

    def close(self) -> None:
        """Do nothing: HTTPConnection closes it before the response is read."""


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
    """Resolve a host. Errors: OSError; TimeoutError if the name servers take too long."""
    # The system's resolver has no timeout: a thread that waits for it is abandoned.
    found: SimpleQueue[str | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            found.put(resolve(host, port))
        except Exception as error:  # noqa: BLE001 - passed to the waiting caller
            found.put(error)

    Thread(target=look_up, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError(f"{host} was not resolved in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
