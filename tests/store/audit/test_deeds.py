"""What holds for every deed, in the fakes and in the stores: it and its entry in the audit log are one."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Fault
from tests.builders import NOON, an_entry, later
from tests.store.audit import (
    deeds_access,
    deeds_catalog,
    deeds_installation,
    deeds_inventory,
    deeds_trains,
    deeds_workloads,
)
from tests.store.audit.deeds import Kept, Way, in_memory, in_tables

WAYS = {
    **deeds_catalog.WAYS,
    **deeds_access.WAYS,
    **deeds_inventory.WAYS,
    **deeds_trains.WAYS,
    **deeds_workloads.WAYS,
    **deeds_installation.WAYS,
}
DAY = 24 * 60 * 60


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def kept(request: pytest.FixtureRequest) -> Kept:
    return in_memory() if request.param == "fake" else in_tables(request.getfixturevalue("tables"))


@pytest.fixture(params=list(WAYS))
def way(request: pytest.FixtureRequest, kept: Kept) -> Way:
    found = WAYS[request.param]
    found.before(kept)
    return found


def test_a_deed_is_done_with_its_entry_which_is_unsealed(kept: Kept, way: Way) -> None:
    before, entry = way.seen(kept), an_entry()

    way.act(kept, entry)

    assert way.seen(kept) != before
    assert kept.audits.entries([entry.id]) == {entry.id: entry}
    assert entry in kept.audits.unsealed(99)


def test_a_deed_of_the_same_ask_changes_nothing_again(kept: Kept, way: Way) -> None:
    entry = an_entry()
    first = way.act(kept, entry)
    done = way.seen(kept)

    again = done_again(way, kept, replace(entry, at=later(DAY)))

    assert (again, way.seen(kept)) == (first, done)
    assert kept.audits.entries([entry.id]) == {entry.id: entry}


def done_again(way: Way, kept: Kept, entry: AuditEntry) -> object:
    if not way.is_shown_once:
        return way.act(kept, entry)
    with pytest.raises(Conflict, match="this is done"):
        way.act(kept, entry)
    return None


def test_a_deed_under_the_key_of_an_old_one_is_refused_and_not_passed_over(kept: Kept, way: Way) -> None:
    entry = an_entry()
    way.act(kept, entry)

    with pytest.raises(Conflict, match="over a day ago"):
        way.act(kept, replace(entry, at=later(DAY + 1)))


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if way.is_refused])
def test_a_refused_deed_leaves_no_entry(kept: Kept, name: str) -> None:
    way, late = WAYS[name], an_entry(at=NOON)
    way.before(kept)
    way.act(kept, an_entry())
    done = way.seen(kept)

    with pytest.raises(Fault):
        way.act(kept, late)

    assert way.seen(kept) == done
    assert kept.audits.entries([late.id]) == {}


@pytest.mark.parametrize("name", ["yank a release", "take a release into use again", "attach a package"])
def test_what_is_so_already_is_no_deed(kept: Kept, name: str) -> None:
    way, late = WAYS[name], an_entry()
    way.before(kept)
    way.act(kept, an_entry())

    way.act(kept, late)

    assert kept.audits.entries([late.id]) == {}
