"""`slipway runner`: find the platform, run until a signal, shut down in order."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from slipway.runner import settings
from slipway.runner.leases.held import Stop
from slipway.runner.loop import Runner, say
from slipway.runner.sandbox.choice import NoSandboxError, chosen
from slipway.runner.sandbox.walls import Sandbox, view_of
from slipway.runner.secrecy import begin_again_without_token, hide_memory
from slipway.runner.settings import Address, Settings
from slipway.runner.workspace import remove_old

_TICK = 0.1
_RESCUE = 3.0
_DAY = 86_400.0
NOT_ALLOWED = 4
NOT_SAFE = 5
INTERRUPTED = 130


class Signals:
    """Counts SIGTERM and SIGINT; a signal ends `wait` early."""

    def __init__(self) -> None:
        self.ends, self.interrupts = 0, 0
        self._reading, writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    @property
    def is_over(self) -> bool:
        """Whether the runner is to shut down."""
        return self.ends + self.interrupts > 0

    @property
    def is_urgent(self) -> bool:
        """Whether to shut down at once: Ctrl-C was pressed twice."""
        return self.interrupts > 1

    def wait(self, seconds: float) -> None:
        """Sleep, at most until a signal arrives."""
        if select.select([self._reading], [], [], seconds)[0]:
            os.read(self._reading, 1 << 10)

    def _note(self, number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT:
            self.interrupts += 1
        else:
            self.ends += 1


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run until stopped. Exit codes: 0 orderly stop, 4 rejected by the platform, 5 no sandbox, 130 interrupted."""
    begin_again_without_token(environment)
    hide_memory()
    given = settings.read(sys.argv[1:] if arguments is None else arguments, environment)
    signals = Signals()
    sandbox = _sandbox(given, environment)
    if sandbox is None:
        return NOT_SAFE
    remove_old(given.work, lambda changed: changed < time.time() - _DAY)
    while (place := _found(given, signals)) is not None:
        runner = Runner(given, place, environment, sandbox=sandbox)
        runner.start()
        code = _run(runner, given, signals)
        if code is not None:
            return code
    return 0


def _sandbox(given: Settings, environment: Mapping[str, str]) -> Sandbox | None:
    secret = (given.work, given.token_path, *given.cluster.secret_paths)
    try:
        sandbox = chosen(given.sandboxed, view_of(given.home, secret, environment, given.binds), given.work)
    except NoSandboxError as error:
        say(str(error))
        return None
    say(f"sandbox of jobs: {sandbox}")
    return sandbox


def _found(given: Settings, signals: Signals) -> Address | None:
    told = False
    while not signals.is_over:
        place = settings.address(given)
        if place is not None:
            return place
        if not told:
            say(f"waiting for {given.home / settings.READY} and {given.token_path}; or name --api and --token-file")
            told = True
        signals.wait(_TICK)
    return None


def _run(runner: Runner, given: Settings, signals: Signals) -> int | None:
    """The exit code; None to look for the platform again, since its ready file may have changed."""
    while not signals.is_over and not runner.ended.is_set():
        signals.wait(1.0 if not given.once else _TICK)
    runner.drain()
    _finish_work(runner, given, signals)
    runner.close()
    if signals.is_urgent:
        return INTERRUPTED
    if runner.refused and not signals.is_over:
        say(runner.refused)
        if given.api and (given.token or given.token_file):
            return NOT_ALLOWED
        signals.wait(1.0)
        return None
    return 0


def _finish_work(runner: Runner, given: Settings, signals: Signals) -> None:
    deadline = time.monotonic() + given.grace
    while not runner.is_idle(_TICK) and time.monotonic() < deadline and not signals.is_urgent:
        pass
    if runner.is_idle(0):
        return
    runner.stop(Stop.RETURNED)
    deadline = time.monotonic() + _RESCUE + given.grace
    while not runner.is_idle(_TICK) and time.monotonic() < deadline and not signals.is_urgent:
        pass
