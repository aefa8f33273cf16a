"""The closed set of ways in which an ask can be refused, whatever the dialect.

Nothing here knows of HTTP: each dialect says which status and body a fault becomes. A fault's message is lower case,
names the thing it speaks of and ends without a full stop.
"""

from __future__ import annotations

from datetime import timedelta

from slipway_formats.defect import Defect as Defect
from slipway_formats.defect import Fault as Fault
from slipway_formats.defect import Invalid as Invalid


class Unauthenticated(Fault):
    """Nobody known asks: credentials are missing, wrong or expired."""


class Forbidden(Fault):
    """Somebody known asks for what they may not have."""


class NotFound(Fault):
    """The thing that the ask names does not exist."""


class Conflict(Fault):
    """The ask contradicts the state that the thing is in."""


class Stale(Fault):
    """The thing has changed since it was read: read again and decide again."""


class TooLarge(Fault):
    """The input is bigger than what is taken."""


class Throttled(Fault):
    """A port could not do it now: the same ask may succeed in a moment."""


class Limited(Fault):
    """The asker has tried too often. after: how long they must wait."""

    def __init__(self, message: str, after: timedelta) -> None:
        super().__init__(message)
        self.after = after

    def __reduce__(self) -> tuple[type[Limited], tuple[str, timedelta]]:
        return Limited, (self.message, self.after)


class Unavailable(Fault):
    """A part that the ask needs is not there: it is down, or this installation goes without it."""


PASSING = (Stale, Throttled, Unavailable)
"""Those that say nothing about the ask: the same may succeed in a moment."""

FAULTS = (Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Stale, TooLarge, Throttled, Limited, Unavailable)
