"""Counts the leases that a runner holds, and how many more it may take."""

from __future__ import annotations

import threading

from slipway.runner.leases.held import Held


class Slots:
    """The slots of a runner. number: how many. most: leases to take in all, None for unlimited. Thread-safe."""

    def __init__(self, number: int, most: int | None) -> None:
        self._number, self._left = number, most
        self._held: set[Held] = set()
        self._closed = False
        self._changed = threading.Condition()

    @property
    def is_open(self) -> bool:
        """Whether more leases may be requested."""
        return not self._closed and self._left != 0

    @property
    def is_closed(self) -> bool:
        """Whether leases that still arrive must be handed back."""
        return self._closed

    @property
    def held(self) -> tuple[Held, ...]:
        """The held leases."""
        with self._changed:
            return tuple(self._held)

    def close(self) -> None:
        """Take no more leases."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self, held: Held) -> None:
        """Occupy a slot."""
        with self._changed:
            self._held.add(held)
            self._left = self._left - 1 if self._left else self._left

    def give(self, held: Held) -> None:
        """Free a slot."""
        with self._changed:
            self._held.discard(held)
            self._changed.notify_all()

    def await_room(self) -> int:
        """Wait for free slots and return their number; 0 once no more leases are wanted and the last one is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._room() > 0 or (self._left == 0 and not self._held))
            return 0 if self._closed else self._room()

    def await_empty(self, seconds: float) -> bool:
        """Wait up to `seconds` until no lease is held; whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held, seconds)

    def _room(self) -> int:
        room = self._number - len(self._held)
        return room if self._left is None else min(room, self._left)
