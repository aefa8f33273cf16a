"""The freezes of the installation: the same of the fake and of the store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.plans.freezes import Freeze, Freezes, Interval, Passers
from chalicelib.kernel.plans.work import Window
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.installation.freezes import RECENT, StoredFreezes
from chalicelib.use_cases.ports.freezes import FreezeRecords
from tests.builders import NOON, an_entry, later
from tests.fakes.freezes import FakeFreezes
from tests.fakes.world import FakeWorld

STOP = Freeze(id="f1", during=Interval(begins=NOON, ends=later(60)), reason="smoke", by="ada", at=NOON, is_stop=True)
NIGHTS = Freeze(
    id="f2",
    during=Window(opens="0 0 22 * * ?", closes="0 0 6 * * ?", timezone="Europe/Berlin"),
    reason="nobody is there",
    by="ada",
    at=NOON,
    project="web",
    environment="production",
    passers=Passers(users=("eve",), teams=("sre",), reasons=("incident",)),
)


@pytest.fixture(params=["fake", "store"])
def records(request: pytest.FixtureRequest) -> FreezeRecords:
    if request.param == "fake":
        return FakeFreezes()
    return StoredFreezes(request.getfixturevalue("tables"), FakeWorld().now)


def test_there_are_no_freezes_before_the_first(records: FreezeRecords) -> None:
    assert (records.current(), records.recent()) == (Freezes(), Freezes())


def test_what_was_saved_is_read_again(records: FreezeRecords) -> None:
    saved = records.save(Freezes(all=(STOP, NIGHTS)), an_entry("one"))
    assert saved == Freezes(version=1, all=(STOP, NIGHTS))
    assert (records.current(), records.recent()) == (saved, saved)
    fewer = records.save(replace(saved, all=(NIGHTS,)), an_entry("two"))
    assert (fewer.version, records.recent()) == (2, fewer)


def test_of_two_that_save_on_one_version_one_is_stale(records: FreezeRecords) -> None:
    records.save(Freezes(all=(STOP,)), an_entry("one"))
    with pytest.raises(Stale):
        records.save(Freezes(all=(NIGHTS,)), an_entry("two"))


def test_another_process_reads_a_stop_within_half_a_second(tables: Tables) -> None:
    world = FakeWorld()
    here, elsewhere = StoredFreezes(tables, world.now), StoredFreezes(tables, world.now)
    assert elsewhere.recent() == Freezes()
    saved = here.save(Freezes(all=(STOP,)), an_entry("one"))
    assert (here.recent(), elsewhere.recent()) == (saved, Freezes())
    world.at += RECENT + timedelta(milliseconds=1)
    assert elsewhere.recent() == saved
