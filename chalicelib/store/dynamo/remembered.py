"""Remember what was read as long as it is certain to be true. What may be seconds old is `Recent` (records.py)."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from chalicelib.kernel.faults import Unavailable

Record = TypeVar("Record")


def _as_one(_record: object) -> int:
    return 1


class WhileUnchanged(Generic[Record]):
    """Remember what was read until this process changes it. most: how many, by what each counts; 0 where others change
    it too.

    What is missing is not remembered: so creating needs no word.
    """

    def __init__(self, most: int, counts: Callable[[Record], int] = _as_one) -> None:
        self._most, self._counts = most, counts
        self._lock = Lock()
        self._begun = self._ended = self._held = 0
        self._read: dict[Hashable, Record] = {}

    def get(self, key: Hashable, read: Callable[[], Record | None]) -> Record | None:
        """Return what is remembered, or read it; always while something changes, of which others may have heard."""
        if not self._most:
            return read()
        with self._lock:
            begun, is_still = self._begun, self._begun == self._ended
            known = self._read.get(key) if is_still else None
        if known is not None:
            return known
        found = read()
        with self._lock:
            # What was read while something changed may be what it was before that.
            if found is not None and is_still and begun == self._begun:
                self._keep(key, found)
        return found

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Forget all when the change has ended, well or with a fault.

        One that got no answer may still come to pass, and nobody knows when: from then on nothing is remembered.
        """
        with self._lock:
            self._begun += 1
        try:
            yield
        except Unavailable:
            self._most = 0
            raise
        finally:
            with self._lock:
                self._ended += 1
                self._clear()

    def _keep(self, key: Hashable, found: Record) -> None:
        count = self._counts(found)
        if self._held + count > self._most:
            self._clear()
        if count <= self._most:
            self._held += count
            self._read[key] = found

    def _clear(self) -> None:
        self._read.clear()
        self._held = 0


class WhileSame(Generic[Record]):
    """Remember what was read as long as something small is the same that changes with it. most: parts, in all records.

    With 0 it remembers nothing, and the small thing need not be read.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._read: dict[Hashable, tuple[object, tuple[Record, ...]]] = {}

    def get(
        self, key: Hashable, mark: Callable[[], object | None], read: Callable[[], tuple[Record, ...]]
    ) -> tuple[Record, ...]:
        """Return what is remembered if the mark is the same, or read it. mark: None remembers nothing."""
        if not self._most:
            return read()
        # Before the reading: what changes in between is read once more, and never missed.
        now = mark()
        known = self._read.get(key)
        if known is not None and known[0] == now:
            return known[1]
        found = read()
        if now is not None:
            self._keep(key, now, found)
        return found

    def _keep(self, key: Hashable, mark: object, found: tuple[Record, ...]) -> None:
        others = sum(len(parts) for _, parts in tuple(self._read.values()))
        if others + len(found) > self._most:
            self._read.clear()
        if len(found) <= self._most:
            self._read[key] = (mark, found)
