"""Runs that ended long ago go out of the tables, each to an object of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.enqueue_due import LONGEST, PAGE
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Due, Page

SHARE = 4
"""Into this many parts the time between two sweeps goes, of which archiving takes one: what is due now goes before."""


PROJECTS = 100
"""That are read at a time."""


@dataclass(slots=True)
class Enlisting:
    """How far this process is in looking for runs that no index knows as ended. after: a project. is_done: all are."""

    after: str | None = None
    is_done: bool = False


def archive_runs(ports: Ports, now: datetime, enlisting: Enlisting | None = None) -> int:
    """Archive runs that ended longer ago than the installation keeps them, until the time is used; return how many.

    enlisting: how far earlier calls were. Runs that older versions ended are enlisted when nothing is left to archive,
    and archived by the next call.
    """
    kept = ports.settings.keep_runs
    if kept is None:
        return 0
    until, done = now + min(LONGEST, ports.settings.sweep_ahead / SHARE), 0
    for due in _ended(ports, now - kept, first=now.minute):
        if ports.clock.now() >= until:
            break
        done += _archived(ports, due)
    _enlist_older(ports, enlisting or Enlisting(), until)
    return done


def _enlist_older(ports: Ports, enlisting: Enlisting, until: datetime) -> None:
    """Go on through all projects, until the time is used."""
    while not enlisting.is_done:
        page = ports.projects.projects(Page(size=PROJECTS, after=enlisting.after))
        for project in page:
            if ports.clock.now() >= until:
                return
            if ports.runs.enlist(project.name):
                enlisting.after = project.name
            else:
                break
        else:
            enlisting.is_done = len(page) < PROJECTS


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
