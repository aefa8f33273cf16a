"""The events by which a run hears of freezes, and by which somebody passes them. The others: events.py."""

from datetime import datetime

from chalicelib.kernel.plans.freezes import Freeze
from slipway_formats.frozen import frozen


@frozen
class FreezesRead:
    """The freezes of the run's environments were read. version: of what was read; what is older says nothing."""

    at: datetime
    version: int
    freezes: tuple[Freeze, ...] = ()


@frozen
class FreezesChanged:
    """Freezes were lifted: the run is held by no older version of them. version: from which on it is so."""

    at: datetime
    version: int


@frozen
class FreezePassed:
    """A person let a stage execution begin its steps in spite of these freezes. notes: the reason."""

    at: datetime
    execution: int
    freezes: tuple[str, ...]
    by: str
    notes: str
    behind: tuple[str, ...] = ()
