"""The fake of the port Numbers, held to the same contract as the store by tests/store/runs/test_numbers.py."""

from collections import Counter
from threading import Lock


class FakeNumbers:
    """Counters in memory."""

    def __init__(self) -> None:
        self.kept: Counter[str] = Counter()
        self._lock = Lock()

    def following(self, counter: str) -> int:
        """The next number."""
        with self._lock:
            self.kept[counter] += 1
            return self.kept[counter]
