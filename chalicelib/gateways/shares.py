"""Limits of concurrent calls per project and per host, so that none of them takes all."""

import contextlib
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from threading import Condition

from chalicelib.kernel.faults import Unavailable

FULL = "too many calls are open at once"


class Shares:
    """Counts the calls open in this process. patience: seconds to wait for a free slot."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._open: Counter[Hashable] = Counter()
        self._waiting: Counter[Hashable] = Counter()
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
            # As many may wait as may call: a crowd that waited would take the time of all threads.
            if self._is_full(limits) and any(self._waiting[one] >= most for one, most in limits.items()):
                raise Unavailable(FULL)
            self._waiting.update(limits.keys())
            try:
                if not self._changed.wait_for(lambda: not self._is_full(limits), end - time.monotonic()):
                    raise Unavailable(FULL)
            finally:
                self._waiting.subtract(limits.keys())
                self._waiting += Counter()
            self._open.update(limits.keys())

    def _is_full(self, limits: Mapping[Hashable, int]) -> bool:
        return any(self._open[one] >= most for one, most in limits.items())
