"""What the one process that writes items knows of the index by due time: until when nothing is due in a shard.

At rest a sweep then reads no shard but now and then. Which process is the only one, adapter_context.py says.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any


class DueMemory:
    """Until when nothing is due, by shard. Whoever writes an item that is due tells it, after the item is there."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}
        self._writes: Counter[str] = Counter()
        self._lock = Lock()

    def is_empty(self, shard: str, last: int) -> bool:
        """Return True if nothing in a shard is due at or before a time. last: milliseconds since 1970."""
        return last < self._until.get(shard, 0)

    def writes(self, shard: str) -> int:
        """Return how often a shard was written to, to be told with what is read after this."""
        return self._writes[shard]

    def note_empty(self, shard: str, writes: int, until: int) -> None:
        """Note that nothing was found to be due before `until`; no effect if the shard was written to meanwhile."""
        with self._lock:
            if self._writes[shard] == writes:
                self._until[shard] = until

    def note_written(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Note items that were written, or may have been."""
        for item in items:
            shard = item.get("due_shard")
            if shard is not None:
                with self._lock:
                    self._writes[shard] += 1
                    self._until[shard] = min(self._until.get(shard, 0), int(item["due_at"]))


@contextmanager
def noting(memory: DueMemory | None, items: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """Write these items in here, and note them afterwards: also without an answer, for they may have been written."""
    try:
        yield
    finally:
        if memory is not None:
            memory.note_written(items)
