"""Keeps the children running, in the foreground, until told to stop."""

import http.client
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from infra.local import home
from infra.local.processes.children import Kept
from infra.local.settings import Settings

QUICKEST = 0.03
TOO_MANY_DEATHS = 4
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Failed(Exception):  # noqa: N818 - says what happened, as the faults do
    """The platform could not be started."""


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """The children in the order in which they lean on one another: the first of them stops last."""

    settings: Settings
    children: Sequence[Kept]
    on_ready: Callable[[float], None]
    is_ready: bool = False
    stops: int = 0
    begun: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Returns when everything has been stopped. Faults: Failed."""
        wake = _wake_on_signals(self._note)
        try:
            while not self.stops:
                self._tend()
                select.select([wake], [], [], self._pause())
                _drain(wake)
        finally:
            home.remove_ready(self.settings.home)
            self._stop()

    def _note(self, number: int, _: FrameType | None) -> None:
        if number in SIGNALS:
            self.stops += 1

    def _tend(self) -> None:
        for kept in self.children:
            if kept.has_died():
                self._mourn(kept)
        for kept in self.children:
            self._start_if_due(kept)
        if not self.is_ready and self._answers():
            self._tell_ready()

    def _mourn(self, kept: Kept) -> None:
        if not self.is_ready and kept.deaths >= TOO_MANY_DEATHS:
            raise Failed(f"{kept.child.name} does not start; the end of {kept.log}:\n{kept.last_words()}")
        if kept.child.name == "stand-in":
            # The store has gone back by up to a second: whoever remembers more than it does must start anew.
            for other in self.children:
                if other.child.name == "server":
                    other.end(lambda: False)

    def _start_if_due(self, kept: Kept) -> None:
        token = home.admin_token(self.settings.home)
        if kept.process is not None or time.monotonic() < kept.due or (kept.child.needs_token and not token):
            return
        kept.start({"SLIPWAY_TOKEN": token} if kept.child.needs_token and token else {})

    def _tell_ready(self) -> None:
        self.is_ready = True
        token = home.admin_token(self.settings.home) or ""
        told = {"api": self.settings.api, "admin_token": token, "aws_endpoint": self.settings.aws_endpoint}
        home.write_ready(self.settings.home, told)
        self.on_ready(time.monotonic() - self.begun)

    def _answers(self) -> bool:
        """Whether the API answers; the server listens only when everything behind it does."""
        if any(kept.process is None for kept in self.children):
            return False
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        else:
            return True
        finally:
            connection.close()

    def _pause(self) -> float | None:
        """Seconds until something is due; a signal, a child's death too, ends the pause."""
        if not self.is_ready:
            return QUICKEST
        dues = [kept.due for kept in self.children if kept.process is None]
        return max(0.0, min(dues) - time.monotonic()) if dues else None

    def _stop(self) -> None:
        for kept in reversed(self.children):
            # A second Ctrl-C means now.
            kept.end(lambda: self.stops <= 1)


def _wake_on_signals(note: Callable[[int, FrameType | None], None]) -> int:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    for number in (*SIGNALS, signal.SIGCHLD):
        signal.signal(number, note)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 512):
            pass
    except BlockingIOError:
        pass
