"""Ports of this machine: one for a pod, and whether it answers there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"
_SECONDS = 1.0
_TRIES = 20


class PortPool:
    """Gives ports to pods: none to two of this process, whose programs may take a while to listen. Thread-safe."""

    def __init__(self) -> None:
        self._given: set[int] = set()
        self._lock = threading.Lock()

    @contextmanager
    def given(self, wanted: int) -> Iterator[int]:
        """Give the wanted port if it is free, else another; 0 if none is wanted. Faults: OSError if none is free."""
        port = self._take(wanted) if wanted else 0
        try:
            yield port
        finally:
            with self._lock:
                self._given.discard(port)

    def _take(self, wanted: int) -> int:
        with self._lock:
            for tried in (wanted, *[0] * _TRIES):
                port = _bindable(tried)
                if port and port not in self._given:
                    self._given.add(port)
                    return port
        raise OSError("no port is free")


def _bindable(port: int) -> int:
    """Return the port if nobody listens there, for 0 any that is free; 0 if there is none."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError:
            return 0
        return int(tried.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens at the port."""
    try:
        with socket.create_connection((HOST, port), timeout=_SECONDS):
            return True
    except OSError:
        return False
