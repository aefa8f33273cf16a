"""The contract of the port Viewers: the fake and the store keep it alike."""

from datetime import timedelta

import pytest

from chalicelib.kernel.faults import Stale
from chalicelib.store.access.viewers import StoredViewers
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.live import Ticket, Viewer, Viewers
from tests.builders import NOON, later
from tests.fakes.viewers import FakeViewers
from tests.use_cases.access.access_ports import a_world

TICKET = Ticket(key="hash", run="run1", after=7, until=later(30))


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def viewers(request: pytest.FixtureRequest) -> Viewers:
    if request.param == "fake":
        return FakeViewers()
    tables: Tables = request.getfixturevalue("tables")
    return StoredViewers(tables=tables, identifier=a_world().identifier)


def a_viewer(connection: str = "one", run: str = "run1", after: int = 0) -> Viewer:
    return Viewer(connection=connection, run=run, after=after, since=NOON)


def test_a_ticket_is_good_for_one_connection(viewers: Viewers) -> None:
    viewers.create_ticket(TICKET)

    assert viewers.use_ticket("hash", "one", NOON) == TICKET
    assert viewers.use_ticket("hash", "two", NOON) is None
    # The answer to the first may be lost, and asked for anew.
    assert viewers.use_ticket("hash", "one", NOON) == TICKET


def test_a_ticket_that_ran_out_or_that_nobody_has_is_no_good(viewers: Viewers) -> None:
    viewers.create_ticket(TICKET)

    assert viewers.use_ticket("hash", "one", TICKET.until) is None
    assert viewers.use_ticket("hash", "one", TICKET.until - timedelta(milliseconds=1)) == TICKET
    assert viewers.use_ticket("other", "one", NOON) is None


def test_a_viewer_is_found_by_its_connection_and_by_its_run(viewers: Viewers) -> None:
    for viewer in (a_viewer("one"), a_viewer("two", after=3), a_viewer("three", run="run2")):
        viewers.add(viewer)

    assert viewers.find_viewer("two") == a_viewer("two", after=3)
    assert viewers.find_viewer("four") is None
    assert viewers.of_run("run1") == ["one", "two"]
    assert viewers.of_run("run3") == []


def test_a_viewer_that_is_added_again_stays_where_it_is(viewers: Viewers) -> None:
    viewers.add(a_viewer())
    viewers.move(a_viewer(), 5)

    viewers.add(a_viewer())

    assert viewers.find_viewer("one") == a_viewer(after=5)


def test_a_viewer_moves_from_where_it_is_alone(viewers: Viewers) -> None:
    viewers.add(a_viewer())

    assert viewers.move(a_viewer(), 5) == a_viewer(after=5)
    with pytest.raises(Stale):  # also as far as a rival moved it
        viewers.move(a_viewer(), 5)
    with pytest.raises(Stale):
        viewers.move(a_viewer(), 6)
    with pytest.raises(Stale):
        viewers.move(a_viewer("two"), 1)


def test_a_viewer_that_was_removed_is_nowhere(viewers: Viewers) -> None:
    viewers.add(a_viewer())

    viewers.remove("one")
    viewers.remove("one")

    assert viewers.find_viewer("one") is None
    assert viewers.of_run("run1") == []
    with pytest.raises(Stale):
        viewers.move(a_viewer(), 1)
