"""The contract of the port Feed, and what its store does about writers that are late, die, or are many."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import pytest
from pynamodb.expressions.operand import Path

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters_of_feed import feed_writer
from chalicelib.gateways.live import ProcessLive
from chalicelib.kernel.faults import NotFound, Stale
from chalicelib.kernel.feed.occurrence import KEPT, Occurrence, OccurrenceType
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.records import item_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Tables, Write
from chalicelib.store.feed import keys
from chalicelib.store.feed.feed import StoredFeed
from chalicelib.store.feed.writer import MOST_TRIES, Entry, FeedWriter
from chalicelib.use_cases.ports.feed import PATIENCE, Feed, topic_of
from tests.builders import NOON
from tests.fakes.feed import FakeFeed
from tests.fakes.queue import FakeQueue
from tests.fakes.world import FakeWorld, Identifiers

NAMES = Identifiers("event")


def occurrence(subject: str) -> Occurrence:
    kind = OccurrenceType.RUN_BEGAN
    return Occurrence(type=kind, project="web", subject=subject, at=NOON, facts={"run": subject, "retries": 0})


@dataclass
class Shelf:
    """A feed, and how something is added to it."""

    feed: Feed
    add: Callable[[str], object]


@pytest.fixture(params=["fake", "store"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "fake":
        fake = FakeFeed()
        return Shelf(fake, lambda subject: fake.add((occurrence(subject),)))
    return stored(request.getfixturevalue("tables"))


def stored(tables: Tables) -> Shelf:
    """On the store, by a clock that is that of the writers."""
    feed = StoredFeed(tables=tables, now=tables.aws.clock.now)
    return Shelf(feed, lambda subject: FeedWriter(tables=tables).transact((occurrence(subject),), kept(tables)))


def kept(tables: Tables) -> Callable[[Sequence[Write]], bool]:
    """Writes a thing of its own with what it is given."""
    thing = Put(tables.of("runs"), Key(NAMES(), "thing")._asdict(), NEW)

    def write(last: Sequence[Write]) -> bool:
        tables.transact((thing, *last), NAMES())
        return True

    return write


def subjects(feed: Feed, after: int = 0, limit: int = 100) -> list[str]:
    return [one.subject for entry in feed.read(after, limit).entries for one in entry.occurrences]


def test_what_occurred_is_read_in_its_order(shelf: Shelf) -> None:
    assert (shelf.feed.read(0, 100).entries, shelf.feed.end()) == ([], 0)
    for name in ("one", "two", "three"):
        shelf.add(name)
    page = shelf.feed.read(0, 100)
    assert [one.number for one in page.entries] == [1, 2, 3]
    assert page.entries[0].occurrences == (occurrence("one"),)
    assert subjects(shelf.feed, 1) == ["two", "three"]
    assert subjects(shelf.feed, 0, limit=2) == ["one", "two"]
    assert (shelf.feed.read(3, 100).entries, shelf.feed.end()) == ([], 3)


def test_a_number_that_was_never_given_is_refused(shelf: Shelf) -> None:
    shelf.add("one")
    with pytest.raises(NotFound, match="no event 7: they are kept for 7 days"):
        shelf.feed.read(7, 100)


def test_nothing_is_written_where_nothing_occurred(tables: Tables) -> None:
    given: list[Sequence[Write]] = []

    def write(last: Sequence[Write]) -> bool:
        given.append(last)
        return True

    assert FeedWriter(tables=tables).transact((), write)
    assert (given, stored(tables).feed.end()) == ([()], 0)


class Slow:
    """A writer that has its number and waits to be let go on."""

    def __init__(self, tables: Tables, subject: str) -> None:
        self.has_number, self.may_write = Event(), Event()
        self._write, self._tables, self._subject = kept(tables), tables, subject

    def __call__(self) -> bool:
        return FeedWriter(tables=self._tables).transact((occurrence(self._subject),), self.write)

    def write(self, last: Sequence[Write]) -> bool:
        """Write once that is allowed."""
        self.has_number.set()
        assert self.may_write.wait(10)
        return self._write(last)


def test_readers_wait_for_who_is_writing(tables: Tables) -> None:
    shelf, slow = stored(tables), Slow(tables, "slow")
    shelf.add("first")
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(slow)
        assert slow.has_number.wait(10)
        shelf.add("fast")
        page = shelf.feed.read(0, 100)
        assert ([one.number for one in page.entries], page.is_waiting) == ([1], True)
        assert shelf.feed.end() == 1, "who begins now hears of the slow one"
        slow.may_write.set()
        assert writing.result()
    assert subjects(shelf.feed) == ["first", "slow", "fast"]


def test_who_is_too_slow_comes_after_those_that_were_read(tables: Tables) -> None:
    shelf, slow, world = stored(tables), Slow(tables, "slow"), FakeWorld(tables.aws.clock.now())
    late = StoredFeed(tables=tables, now=world.now)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(slow)
        assert slow.has_number.wait(10)
        shelf.add("fast")
        world.move(2 * PATIENCE)
        page = late.read(0, 100)
        assert [one.number for one in page.entries] == [2]
        slow.may_write.set()
        assert writing.result(), "it is written, under the next number"
    assert subjects(late, 2) == ["slow"]


def test_a_writer_that_dies_holds_readers_for_a_while_only(tables: Tables) -> None:
    shelf = stored(tables)
    tables.of("runs").update(keys.NUMBER, (Path("counted").add(1),))
    shelf.add("after")
    world = FakeWorld(tables.aws.clock.now())
    late = StoredFeed(tables=tables, now=world.now)
    assert late.read(0, 100).is_waiting
    world.move(2 * PATIENCE)
    assert (subjects(late), late.end()) == (["after"], 2)


def test_a_change_that_is_refused_leaves_no_number_open(tables: Tables) -> None:
    shelf, thing = stored(tables), Key("a thing", "thing")
    tables.of("runs").put(thing._asdict())
    writer = FeedWriter(tables=tables)

    def refused(last: Sequence[Write]) -> bool:
        tables.transact((Put(tables.of("runs"), thing._asdict(), NEW), *last), NAMES())
        return True

    with pytest.raises(ConditionFailed):
        writer.transact((occurrence("refused"),), refused)
    assert not writer.transact((occurrence("known"),), lambda _: False)
    shelf.add("next")
    page = shelf.feed.read(0, 100)
    assert ([one.number for one in page.entries], page.is_waiting) == ([1, 2, 3], False)
    assert subjects(shelf.feed) == ["next"]


def test_a_writer_whose_numbers_are_all_closed_gives_up(tables: Tables) -> None:
    writer, tries = FeedWriter(tables=tables), []

    def closed(last: Sequence[Write]) -> bool:
        tries.append(last)
        assert isinstance(last[0], Put)
        assert writer.close(len(tries))
        tables.transact(last, NAMES())
        return True

    with pytest.raises(Stale):
        writer.transact((occurrence("unlucky"),), closed)
    assert len(tries) == MOST_TRIES


def test_old_entries_are_not_begun_with_and_lapse_as_cursors(tables: Tables) -> None:
    shelf = stored(tables)
    now = tables.aws.clock.now()
    for number in range(1, 21):
        # As if the store had let most of the old ones go, in no order.
        if number in (2, 5, 6, 11) or number > 14:
            age = KEPT + timedelta(hours=1) if number <= 14 else timedelta(minutes=1)
            entry = Entry(at=now - age, occurrences=(occurrence(f"n{number}"),))
            tables.of("runs").put(item_of(keys.entry_key(number), Entry, entry, "an entry"))
    assert subjects(shelf.feed) == [f"n{number}" for number in range(15, 21)]
    with pytest.raises(NotFound):
        shelf.feed.read(5, 100)
    assert subjects(shelf.feed, 18) == ["n19", "n20"]


def test_a_reader_with_a_cursor_misses_none_among_rivals(tables: Tables) -> None:
    shelf, most = stored(tables), 60
    with ThreadPoolExecutor(8) as pool:
        for number in range(most):
            pool.submit(shelf.add, f"n{number}")
        after, heard = 0, list[str]()
        while len(heard) < most:
            for entry in shelf.feed.read(after, 7).entries:
                assert entry.number == after + 1, "no entry comes before one that was read"
                after = entry.number
                heard += [one.subject for one in entry.occurrences]
    assert sorted(heard) == sorted(f"n{number}" for number in range(most))
    assert subjects(shelf.feed) == heard


def test_who_waits_for_the_project_or_for_all_is_woken_by_what_was_written(tables: Tables) -> None:
    live = ProcessLive()
    context = AdapterContext(aws=lambda: tables.aws, prefix=tables.prefix, clock=FakeWorld(), ids=FakeWorld())
    writer = feed_writer(context, live, FakeQueue(FakeWorld()))
    topics = [topic_of(project) for project in ("", "web", "api")]
    marks = [live.mark(topic) for topic in topics]
    writer.transact((occurrence("refused"),), lambda _: False)
    assert [live.mark(topic) for topic in topics] == marks
    writer.transact((occurrence("run1"),), kept(tables))
    assert [live.await_change(topic, mark, 0) for topic, mark in zip(topics, marks, strict=True)] == [True, True, False]
