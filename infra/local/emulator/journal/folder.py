"""The folder of snapshots and journals: which of them are the state, and which are no longer needed.

`0000000007.snapshot` is all that was before `0000000007.journal` began. The state is the newest whole snapshot and the
journals from its number on. Of snapshots the last two are kept, with every journal since: a spoiled one loses nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from infra.local.emulator.journal.file import Change, JournalFile, batches_in, changes_in, cut_torn_end, write_whole

SNAPSHOT, JOURNAL = "snapshot", "journal"
SNAPSHOTS = 2
END = Change(("end",))
LEAST = 16_000_000
"""Bytes that the journals have at least before a snapshot replaces them."""


class JournalFolder:
    """Snapshots and journals in a folder, of which one journal is being written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        for left in folder.glob(".unfinished-*"):
            left.unlink()
        self._numbers = {
            kind: sorted(int(one.stem) for one in folder.glob(f"*.{kind}")) for kind in (SNAPSHOT, JOURNAL)
        }
        self.base = next((one for one in reversed(self._numbers[SNAPSHOT]) if self._is_whole(one)), None)
        self._current: JournalFile
        for number in self._since_base():
            cut_torn_end(self._path(number, JOURNAL))
        self._past = self._size_of(self._since_base())

    def changes(self) -> Iterator[Change]:
        """Yield what made the state: the newest whole snapshot and the journals since; nothing without a snapshot."""
        if self.base is None:
            return
        yield from _changes_of(self._path(self.base, SNAPSHOT))
        for number in self._since_base():
            yield from _changes_of(self._path(number, JOURNAL))

    def begin(self) -> int:
        """Begin another journal, to which `append` goes from now on; return its number."""
        number = max((*self._numbers[SNAPSHOT], *self._numbers[JOURNAL], 0)) + 1
        self._current = JournalFile(self._path(number, JOURNAL))
        self._numbers[JOURNAL].append(number)
        return number

    def current(self) -> JournalFile:
        """Return the journal that is being written."""
        return self._current

    def has_outgrown(self) -> bool:
        """Return True once the journals since the newest snapshot are longer than it is."""
        newest = self._path(self.base, SNAPSHOT).stat().st_size if self.base is not None else 0
        return self._past + self._current.size > max(LEAST, newest)

    def close(self) -> None:
        """Close the journal that is being written. Faults: OSError."""
        self._current.close()

    def write_snapshot(self, number: int, batches: Iterable[Sequence[Change]]) -> None:
        """Write all that was before the journal of this number. Faults: OSError."""
        write_whole(self._path(number, SNAPSHOT), _ended(batches))

    def adopt(self, number: int) -> None:
        """Begin from the snapshot of this number at the next start, and delete what is no longer needed."""
        self.base = number
        self._numbers[SNAPSHOT].append(number)
        self._past = self._size_of(self._since_base()[:-1])
        oldest = self._numbers[SNAPSHOT][-SNAPSHOTS:][0]
        for kind, numbers in self._numbers.items():
            for one in [one for one in numbers if one < oldest]:
                self._path(one, kind).unlink(missing_ok=True)
                numbers.remove(one)

    def _size_of(self, journals: Sequence[int]) -> int:
        return sum(self._path(one, JOURNAL).stat().st_size for one in journals)

    def _since_base(self) -> list[int]:
        return [one for one in self._numbers[JOURNAL] if self.base is not None and one >= self.base]

    def _is_whole(self, number: int) -> bool:
        last = b""
        for content in batches_in(self._path(number, SNAPSHOT)):
            last = content
        return bool(last) and next(changes_in(last)) == END

    def _path(self, number: int, kind: str) -> Path:
        return self._folder / f"{number:010d}.{kind}"


def _changes_of(path: Path) -> Iterator[Change]:
    for content in batches_in(path):
        yield from changes_in(content)


def _ended(batches: Iterable[Sequence[Change]]) -> Iterator[Sequence[Change]]:
    yield from batches
    yield (END,)
