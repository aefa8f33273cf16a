"""Which leases a runner holds, and how many more it may. The loop asks it; nothing is done here."""

from __future__ import annotations

import threading

from slipway.runner.leases.held import Held


class Slots:
    """Places for leases. number: of them. most: leases to hold in all, None for no end. Safe for threads."""

    def __init__(self, number: int, most: int | None) -> None:
        self._number, self._left = number, most
        self._held: set[Held] = set()
        self._closed = False
        self._changed = threading.Condition()

    @property
    def is_open(self) -> bool:
        """Whether there may be more leases at all."""
        return not self._closed and self._left != 0

    @property
    def is_closed(self) -> bool:
        """Whether leases that come nevertheless are to be given back."""
        return self._closed

    @property
    def held(self) -> tuple[Held, ...]:
        """The leases that are held now."""
        with self._changed:
            return tuple(self._held)

    def close(self) -> None:
        """No more leases."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self, held: Held) -> None:
        """One more lease."""
        with self._changed:
            self._held.add(held)
            self._left = self._left - 1 if self._left else self._left

    def give(self, held: Held) -> None:
        """One lease less."""
        with self._changed:
            self._held.discard(held)
            self._changed.notify_all()

    def await_room(self) -> int:
        """How many leases there is room for, at least one; 0 when there are to be no more, and the last is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._room() > 0 or (self._left == 0 and not self._held))
            return 0 if self._closed else self._room()

    def await_empty(self, seconds: float) -> bool:
        """Whether nothing is held, at the latest after some seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held, seconds)

    def _room(self) -> int:
        room = self._number - len(self._held)
        return room if self._left is None else min(room, self._left)
