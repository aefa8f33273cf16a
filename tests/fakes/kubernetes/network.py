"""Addresses of a fake cluster's pods: each has one of this machine's own, at which its port is carried to a process."""

import contextlib
import socket
import threading
from itertools import count

NETWORK = "127.77.0.0/16"
"""Of all pods."""

_NUMBERS = count(1)
_CHUNK = 1 << 16


def new_address() -> str:
    """An address that no other pod of this process has."""
    number = next(_NUMBERS)
    return f"127.77.{number // 250 % 250}.{number % 250 + 1}"


class Forwarder:
    """Carries what comes to a pod's port to the one that its process has, until it is closed."""

    def __init__(self, address: str, port: int, target: int) -> None:
        self._target = target
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(64)
        threading.Thread(target=self._run, daemon=True).start()

    def close(self) -> None:
        # A socket that is only closed is still listened at while a thread accepts.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(caller,), daemon=True).start()

    def _carry(self, caller: socket.socket) -> None:
        with caller:
            try:
                target = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                return
            target.settimeout(None)
            with target:
                back = threading.Thread(target=_copy, args=(target, caller), daemon=True)
                back.start()
                _copy(caller, target)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
