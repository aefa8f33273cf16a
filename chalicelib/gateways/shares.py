"""Limits of concurrent calls per project and per host, so that none of them takes all."""

import contextlib
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from threading import Condition

from chalicelib.kernel.faults import Unavailable


class Shares:
    """Counts the calls open in this process. patience: seconds to wait for a free slot."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._open: Counter[Hashable] = Counter()
        self._changed = Condition()

    @contextlib.contextmanager
    def one_of(self, limits: Mapping[Hashable, int]) -> Iterator[None]:
        """Hold a slot of each key during the context. limits: the maximum of each. Faults: Unavailable."""
        self._take(limits)
        try:
            yield
        finally:
            with self._changed:
                self._open.subtract(limits.keys())
                self._open += Counter()  # drops keys without open calls
                self._changed.notify_all()

    def _take(self, limits: Mapping[Hashable, int]) -> None:
        end = time.monotonic() + self._patience
        with self._changed:
            while any(self._open[one] >= most for one, most in limits.items()):
                if not self._changed.wait(end - time.monotonic()):
                    raise Unavailable("too many calls are open at once")
            self._open.update(limits.keys())
