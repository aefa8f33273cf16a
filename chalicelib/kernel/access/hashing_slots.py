"""How many passwords are hashed at once: each costs a core and 16 MB for a while, and strangers ask for it."""

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
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
                if self._waiting:
                    self._waiting.popleft()()

    def _take(self) -> None:
        left = SECONDS_LEFT.get()
        with self._changed:
            if self._free == 0 and left is not None and left > 0:
                raise Suspended(self._listen, PATIENCE)
            if not self._changed.wait_for(lambda: self._free > 0, PATIENCE if left is None else 0):
                raise Throttled("too many passwords are being verified at once")
            self._free -= 1

    def _listen(self, tell: Callable[[], None]) -> Cancel:
        with self._changed:
            if self._free > 0:
                tell()
            else:
                self._waiting.append(tell)
        return lambda: self._forget(tell)

    def _forget(self, tell: Callable[[], None]) -> None:
        with self._changed, contextlib.suppress(ValueError):
            self._waiting.remove(tell)
