"""What a run was given, kept with it: by it the run can be folded again. refold.py writes and reads it."""

from datetime import datetime

from slipway_formats.frozen import frozen


@frozen
class Fold:
    """What one commit folded: when, and which events, in order, as plain values of JSON."""

    at: datetime
    events: tuple[object, ...]


@frozen
class Trace:
    """All that a run was given, oldest first. begun_as: the run before any event as JSON; empty as its plan makes it.

    moved: how many of the folds are no longer in the run's record.
    """

    begun_as: str = ""
    folds: tuple[Fold, ...] = ()
    moved: int = 0
