"""Runs that ended long ago go out of the tables, each to an object of its own."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.enqueue_due import LONGEST, PAGE
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Due

SHARE = 4
"""Into this many parts the time between two sweeps goes, of which archiving takes one: what is due now goes before."""


def archive_runs(ports: Ports, now: datetime) -> int:
    """Archive runs that ended longer ago than the installation keeps them, until the time is used; return how many."""
    kept = ports.settings.keep_runs
    if kept is None:
        return 0
    until, done = now + min(LONGEST, ports.settings.sweep_ahead / SHARE), 0
    for due in _ended(ports, now - kept, first=now.minute):
        if ports.clock.now() >= until:
            break
        done += _archived(ports, due)
    return done


def _ended(ports: Ports, before: datetime, *, first: int) -> Iterator[Due]:
    """Yield what ended before, beginning with another shard each minute, as the time may not do for all."""
    for shard in range(SHARDS):
        yield from ports.runs.ended((first + shard) % SHARDS, before, PAGE)


def _archived(ports: Ports, due: Due) -> bool:
    try:
        ports.runs.archive(due.id)
    except Stale:
        # Somebody is at work on it. It is found again once it has ended.
        return False
    return True
