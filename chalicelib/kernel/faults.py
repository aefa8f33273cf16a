"""Faults: the closed set of reasons why a command or query is refused.

No HTTP here: each dialect maps a fault to a status and body. Messages are lower case, name the thing they are about,
and have no full stop.
"""

from __future__ import annotations

from datetime import timedelta

from slipway_formats.defect import Fault as Fault
from slipway_formats.defect import Invalid as Invalid


class Unauthenticated(Fault):
    """Credentials are missing, wrong or expired."""


class Forbidden(Fault):
    """The caller is not permitted to do this."""


class NotFound(Fault):
    """The named thing does not exist."""


class Conflict(Fault):
    """The command contradicts the current state of the thing."""


class Stale(Fault):
    """The record changed since it was read (optimistic lock): read again and decide again."""


class TooLarge(Fault):
    """The input is larger than the limit."""


class Throttled(Fault):
    """A backend is over capacity: the same request may succeed in a moment."""


class Limited(Fault):
    """The caller made too many attempts. after: how long to wait."""

    def __init__(self, message: str, after: timedelta) -> None:
        super().__init__(message)
        self.after = after

    def __reduce__(self) -> tuple[type[Limited], tuple[str, timedelta]]:
        return Limited, (self.message, self.after)


class Unavailable(Fault):
    """A required part is down, or is not part of this installation."""


PASSING = (Stale, Throttled, Unavailable)
"""Faults for which the same request may succeed in a moment."""

FAULTS = (Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Stale, TooLarge, Throttled, Limited, Unavailable)
