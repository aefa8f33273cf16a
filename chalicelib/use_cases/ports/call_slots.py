"""The port of slots: what is called now by any process, so that whoever hangs does not take the turns of others."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from slipway_formats.frozen import frozen

LONGEST_HELD = timedelta(seconds=30)
"""Longer than any call takes: a slot that is held for longer was left by a process that died."""


@frozen
class Slot:
    """A slot that is held. of: what is called. holder: unique to the call. is_slow: what is called was slow lately."""

    of: str
    number: int
    holder: str
    since: datetime
    is_slow: bool = False


@frozen
class Full:
    """All slots in question are held. newest: since when the youngest is. is_slow: what is called was slow lately."""

    newest: datetime
    is_slow: bool = False


class CallSlots(Protocol):
    """Numbered slots of each system that is called, counted over all processes."""

    def take(self, of: str, numbers: Collection[int], holder: str, now: datetime) -> Slot | Full:
        """Hold one of these slots, the first of them if it is free; one that is held for too long counts as free.

        Idempotent by the holder. Where others take and leave slots all the time it may be Full though one is free.
        """

    def free(self, slot: Slot, slow_until: datetime | None = None) -> None:
        """Leave the slot, unless somebody else has it by now. slow_until: if the system took long, who takes one until
        then is told so.
        """
