"""Addresses of a fake cluster's pods: each has one of this machine's own, at which its port is carried to a process."""

import contextlib
import os
import socket
import threading
from itertools import count

NETWORK = "127.64.0.0/10"
"""Of all pods, of all fake clusters of this machine."""

_NUMBERS = count(1)
_CHUNK = 1 << 16


def new_address() -> str:
    """An address that no other pod has, also not one of another process's cluster."""
    process = os.getpid()
    return f"127.{64 + (process >> 8) % 64}.{process % 256}.{next(_NUMBERS) % 250 + 1}"


class Forwarder:
    """Carries what comes to a pod's port to the one that its process has, until it is closed."""

    def __init__(self, address: str, port: int, target: int) -> None:
        self._target = target
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((address, port))
        except OSError:
            self._socket.close()
            raise
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
