"""How many calls one project may have open at once, and how many one host, so that nobody takes all that there are."""

import contextlib
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from threading import Condition

from chalicelib.kernel.faults import Unavailable


class Shares:
    """Counts what is open in this process. patience: seconds that one waits for a place."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._open: Counter[Hashable] = Counter()
        self._changed = Condition()

    @contextlib.contextmanager
    def one_of(self, limits: Mapping[Hashable, int]) -> Iterator[None]:
        """While this lasts, one more is open of each. limits: of each the most. Faults: Unavailable."""
        self._take(limits)
        try:
            yield
        finally:
            with self._changed:
                self._open.subtract(limits.keys())
                self._open += Counter()  # forgets those of whom nothing is open
                self._changed.notify_all()

    def _take(self, limits: Mapping[Hashable, int]) -> None:
        end = time.monotonic() + self._patience
        with self._changed:
            while any(self._open[one] >= most for one, most in limits.items()):
                if not self._changed.wait(end - time.monotonic()):
                    raise Unavailable("too many calls are open at once")
            self._open.update(limits.keys())
