"""Counts the leases that a runner holds, and how many more it may take."""

from __future__ import annotations

import threading
import time

from slipway.runner.leases.held import Held


class Slots:
    """The slots of a runner. number: how many. most: leases to take in all, None for unlimited. Thread-safe.

    guests: leases beyond the slots. still: seconds without a change after which full slots ask for guests. Where jobs
    are shorter than that, the platform's turns give each project a slot as soon.
    """

    def __init__(self, number: int, most: int | None, *, guests: int = 0, still: float = 0.0) -> None:
        self._number, self._left = number, most
        self._guests, self._still, self._changed_at = guests, still, 0.0
        self._held: set[Held] = set()
        self._aside: set[Held] = set()
        self._closed = self._woken = False
        self._changed = threading.Condition()

    @property
    def passes_on(self) -> bool:
        """Whether the slot of a lease that ends is for the next one: not while guests stand beside the slots."""
        return not self._closed and self._left != 0 and self.busy <= self._number

    @property
    def is_closed(self) -> bool:
        """Whether leases that still arrive must be handed back."""
        return self._closed

    @property
    def held(self) -> tuple[Held, ...]:
        """The held leases."""
        with self._changed:
            return tuple(self._held)

    @property
    def aside(self) -> tuple[Held, ...]:
        """The held leases that occupy no slot."""
        with self._changed:
            return tuple(self._aside)

    @property
    def busy(self) -> int:
        """How many leases occupy slots, or stand beside them as guests."""
        return len(self._held) - len(self._aside)

    def close(self) -> None:
        """Take no more leases."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self, held: Held, after: Held | None = None) -> None:
        """Occupy a slot. after: a lease that has ended, whose slot it is."""
        with self._changed:
            self._held.add(held)
            if after is not None:
                self._held.discard(after)
                self._aside.discard(after)
            self._changed_at = time.monotonic()
            self._left = self._left - 1 if self._left else self._left
            self._changed.notify_all()

    def step_aside(self, held: Held) -> None:
        """Free the slot of a lease that is still held."""
        with self._changed:
            if held in self._held:
                self._aside.add(held)
            self._changed_at = time.monotonic()
            self._changed.notify_all()

    def give(self, held: Held) -> None:
        """Free a slot."""
        with self._changed:
            self._held.discard(held)
            self._aside.discard(held)
            self._changed_at = time.monotonic()
            self._changed.notify_all()

    def await_room(self) -> int:
        """Wait for free slots and return their number; 0 once no more leases are wanted and the last one is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._room() > 0 or (self._left == 0 and not self._held))
            return 0 if self._closed else self._room()

    def await_guest_room(self) -> tuple[str, ...]:
        """Wait until the slots are full and stay so, and a guest fits; return the projects of all leases, or ().

        Blank once no more leases are wanted.
        """
        with self._changed:
            while not self._closed:
                still = time.monotonic() - self._changed_at
                if not self._number <= self.busy < self._number + self._guests:
                    self._changed.wait()
                elif still < self._still:
                    self._changed.wait(self._still - still)
                else:
                    return tuple(sorted({held.lease.job.project for held in self._held - self._aside}))
        return ()

    def rest(self, seconds: float) -> None:
        """Let so many seconds pass, unless a job is known to wait or leases are no longer wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._woken, seconds)
            self._woken = False

    def wake(self) -> None:
        """Note that a job waits: whoever rests, or is about to, asks again."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def has_room(self, seconds: float) -> bool:
        """Wait up to `seconds` for a free slot; whether there is one."""
        with self._changed:
            return self._changed.wait_for(lambda: self._closed or self._room() > 0, seconds) and not self._closed

    def await_empty(self, seconds: float) -> bool:
        """Wait up to `seconds` until no lease is held; whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._held, seconds)

    def _room(self) -> int:
        room = self._number - self.busy
        return room if self._left is None else min(room, self._left)
