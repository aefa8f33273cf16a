"""The WebSocket on which an idle runner hears that a job waits, where the platform holds no request until there is one.

Nothing depends on it: a runner that is not connected asks more often.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from http import HTTPStatus

from slipway.client_error import ApiError
from slipway.connections import trusted
from slipway.runner.jobs import JobsApi

PAUSE = 45.0
"""Seconds between requests of a runner that is connected: it counts as up for 60 s after one."""

_PAUSES = (1.0, 60.0)
_LONGEST_OPENING = 10.0
_PING = 240.0
"""Seconds. API Gateway closes a connection that is silent for 10 minutes."""

_GLANCE = 1.0
_DICE = random.SystemRandom()
"""Of its own: whoever runs runners in their process may count on the state of the shared one."""

_OLDER = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


class Wakes:
    """Keeps a WebSocket open while there is room for jobs. wake: called for each message, and once it is open."""

    def __init__(self, api: JobsApi, has_room: Callable[[float], bool], wake: Callable[[], None]) -> None:
        self._api, self._has_room, self._wake = api, has_room, wake
        self._closed = threading.Event()
        self._is_connected = False
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="wakes", daemon=True)

    @property
    def is_connected(self) -> bool:
        """Whether a job that waits would be heard of."""
        return self._is_connected

    def start(self) -> None:
        """Connect as soon as there is room; once it was said, saying it again changes nothing."""
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()

    def close(self) -> None:
        """End the connection soon."""
        self._closed.set()

    def _run(self) -> None:
        pause, longest = _PAUSES
        while not self._closed.is_set():
            if not self._has_room(_GLANCE):
                continue
            try:
                url = self._api.wake_url()
                if url is None:
                    return
                self._listen(url)
                pause = _PAUSES[0]
            except ApiError as error:
                if error.status in _OLDER:
                    return
            except _faults():
                pass
            finally:
                self._is_connected = False
            # Spread, so that runners that lost their connections together do not come together.
            self._closed.wait(pause * (1 + _DICE.random()))
            pause = min(pause * 2, longest)

    def _listen(self, url: str) -> None:
        """Listen until the connection ends, the runner does, or there is no room. Faults: those of _faults."""
        from websockets.sync.client import connect  # imported where it is needed: it takes as long as a small job

        context = trusted() if url.startswith("wss:") else None
        with connect(
            url, open_timeout=_LONGEST_OPENING, ping_interval=_PING, ping_timeout=_LONGEST_OPENING, ssl=context
        ) as socket:
            self._is_connected = True
            # What came to wait before is told to nobody any more.
            self._wake()
            while not self._closed.is_set() and self._has_room(0):
                try:
                    socket.recv(_GLANCE)
                except TimeoutError:
                    continue
                self._wake()


def _faults() -> tuple[type[Exception], ...]:
    from websockets.exceptions import WebSocketException

    return (OSError, WebSocketException, ValueError)
