"""Read the feed in order, from a number on: consistent reads, none past an entry that is being written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.feed.occurrence import KEPT
from chalicelib.store.dynamo.tables import Reading, Tables
from chalicelib.store.feed import keys
from chalicelib.store.feed.writer import Entry, FeedWriter, entry_in
from chalicelib.use_cases.ports.feed import PATIENCE, Feed, FeedEntry, FeedPage
from slipway_formats.frozen import frozen
from slipway_formats.override import override

MOST_UNWRITTEN = 100
"""Numbers in a row before the oldest entry that may be in writers' hands. More are entries that have expired."""

NEWEST = Reading(limit=1, backward=True)

Numbered = tuple[int, Entry]


@frozen
class StoredFeed(Feed):
    """Implement the port Feed on the table `runs`. now: the clock by which entries age."""

    tables: Tables
    now: Callable[[], datetime]

    @override
    def read(self, after: int, limit: int) -> FeedPage:
        if after == 0:
            begins = self._oldest()
            found = list(self._from(begins, limit))
            return self._page(begins if begins > 1 else _beginning(found), found)
        found = list(self._from(after, limit + 1))
        if not found or found[0][0] != after or not self._is_kept(found[0]):
            raise NotFound(f"no event {after}: they are kept for {KEPT.days} days")
        return self._page(after + 1, found[1:])

    @override
    def end(self) -> int:
        newest = list(self._read(Path("pk") == keys.FEED, Reading(limit=MOST_UNWRITTEN, backward=True)))
        end, expected = (0, _beginning(newest[-1:])) if len(newest) < MOST_UNWRITTEN else (newest[-1][0], newest[-1][0])
        for one in reversed(newest):
            if not self._is_complete(expected, one):
                return end
            end, expected = one[0], one[0] + 1
        return end

    def _page(self, expected: int, found: Sequence[Numbered]) -> FeedPage:
        entries: list[FeedEntry] = []
        for number, entry in found:
            if not self._is_complete(expected, (number, entry)):
                return FeedPage(entries=entries, is_waiting=True)
            entries.append(FeedEntry(number=number, occurrences=entry.occurrences))
            expected = number + 1
        return FeedPage(entries=entries)

    def _is_complete(self, expected: int, following: Numbered) -> bool:
        """Return whether nothing can come any more between an entry and the next; close what is missing too long."""
        number, entry = following
        if expected == number:
            return True
        if entry.at > self.now() - PATIENCE:
            return False
        writer = FeedWriter(tables=self.tables)
        return all(writer.close(one) for one in range(expected, number))

    def _oldest(self) -> int:
        """Return the number from which on entries are kept: those that have expired go in any order, and late."""
        first, last = next(self._from(1, 1), None), next(self._read(Path("pk") == keys.FEED, NEWEST), None)
        if first is None or last is None or self._is_kept(first):
            return 1
        low, high = first[0] + 1, last[0] + 1
        while low < high:
            middle = (low + high) // 2
            found = next(self._from(middle, 1), None)
            low, high = (low, middle) if found is None or self._is_kept(found) else (found[0] + 1, high)
        return low

    def _is_kept(self, found: Numbered) -> bool:
        return found[1].at >= self.now() - KEPT

    def _from(self, number: int, limit: int) -> Iterator[Numbered]:
        return self._read((Path("pk") == keys.FEED) & (Path("sk") >= keys.entry_key(number).sk), Reading(limit=limit))

    def _read(self, wanted: Condition, reading: Reading) -> Iterator[Numbered]:
        for item in self.tables.of(keys.RUNS).query(wanted, replace(reading, consistent=True)).items:
            yield keys.number_of(str(item["sk"])), entry_in(item)


def _beginning(found: Sequence[Numbered]) -> int:
    """Return the first number that may be missing to whoever reads from the oldest entry.

    What is missing before it has expired, or is in writers' hands. A closed number was found missing before.
    """
    if not found:
        return 1
    number, entry = found[0]
    return max(1, number - MOST_UNWRITTEN) if entry.occurrences else number
