"""A process that outlives its runner by a moment: when the runner dies, or freezes, it kills what its jobs run.

It reads lines from its standard input: `hold NAME`, `group NAME PGID`, `free NAME`. At the end of input it kills all
that is held; a lease that is not held anew in time, it kills alone. Only the standard library, to be small.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "SLIPWAY_LEASE"
# The runner kills a job after 15 s without an answer. This is for one that cannot, before the lease ends at 25 s.
LONGEST_SILENCE = 18.0
_PASSES = 5
_PAUSE = 0.03


def kill(groups: Iterable[int], names: Iterable[str]) -> None:
    """Everything of these process groups is dead, and, where one can see, everything marked with these names."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    marks = {f"{MARK}={name}".encode() for name in names}
    for _ in range(_PASSES):
        if not _kill_marked(marks):
            return
        # What is being started just now shows in the next pass.
        time.sleep(_PAUSE)


def main() -> None:
    """Guards until the input ends."""
    # Signals to the terminal's group are for the runner: it stops its jobs in order.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[str, set[int]] = {}
    until: dict[str, float] = {}
    rest = b""
    while True:
        pause = max(0.0, min(until.values()) - time.monotonic()) if until else None
        if not select.select([0], [], [], pause)[0]:
            _kill_silent(groups, until)
        elif data := os.read(0, 1 << 16):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                _obey(line.decode().split(), groups, until)
        else:
            break
    kill({group for known in groups.values() for group in known}, groups)
    # The runner may have died between starting a program and telling us.
    time.sleep(_PAUSE)
    kill((), groups)


def _obey(words: list[str], groups: dict[str, set[int]], until: dict[str, float]) -> None:
    verb, name = words[0], words[1]
    if verb == "free":
        groups.pop(name, None)
        until.pop(name, None)
        return
    known = groups.setdefault(name, set())
    if verb == "group":
        known.add(int(words[2]))
    else:
        until[name] = time.monotonic() + LONGEST_SILENCE


def _kill_silent(groups: dict[str, set[int]], until: dict[str, float]) -> None:
    now = time.monotonic()
    for name in [name for name, then in until.items() if then <= now]:
        kill(groups.get(name, ()), (name,))
        until[name] = now + LONGEST_SILENCE


def _kill_marked(marks: set[bytes]) -> bool:
    found = False
    # Elsewhere than on Linux there is nothing to see, and groups have to do.
    for entry in Path("/proc").glob("[0-9]*/environ") if marks else ():
        with contextlib.suppress(OSError):
            if not marks.isdisjoint(entry.read_bytes().split(b"\0")):
                os.kill(int(entry.parent.name), signal.SIGKILL)
                found = True
    return found


if __name__ == "__main__":
    main()
