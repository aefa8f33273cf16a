"""The process guard: kills the processes of all jobs when the runner dies or freezes.

It reads lines from stdin: `hold NAME SECONDS`, how long ago the lease was renewed, `group NAME PGID`, `free NAME`. At
the end of input it kills all held leases; a lease that is not renewed in time, it kills alone. Imports the standard
library only, to stay small.
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
# The runner kills a job 20 s after its renewal. This is for one that cannot, before the lease ends at 25 s.
LONGEST_SILENCE = 22.5
_PASSES = 5
_PAUSE = 0.03


def kill(groups: Iterable[int], names: Iterable[str]) -> None:
    """Kill these process groups and, on Linux, all processes marked with these names."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    marks = {f"{MARK}={name}".encode() for name in names}
    for _ in range(_PASSES):
        if not _kill_marked(marks):
            return
        # A process that is just being started shows up in the next pass.
        time.sleep(_PAUSE)


def main() -> None:
    """Guard until the input ends."""
    # The terminal signals the whole group; the runner itself stops its jobs in order.
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
                _apply(line.decode().split(), groups, until)
        else:
            break
    kill({group for known in groups.values() for group in known}, groups)
    # The runner may have died after it started a program and before it reported the group.
    time.sleep(_PAUSE)
    kill((), groups)


def _apply(words: list[str], groups: dict[str, set[int]], until: dict[str, float]) -> None:
    verb, name = words[0], words[1]
    if verb == "free":
        groups.pop(name, None)
        until.pop(name, None)
        return
    known = groups.setdefault(name, set())
    if verb == "group":
        known.add(int(words[2]))
    else:
        until[name] = time.monotonic() + LONGEST_SILENCE - float(words[2])


def _kill_silent(groups: dict[str, set[int]], until: dict[str, float]) -> None:
    now = time.monotonic()
    for name in [name for name, then in until.items() if then <= now]:
        kill(groups.get(name, ()), (name,))
        until[name] = now + LONGEST_SILENCE


def _kill_marked(marks: set[bytes]) -> bool:
    found = False
    # Without /proc only process groups can be killed.
    for entry in Path("/proc").glob("[0-9]*/environ") if marks else ():
        with contextlib.suppress(OSError):
            if not marks.isdisjoint(entry.read_bytes().split(b"\0")):
                os.kill(int(entry.parent.name), signal.SIGKILL)
                found = True
    return found


if __name__ == "__main__":
    main()
