"""How many passwords are hashed at once: each costs a core and 16 MB for a while, and strangers ask for it."""

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from math import inf
from threading import Condition

from chalicelib.kernel.faults import Throttled
from chalicelib.kernel.waiting import SECONDS_LEFT, Cancel, Suspended

SLOTS = 2
PATIENCE = 20.0


class HashingSlots:
    """Slots of this process. Those who wait come in turn."""

    def __init__(self, slots: int = SLOTS) -> None:
        self._free = slots
        self._changed = Condition()
        self._waiting: deque[Callable[[], None]] = deque()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """While this lasts, a slot is taken. Faults: Throttled."""
        self._take()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify()
                self._tell_next()

    def _take(self) -> None:
        left = SECONDS_LEFT.get()
        with self._changed:
            # Who comes for the first time stands behind those who wait, also where one of them has just been told.
            is_new = left == inf and bool(self._waiting)
            if left is not None and left > 0 and (is_new or self._free == 0):
                raise Suspended(self._listen, PATIENCE)
            if not self._changed.wait_for(lambda: self._free > 0, PATIENCE if left is None else 0):
                raise Throttled("too many passwords are being verified at once")
            self._free -= 1

    def _listen(self, tell: Callable[[], None]) -> Cancel:
        with self._changed:
            self._waiting.append(tell)
            self._tell_next()
        return lambda: self._forget(tell)

    def _forget(self, tell: Callable[[], None]) -> None:
        with self._changed:
            with contextlib.suppress(ValueError):
                self._waiting.remove(tell)
            # It may have been told, and be gone: then the next one is.
            self._tell_next()

    def _tell_next(self) -> None:
        if self._free > 0 and self._waiting:
            self._waiting.popleft()()
