"""Doing again what read something and wrote it back, where somebody else was faster in between."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.ports.bundle import Ports

MOST_TRIES = 40
PATIENCE = timedelta(seconds=25)
"""From when a request was accepted: API Gateway waits 29 s for its answer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.25
"""Seconds at most between two tries, doubled with each: dice say how much of it, so that even a dozen rivals part."""

SPREAD = 4
"""At least so many times as long as the last try took is what dice are thrown over: on a machine under load a dozen
rivals would else all be at it all the time, of whom one gets through."""

Answer = TypeVar("Answer")


def retry_on_conflict(
    ports: Ports, act: Callable[[], Answer], *, since: datetime | None = None, patience: timedelta = PATIENCE
) -> Answer:
    """What the act answers, tried again while what it read goes stale: 40 times, and while there is patience.

    since: when the request was accepted; the first try, when nobody says. Faults: the act's own, then Stale.
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
