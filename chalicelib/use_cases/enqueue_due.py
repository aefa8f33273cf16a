"""What all sweeps do with what they find due."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Due, DueKind
from slipway_formats.frozen import frozen

PAGE = 100
"""How many are read at once."""
BATCH = 10
"""How many are enqueued at once: what SQS takes."""
LONGEST = timedelta(seconds=45)
"""The time of a sweep, of the 55 s of its function. What it leaves is due still when the next one looks."""


def always(_due: Due) -> bool:
    """Accept everything that is due."""
    return True


@frozen
class Sweep:
    """What a sweep looks for. before: due until then. until: when its time is used.

    is_new: returns False for what was enqueued just now.
    """

    before: datetime
    until: datetime
    is_new: Callable[[Due], bool] = always


def sweep_from(now: datetime, ahead: timedelta, is_new: Callable[[Due], bool] = always) -> Sweep:
    """Return a sweep that begins now and looks so far ahead."""
    return Sweep(before=now + ahead, until=now + LONGEST, is_new=is_new)


def enqueue_due(ports: Ports, sweep: Sweep, kind: DueKind, found: Iterable[Due]) -> int:
    """Enqueue what was found to be due, ten at once, until the time is used; return how many."""
    new = (due for due in found if sweep.is_new(due))
    done = 0
    while ports.clock.now() < sweep.until and (batch := tuple(islice(new, BATCH))):
        ports.queue.enqueue_due(kind, batch)
        done += len(batch)
    return done
