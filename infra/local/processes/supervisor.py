"""Run the child processes in the foreground, and restart those that die, until a signal arrives."""

import http.client
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from infra.local import home
from infra.local.emulator import keys
from infra.local.processes.children import ChildProcess
from infra.local.settings import Settings

QUICKEST = 0.03
TOO_MANY_DEATHS = 4
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Failed(Exception):  # noqa: N818 - says what happened, as the faults do
    """The platform could not be started."""


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Supervises child processes, listed in order of dependency: the first one stops last."""

    settings: Settings
    children: Sequence[ChildProcess]
    on_ready: Callable[[float], None]
    is_ready: bool = False
    stops: int = 0
    begun: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Run until stopped. Faults: Failed."""
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
        for child in self.children:
            if child.has_died():
                self._handle_death(child)
        for child in self.children:
            self._start_if_due(child)
        if not self.is_ready and self._answers():
            self._tell_ready()

    def _handle_death(self, child: ChildProcess) -> None:
        if not self.is_ready and child.deaths >= TOO_MANY_DEATHS:
            raise Failed(f"{child.spec.name} does not start; the end of {child.log}:\n{child.last_words()}")
        if child.spec.name == "stand-in":
            # What the server received from its queues is no longer its own: the new stand-in shows it again.
            for other in self.children:
                if other.spec.name == "server":
                    other.end(lambda: False)

    def _start_if_due(self, child: ChildProcess) -> None:
        lacks_token = child.spec.needs_token and not home.runner_token(self.settings.home)
        if child.process is None and time.monotonic() >= child.due and not lacks_token:
            child.start()

    def _tell_ready(self) -> None:
        self.is_ready = True
        token = home.admin_token(self.settings.home) or ""
        told = {"api": self.settings.api, "admin_token": token, "aws_endpoint": self.settings.aws_endpoint}
        if not self.settings.elsewhere:
            told |= keys.as_ready(keys.kept_in(self.settings.home))
        home.write_ready(self.settings.home, told)
        self.on_ready(time.monotonic() - self.begun)

    def _answers(self) -> bool:
        """True when the API answers. The server listens only when everything behind it does."""
        if any(child.process is None for child in self.children):
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
        """Seconds until a restart is due; any signal, SIGCHLD too, ends the pause."""
        if not self.is_ready:
            return QUICKEST
        dues = [child.due for child in self.children if child.process is None]
        return max(0.0, min(dues) - time.monotonic()) if dues else None

    def _stop(self) -> None:
        for child in reversed(self.children):
            # A second Ctrl-C means now.
            child.end(lambda: self.stops <= 1)


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
