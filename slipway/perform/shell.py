"""Run programs, each in its own process group, so that all of it can be stopped. What is run: scripts."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

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
        readers = _read(child, log, enough)
        ended = self._wait(child, program.timeout)
        _join(readers, enough)
        return ended

    def _wait(self, child: subprocess.Popen[bytes], timeout: float | None) -> Ended:
        gone = threading.Event()
        threading.Thread(target=_await, args=(child, gone), daemon=True).start()
        deadline = time.monotonic() + timeout if timeout is not None else None
        while not gone.wait(_TICK):
            late = deadline is not None and time.monotonic() >= deadline
            if late or self._stop.is_set():
                self._end(child, gone)
                return Ended(code=_code(child), timed_out=late, cancelled=not late)
        return Ended(code=_code(child))

    def _end(self, child: subprocess.Popen[bytes], gone: threading.Event) -> None:
        _signal(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + self._grace
        while time.monotonic() < deadline and _signal(child.pid, 0):
            time.sleep(0.02)
        _signal(child.pid, signal.SIGKILL)
        gone.wait()


def _await(child: subprocess.Popen[bytes], gone: threading.Event) -> None:
    child.wait()
    gone.set()


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _code(child: subprocess.Popen[bytes]) -> int:
    code = child.wait()
    return code if code >= 0 else 128 - code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Pass one pipe to the log, until its end or until `enough` is set."""

    pipe: IO[bytes]
    writer: LineWriter
    enough: threading.Event

    def run(self) -> None:
        ready = select.poll()
        ready.register(self.pipe, select.POLLIN | select.POLLHUP)
        with self.pipe:
            while not self.enough.is_set():
                if ready.poll(_TICK * 1000):
                    data = os.read(self.pipe.fileno(), _CHUNK)
                    if not data:
                        break
                    self.writer.feed(data)
            self.writer.close()


def _read(child: subprocess.Popen[bytes], log: Log, enough: threading.Event) -> list[threading.Thread]:
    threads = []
    for pipe, stream in ((child.stdout, Stream.OUT), (child.stderr, Stream.ERR)):
        if pipe is not None:
            reader = _Reader(pipe=pipe, writer=LineWriter(log, stream), enough=enough)
            threads.append(threading.Thread(target=reader.run, daemon=True))
            threads[-1].start()
    return threads


def _join(readers: list[threading.Thread], enough: threading.Event) -> None:
    # Processes left by the child may keep its pipes open for ever; we do not wait for them.
    deadline = time.monotonic() + 1.0
    for reader in readers:
        reader.join(max(deadline - time.monotonic(), 0.0))
    enough.set()
    for reader in readers:
        reader.join()
