"""Write occurrences into the feed in the transaction that makes the change.

First a number is taken, then the entry is written under it with the change, all or nothing. Readers stop at a number
whose entry is missing, and close it when it stays so (feed.py): then the transaction fails as a whole and is tried
again under the next number. So whoever has read up to a number has missed nothing below it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.feed.occurrence import KEPT, Occurrence
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import expiry, item_of, record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Table, Tables, Write
from chalicelib.store.feed import keys
from slipway_formats.frozen import frozen

MOST_TRIES = 5
LONGER = timedelta(days=1)
"""Entries outlive their time by this: one that can still be read is not the first to go."""


@frozen
class Entry:
    """What one transaction brought. at: when it was numbered. occurrences: empty where the number was closed."""

    at: datetime
    occurrences: tuple[Occurrence, ...] = ()


def _notify_nobody(project: str) -> None:
    """Notify nobody."""


def _call_nobody(number: int) -> None:
    """Call nobody."""


@frozen
class FeedWriter:
    """Writes the feed of an installation. notify: called with the project in which something occurred.

    call: called with the number of what occurred, while somebody elsewhere wants to be told (`note_wanted`).
    """

    tables: Tables
    notify: Callable[[str], None] = _notify_nobody
    call: Callable[[int], None] = _call_nobody

    def transact(self, occurred: Sequence[Occurrence], write: Callable[[Sequence[Write]], bool]) -> bool:
        """Let a change be written with what occurred by it, in one project, and return whether it was new.

        write: writes the change and, last, the writes that it is given, in one transaction; returns False if it was
        written before. Faults: those of `write`; Stale if readers closed one number after the other.
        """
        if not occurred:
            return write(())
        for _ in range(MOST_TRIES):
            number, is_wanted = self._following()
            try:
                is_new = write((self._put(number, tuple(occurred)),))
            except ConditionFailed as error:
                if _was_closed(error):
                    continue
                self.close(number)
                raise
            if is_new:
                self.notify(occurred[0].project)
                if is_wanted:
                    self.call(number)
            else:
                self.close(number)
            return is_new
        raise Stale("the feed's numbers were closed one after the other")

    def close(self, number: int) -> bool:
        """Close a number under which nothing is written; return False if something is."""
        try:
            self._table.put(self._put(number, ()).item, NEW)
        except ConditionFailed:
            return False
        return True

    def _following(self) -> tuple[int, bool]:
        """Take the next number; return too whether somebody elsewhere wants to be told, at no cost of its own."""
        counted = self._table.update(keys.NUMBER, (Path("counted").add(1),))
        return int(counted["counted"]), bool(counted.get("wanted"))

    def _put(self, number: int, occurred: tuple[Occurrence, ...]) -> Put:
        now = self.tables.aws.clock.now()
        entry = Entry(at=now, occurrences=occurred)
        until = expiry(now + KEPT + LONGER)
        return Put(self._table, item_of(keys.entry_key(number), Entry, entry, "an entry", expires_at=until), NEW)

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.RUNS)


def note_wanted(table: Table, version: int, *, is_wanted: bool) -> None:
    """Note beside the number whether somebody wants to be told. version: grows; of two that say so the newer counts."""
    newer = Path("wanted_by").does_not_exist() | (Path("wanted_by") < version)
    with suppress(ConditionFailed):
        table.update(keys.NUMBER, (Path("wanted").set(int(is_wanted)), Path("wanted_by").set(version)), newer)


def entry_in(item: Item) -> Entry:
    """Decode an entry."""
    entry: Entry = record_of(Entry, item)
    return entry


def _was_closed(error: ConditionFailed) -> bool:
    """Whether nothing but the number was in the way."""
    there = [item for item in error.there if item is not None]
    return len(error.places) == 1 and bool(there) and there[0]["pk"] == keys.FEED
