"""Run programs, each in its own process group, so that all of it can be stopped. What is run: scripts."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from slipway.perform.logs import LineWriter, Log, Stream
from slipway_formats.override import override

_TICK = 0.1
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run. timeout: seconds; None for no limit."""

    argv: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    timeout: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended. code: as in a shell, 128 plus the signal's number when killed."""

    code: int
    timed_out: bool = False
    cancelled: bool = False


class Shell(Protocol):
    """Runs programs."""

    def run(self, program: Program, log: Log) -> Ended:
        """Run a program to its end, with its output going to the log. Faults: OSError when it cannot be started."""
        ...


class ProcessShell(Shell):
    """Run child processes. stop: ends running programs and prevents new ones. grace: seconds from SIGTERM to SIGKILL.

    on_spawn: called with every new process group.
    """

    def __init__(
        self, stop: threading.Event, *, grace: float = 5.0, on_spawn: Callable[[int], None] = lambda _: None
    ) -> None:
        self._stop, self._grace, self._on_spawn = stop, grace, on_spawn

    @override
    def run(self, program: Program, log: Log) -> Ended:
        if self._stop.is_set():
            return Ended(code=143, cancelled=True)
        child = subprocess.Popen(
            program.argv, cwd=program.folder, env=dict(program.environment), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        enough = threading.Event()
        reader = threading.Thread(target=_pass_on, args=(child, log, enough), daemon=True)
        reader.start()
        ended = self._wait(child, program.timeout)
        _join(reader, enough)
        return ended

    def _wait(self, child: subprocess.Popen[bytes], timeout: float | None) -> Ended:
        deadline = time.monotonic() + timeout if timeout is not None else None
        with _exit_of(child) as is_over:
            while not is_over(_TICK):
                late = deadline is not None and time.monotonic() >= deadline
                if late or self._stop.is_set():
                    self._end(child)
                    return Ended(code=_code(child), timed_out=late, cancelled=not late)
        return Ended(code=_code(child))

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        _signal(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + self._grace
        while time.monotonic() < deadline and _signal(child.pid, 0):
            # Until it is asked for, a program that has ended counts as one of its group.
            child.poll()
            time.sleep(0.02)
        _signal(child.pid, signal.SIGKILL)
        child.wait()


@contextmanager
def _exit_of(child: subprocess.Popen[bytes]) -> Iterator[Callable[[float], bool]]:
    """Give what waits up to some seconds for the exit of a child, and says whether it came."""
    try:
        descriptor = os.pidfd_open(child.pid)
    except (AttributeError, OSError):
        # Not every system tells of an exit: there we look, after pauses as long as it has run, at most 50 ms.
        yield lambda seconds: _exits(child, seconds)
        return
    try:
        ready = select.poll()
        ready.register(descriptor, select.POLLIN)
        yield lambda seconds: bool(ready.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def _exits(child: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _code(child: subprocess.Popen[bytes]) -> int:
    code = child.wait()
    return code if code >= 0 else 128 - code


def _pass_on(child: subprocess.Popen[bytes], log: Log, enough: threading.Event) -> None:
    """Pass what a child writes to the log, until it writes no more or until `enough` is set."""
    pipes = [(pipe, stream) for pipe, stream in ((child.stdout, Stream.OUT), (child.stderr, Stream.ERR)) if pipe]
    writers = {pipe.fileno(): LineWriter(log, stream) for pipe, stream in pipes}
    ready = select.poll()
    for descriptor in writers:
        ready.register(descriptor, select.POLLIN | select.POLLHUP)
    while writers and not enough.is_set():
        for descriptor, _ in ready.poll(_TICK * 1000):
            if data := os.read(descriptor, _CHUNK):
                writers[descriptor].feed(data)
            else:
                ready.unregister(descriptor)
                writers.pop(descriptor).close()
    for writer in writers.values():
        writer.close()
    for pipe, _ in pipes:
        pipe.close()


def _join(reader: threading.Thread, enough: threading.Event) -> None:
    # Processes left by the child may keep its pipes open for ever; we do not wait for them.
    reader.join(1.0)
    enough.set()
    reader.join()
