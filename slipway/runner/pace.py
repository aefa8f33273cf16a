"""How long an idle runner lets pass before it asks for work again."""

from __future__ import annotations

import random
from collections.abc import Callable

HINTS = (0.1, 60.0)
"""The shortest and longest pause, in seconds, that a platform may ask for."""

_SPREAD = 0.2


_DICE = random.SystemRandom()


def pause(wait: float, took: float, hint: float | None, dice: Callable[[], float] = _DICE.random) -> float:
    """Return the seconds to pause after a request that brought no job.

    wait, took: how long it was to wait for one, and did. hint: the pause that the platform asks for, if it does.
    """
    # A platform on Lambda holds no request open: it answers at once, whatever the wait is.
    least = max(0.0, wait - took) if hint is None else min(max(hint, HINTS[0]), HINTS[1])
    # Never shorter: the wait is a promise. Spread, so that runners that began together do not ask together.
    return least * (1 + _SPREAD * dice())
