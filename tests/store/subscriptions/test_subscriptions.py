"""The contract of the port SubscriptionRecords: the fake and the store keep it alike."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.subscriptions.event_delivery import Attempt, DeliveryStatus, EventDelivery
from chalicelib.kernel.subscriptions.subscription import Subscription, Subscriptions
from chalicelib.store.dynamo.tables import Tables, Write
from chalicelib.store.feed.writer import FeedWriter, note_wanted
from chalicelib.store.subscriptions.subscriptions import StoredSubscriptions
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.ports.subscriptions import SubscriptionRecords
from tests.builders import NOON, an_entry, later
from tests.fakes.subscriptions import FakeSubscriptions
from tests.fakes.world import Identifiers

ONE = Subscription(id="w1", project="web", url="https://x.example.org", secret="s1", by="ada", at=NOON)
ALL = Subscriptions(all=(ONE,), dispatched=7)


@pytest.fixture(params=["fake", "store"])
def records(request: pytest.FixtureRequest) -> SubscriptionRecords:
    if request.param == "fake":
        return FakeSubscriptions()
    return StoredSubscriptions(tables=request.getfixturevalue("tables"), identifier=Identifiers("commit"))


def written(tables: Tables) -> Callable[[Sequence[Write]], bool]:
    """Write a change that is nothing but what occurred by it."""

    def write(writes: Sequence[Write]) -> bool:
        tables.transact(writes, str(writes))
        return True

    return write


def delivery(event: str, of: str = "w1") -> EventDelivery:
    return EventDelivery(
        subscription=of, event=event, type="slipway.run.ended", project="web", body="{}", at=NOON, due_at=later(5)
    )


def test_what_was_saved_is_read_again(records: SubscriptionRecords) -> None:
    assert records.current() == Subscriptions()
    saved = records.save(ALL, an_entry("one"))
    assert (saved, records.current()) == (replace(ALL, version=1), saved)
    moved = records.save(replace(saved, dispatched=9), None)
    assert (moved.version, records.current().dispatched) == (2, 9)


def test_a_command_takes_effect_once(records: SubscriptionRecords) -> None:
    saved = records.save(ALL, an_entry("one"))
    assert records.save(Subscriptions(), an_entry("one")) == saved
    assert records.current() == saved


@pytest.mark.parametrize("is_audited", [True, False])
def test_of_two_that_save_on_one_version_one_is_stale(records: SubscriptionRecords, *, is_audited: bool) -> None:
    records.save(ALL, an_entry("one"))
    with pytest.raises(Stale):
        records.save(ALL, an_entry("two") if is_audited else None)


def test_deliveries_are_listed_of_the_latest_event_first(records: SubscriptionRecords) -> None:
    for event in ("9.0", "10.1", "10.0"):
        records.save_delivery(delivery(event))
    records.save_delivery(delivery("11.0", of="w2"))
    assert [one.event for one in records.deliveries("w1", Page())] == ["10.1", "10.0", "9.0"]
    assert [one.event for one in records.deliveries("w1", Page(size=1))] == ["10.1"]
    assert [one.event for one in records.deliveries("w1", Page(after="10.1"))] == ["10.0", "9.0"]


def test_a_delivery_is_replaced_by_what_became_of_it(records: SubscriptionRecords) -> None:
    records.save_delivery(delivery("9.0"))
    attempt = Attempt(at=NOON, status=200, said="answered 200")
    done = replace(delivery("9.0"), status=DeliveryStatus.DELIVERED, attempts=(attempt,), due_at=None)
    records.save_delivery(done)
    assert (records.find_delivery("w1", "9.0"), records.find_delivery("w1", "9.1")) == (done, None)


def test_writers_of_the_feed_call_only_while_a_webhook_is_active(tables: Tables) -> None:
    records, called = StoredSubscriptions(tables=tables, identifier=Identifiers("commit")), list[int]()
    writer = FeedWriter(tables=tables, call=called.append)

    def occur() -> None:
        occurred = Occurrence(type=OccurrenceType.RUN_ENDED, project="web", subject="run", at=NOON, facts={})
        writer.transact((occurred,), written(tables))

    occur()
    saved = records.save(ALL, an_entry("made"))
    occur()
    paused = records.save(replace(saved, all=(replace(ONE, paused="it is gone"),)), None)
    occur()
    # A command that is repeated tells of what is now.
    records.save(ALL, an_entry("made"))
    occur()
    records.save(replace(paused, all=(ONE,)), None)
    occur()

    assert called == [2, 5]


def test_what_an_older_save_says_too_late_counts_no_more(tables: Tables) -> None:
    called = list[int]()
    table, writer = tables.of("runs"), FeedWriter(tables=tables, call=called.append)
    note_wanted(table, 2, is_wanted=False)
    note_wanted(table, 1, is_wanted=True)
    occurred = Occurrence(type=OccurrenceType.RUN_ENDED, project="web", subject="run", at=NOON, facts={})
    writer.transact((occurred,), written(tables))
    assert called == []
