"""Retry a read-modify-write on Stale (optimistic lock), with jittered back-off."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.ports.bundle import Ports

MOST_TRIES = 40
PATIENCE = timedelta(seconds=25)
"""From when a request was accepted: API Gateway waits 29 s for its answer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.25
"""Upper bounds in seconds of the pause before a retry, doubled with each; jitter separates concurrent requests."""

SPREAD = 4
"""The jitter spans at least so many times the duration of the last try: otherwise, on a loaded machine, a dozen
concurrent requests would all retry at the same time and one would get through.
"""

Answer = TypeVar("Answer")
Record = TypeVar("Record")


def retry_on_conflict(
    ports: Ports, act: Callable[[], Answer], *, since: datetime | None = None, patience: timedelta = PATIENCE
) -> Answer:
    """Call `act` and return its result; retry on Stale, 40 times at most and within `patience`.

    since: when the request was accepted; by default now. Faults: those of `act`, then Stale.
    """
    until = (since or ports.clock.now()) + patience
    for number in range(MOST_TRIES - 1):
        begun = ports.clock.now()
        try:
            return act()
        except Stale:
            now = ports.clock.now()
            if now >= until:
                raise
        usual, slow = min(FIRST_PAUSE * 2**number, LONGEST_PAUSE), SPREAD * (now - begun).total_seconds()
        ports.clock.pause(min(max(usual, slow), (until - now).total_seconds()))
    return act()


def read_before(known: Record, read: Callable[[], Record]) -> Callable[[], Record]:
    """Return what answers a record that was read already, and reads it again from its second call on: for retries."""
    given = iter((known,))
    return lambda: next(given, None) or read()
