"""What the ports of trains promise, asked of the fakes and of the store alike."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.faults import Conflict, NotFound, Stale, TooLarge
from chalicelib.kernel.trains.gated import GatedTravel
from chalicelib.kernel.trains.snapshot import Arrived, Snapshot, SnapshotStatus
from chalicelib.kernel.trains.template import Template, TemplateVariable
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed, cancelled, entered, rejected, restored, with_heads, with_run
from chalicelib.kernel.trains.variables import Scope, ScopeKind, VariableSet, joint
from chalicelib.store.dynamo.records import LastSaved
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.runs.keys import RUNS
from chalicelib.store.runs.plans import Plans
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.store.trains.snapshots import StoredSnapshots
from chalicelib.store.trains.templates import StoredTemplates
from chalicelib.store.trains.trains import StoredTrains
from chalicelib.store.trains.variables import StoredVariables
from chalicelib.use_cases.ports.runs import Page, Runs
from chalicelib.use_cases.ports.trains import SNAPSHOT, Begun, Snapshots, Templates, Trains, Variables
from tests.builders import NOON, a_plan, an_entry
from tests.fakes.runs import FakeRuns
from tests.fakes.trains import FakeSnapshots, FakeTemplates, FakeTrains
from tests.fakes.world import FakeWorld
from tests.kernel.trains.given import BY_ADA, CANCELLED, LIVE, TEST, a_snapshot, a_train

OF_TRAIN = Scope(kind=ScopeKind.TRAIN, place="10001")
OF_ALL = Scope(kind=ScopeKind.GLOBAL)


@dataclass(frozen=True)
class Station:
    """The ports together."""

    trains: Trains
    snapshots: Snapshots
    templates: Templates
    variables: Variables
    runs: Runs

    def planned(self, train: Train | None = None) -> Train:
        return self.trains.create(train or a_train(), None, an_entry())

    def made(self, train: int = 10_001, number: str = "") -> Snapshot:
        changed = a_snapshot(self.trains.train(train), number)
        return self.snapshots.create(changed, None, entry_of(changed))


def entry_of(changed: Changed, ask: str = "") -> AuditEntry:
    return replace(an_entry(ask), details={SNAPSHOT: str(changed.snapshot.id)})


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def station(request: pytest.FixtureRequest) -> Station:
    if request.param == "fake":
        trains, runs = FakeTrains(), FakeRuns()
        return Station(trains, FakeSnapshots(trains, runs), FakeTemplates(), trains.scopes, runs)
    tables: Tables = request.getfixturevalue("tables")
    plans = Plans(tables.of(RUNS))
    return Station(
        StoredTrains(tables=tables),
        StoredSnapshots(tables=tables, identifier=FakeWorld().identifier, plans=plans, feed=FeedWriter(tables=tables)),
        StoredTemplates(tables=tables),
        StoredVariables(tables=tables),
        StoredRuns(tables, FakeWorld().identifier, plans),
    )


def ids(found: Sequence[Train] | Sequence[Snapshot]) -> list[int]:
    return [one.id for one in found]


def test_a_train_is_kept_as_it_was_planned(station: Station) -> None:
    train = station.planned()

    assert station.trains.train(10_001) == train == a_train()
    assert station.trains.find_train(10_002) is None
    with pytest.raises(NotFound):
        station.trains.train(10_002)


def test_a_number_is_of_one_train_of_an_application_in_any_case(station: Station) -> None:
    station.planned(a_train("1.0-RC"))

    with pytest.raises(Conflict, match="exists already"):
        station.planned(a_train("1.0-rc", first_id=10_101))
    other = replace(a_train("1.0-rc", first_id=10_201), application="shop")
    assert station.planned(other) == other
    assert station.trains.find_numbered("web", "web", "1.0-rc") == a_train("1.0-RC")
    assert station.trains.find_numbered("web", "shop", "1.0-RC") == other
    assert station.trains.find_numbered("web", "web", "1.0") is None
    assert station.trains.find_train(10_101) is None


def test_one_train_of_an_application_has_no_number(station: Station) -> None:
    unplanned = station.planned(replace(a_train(""), pipeline="", sequence=0))

    assert station.trains.find_numbered("web", "web", "") == unplanned
    assert station.trains.find_numbered("web", "shop", "") is None
    with pytest.raises(Conflict):
        station.planned(a_train("", first_id=10_101))
    station.trains.forget(unplanned)
    assert station.trains.find_numbered("web", "web", "") is None


def test_trains_are_listed_newest_first_page_by_page(station: Station) -> None:
    for place, application in enumerate(("web", "shop", "web", "web")):
        train = a_train(str(place), first_id=10_001 + 100 * place)
        station.planned(replace(train, application=application))

    assert ids(station.trains.trains(Page())) == [10_301, 10_201, 10_101, 10_001]
    assert ids(station.trains.trains(Page(size=2, after="10301"))) == [10_201, 10_101]
    assert ids(station.trains.of_application("web", "web", Page(size=2))) == [10_301, 10_201]
    assert ids(station.trains.of_application("web", "web", Page(after="10201"))) == [10_001]
    assert station.trains.of_application("web", "none", Page()) == []


def test_of_two_that_change_a_train_the_slower_is_told(station: Station) -> None:
    train = station.planned()
    saved = station.trains.save(replace(train, title="autumn"), an_entry())

    assert station.trains.train(10_001) == saved == replace(train, title="autumn", version=1)
    with pytest.raises(Stale):
        station.trains.save(replace(train, title="late"), an_entry())


def test_what_is_too_large_is_refused(station: Station) -> None:
    if isinstance(station.trains, FakeTrains):
        return
    with pytest.raises(TooLarge):
        station.planned(replace(a_train(), description=str([hash(str(one)) for one in range(60_000)])))


def test_a_snapshot_and_its_train_are_one(station: Station) -> None:
    station.planned()
    changed = a_snapshot(station.trains.train(10_001))
    snapshot = station.snapshots.create(changed, None, entry_of(changed))

    assert station.snapshots.snapshot(10_001, 10_002) == snapshot == changed.snapshot
    assert station.trains.train(10_001) == replace(changed.train, version=1)
    with pytest.raises(Stale):
        station.snapshots.create(a_snapshot(a_train(), "2"), None, an_entry())
    assert station.snapshots.find_numbered(10_001, "2") is None
    assert station.snapshots.find_snapshot(10_002, 10_002) is None
    with pytest.raises(NotFound):
        station.snapshots.snapshot(10_001, 10_003)


def test_a_number_is_of_one_snapshot_of_a_train_in_any_case(station: Station) -> None:
    station.planned()
    snapshot = station.made(number="RC")

    with pytest.raises(Conflict, match="has a snapshot rc already"):
        station.made(number="rc")
    assert station.snapshots.find_numbered(10_001, "rC") == snapshot
    assert station.trains.train(10_001).version == 1


def test_a_repeated_request_finds_its_snapshot_though_others_came_since(station: Station) -> None:
    station.planned()
    first = a_snapshot(station.trains.train(10_001))
    entry = entry_of(first, "ask")
    station.snapshots.create(first, None, entry)
    station.made()
    again = a_snapshot(station.trains.train(10_001))

    assert again.snapshot.number == "3"
    assert station.snapshots.create(again, None, entry_of(again, "ask")) == first.snapshot
    assert ids(station.snapshots.of_train(10_001, Page())) == [10_003, 10_002]


@pytest.mark.parametrize("station", [pytest.param("store", marks=pytest.mark.cloud)], indirect=True)
def test_a_snapshot_that_is_as_it_was_is_decoded_once(station: Station) -> None:
    station.planned()
    first, second = station.made(), station.made()
    before = {one.id: one for one in station.snapshots.of_train(10_001, Page())}
    moved = replace(second, furthest=TEST)
    station.snapshots.save(Changed(train=station.trains.train(10_001), snapshot=moved), None)
    after = {one.id: one for one in station.snapshots.of_train(10_001, Page())}

    assert after[first.id] is before[first.id]
    assert (after[second.id], before[second.id]) == (moved, second)


def test_in_a_crowd_each_snapshot_has_the_next_number(station: Station) -> None:
    station.planned()

    def insisting(_: int) -> str:
        while True:
            try:
                return station.made().number
            except Stale:
                pass

    if isinstance(station.trains, FakeTrains):
        numbers = list(map(insisting, range(12)))
    else:
        with ThreadPoolExecutor(4) as threads:
            numbers = list(threads.map(insisting, range(12)))
    assert sorted(map(int, numbers)) == list(range(1, 13))
    assert ids(station.snapshots.of_train(10_001, Page())) == list(range(10_013, 10_001, -1))


def test_snapshots_are_listed_newest_first_page_by_page(station: Station) -> None:
    station.planned()
    for _ in range(4):
        station.made()

    assert ids(station.snapshots.of_train(10_001, Page(size=3))) == [10_005, 10_004, 10_003]
    assert ids(station.snapshots.of_train(10_001, Page(size=3, after="10003"))) == [10_002]
    assert ids(station.snapshots.of_train(10_001, Page(after="10002"))) == []
    assert ids(station.snapshots.of_train(10_001, Page(after="1"))) == []
    assert ids(station.snapshots.of_train(10_002, Page())) == []


@pytest.mark.parametrize("is_audited", [True, False])
def test_a_change_of_a_snapshot_is_one_of_its_train(station: Station, *, is_audited: bool) -> None:
    station.planned()
    snapshot = station.made()
    moved = entered(station.trains.train(10_001), snapshot, TEST)
    train = station.snapshots.save(moved, an_entry() if is_audited else None)

    assert station.trains.train(10_001) == train == replace(moved.train, version=2)
    assert station.snapshots.snapshot(10_001, 10_002).furthest == TEST
    with pytest.raises(Stale):
        station.snapshots.save(entered(moved.train, moved.snapshot, LIVE), an_entry() if is_audited else None)
    assert station.snapshots.snapshot(10_001, 10_002).furthest == TEST


def begun(run: str, variables: VariableSet | None = None) -> Begun:
    plan = replace(a_plan(), id=run)
    return Begun(run=new_run(plan), plan=plan, variables=variables)


def test_a_run_begins_together_with_its_note_and_its_variables(station: Station) -> None:
    station.planned()
    changed = with_run(Changed(train=station.trains.train(10_001), snapshot=station.made()), "ran")
    changed = replace(changed, train=station.trains.train(10_001))
    given = VariableSet(scope=OF_TRAIN, values={"host": "h"})
    assert station.snapshots.begin(changed, begun("ran", given), [an_entry()])

    assert (station.runs.run("ran"), station.runs.plan("ran")) == (begun("ran").run, begun("ran").plan)
    assert station.snapshots.snapshot(10_001, 10_002).runs == ("ran",)
    assert station.trains.train(10_001).version == changed.train.version + 1
    assert station.variables.variables(OF_TRAIN) == replace(given, version=1)


def test_a_run_that_is_there_or_a_snapshot_that_has_changed_begins_nothing(station: Station) -> None:
    station.planned()
    early = Changed(train=station.trains.train(10_001), snapshot=station.made())
    entry = an_entry()
    now = replace(early, train=station.trains.train(10_001))
    assert station.snapshots.begin(with_run(now, "ran"), begun("ran"), [entry])

    assert not station.snapshots.begin(with_run(now, "ran"), begun("ran"), [entry])
    with pytest.raises(Stale):
        station.snapshots.begin(with_run(now, "late"), begun("late"))
    after = Changed(train=station.trains.train(10_001), snapshot=station.snapshots.snapshot(10_001, 10_002))
    with pytest.raises(Conflict, match="run other was asked for before"):
        station.snapshots.begin(with_run(after, "other"), begun("other"), [entry])
    assert station.snapshots.snapshot(10_001, 10_002).runs == ("ran",)
    assert [station.runs.find_run(run) for run in ("late", "other")] == [None, None]


@pytest.mark.cloud
def test_a_process_remembers_of_a_train_what_it_last_saved(tables: Tables) -> None:
    trains, plans = StoredTrains(tables=tables), Plans(tables.of(RUNS))
    mine, rival = (
        StoredSnapshots(
            tables=tables,
            identifier=FakeWorld().identifier,
            plans=plans,
            feed=FeedWriter(tables=tables),
            last=LastSaved(most),
        )
        for most in (1, 0)
    )
    trains.create(a_train(), None, an_entry())
    made = a_snapshot(trains.train(10_001))
    mine.create(made, None, entry_of(made))
    assert mine.begin(with_run(replace(made, train=trains.train(10_001)), "ran"), begun("ran"))
    known = mine.last_saved(10_001, 10_002)
    assert known == Changed(train=trains.train(10_001), snapshot=mine.snapshot(10_001, 10_002))
    assert (mine.last_saved(10_001, 10_003), rival.last_saved(10_001, 10_002)) == (None, None)

    rival.save(entered(known.train, known.snapshot, TEST), None)
    with pytest.raises(Stale):
        mine.save(entered(known.train, known.snapshot, TEST), None)
    assert mine.last_saved(10_001, 10_002) is None


def test_a_plan_whose_run_never_began_is_replaced(station: Station) -> None:
    station.planned()
    station.runs.replace_plan(replace(a_plan(), id="ran", number=7))
    changed = Changed(train=station.trains.train(10_001), snapshot=station.made())
    changed = with_run(replace(changed, train=station.trains.train(10_001)), "ran")
    assert station.snapshots.begin(changed, begun("ran"))

    assert station.runs.plan("ran") == begun("ran").plan


def test_snapshots_are_found_by_stage_and_no_longer_where_they_were(station: Station) -> None:
    station.planned()
    first, second = station.made(), station.made()
    for one, place in ((first, TEST), (second, TEST), (replace(second, furthest=TEST), LIVE)):
        station.snapshots.save(entered(station.trains.train(10_001), one, place), None)

    assert ids(station.snapshots.at_stage(10_001, "test", Page())) == [10_002]
    assert ids(station.snapshots.at_stage(10_001, "Live", Page())) == [10_003]
    assert ids(station.snapshots.at_stage(10_001, "Live", Page(after="10003"))) == []
    assert ids(station.snapshots.at_stage(10_001, "elsewhere", Page())) == []


def test_snapshots_are_found_by_status_also_those_that_a_cancelled_train_rejects(station: Station) -> None:
    station.planned()
    first, second, third = (station.made() for _ in range(3))
    station.snapshots.save(rejected(station.trains.train(10_001), first, BY_ADA), None)
    deployed = Changed(train=station.trains.train(10_001), snapshot=replace(second, ending=Arrived(at=NOON)))
    station.snapshots.save(deployed, None)
    assert by_status(station) == ([10_004], [10_003], [10_002])

    over = cancelled(station.trains.train(10_001), CANCELLED)
    train = station.trains.save(with_heads(over, (first, deployed.snapshot, third)), an_entry())
    assert by_status(station) == ([], [10_003], [10_004, 10_002])

    station.trains.save(restored(train), an_entry())
    station.made()
    assert by_status(station) == ([10_005], [10_003], [10_004, 10_002])
    page = Page(size=1)
    assert ids(station.snapshots.of_status(station.trains.train(10_001), SnapshotStatus.REJECTED, page)) == [10_004]
    page = Page(size=1, after="10004")
    assert ids(station.snapshots.of_status(station.trains.train(10_001), SnapshotStatus.REJECTED, page)) == [10_002]


def by_status(station: Station) -> tuple[list[int], list[int], list[int]]:
    train = station.trains.train(10_001)
    active, deployed, rejected_ones = (
        ids(station.snapshots.of_status(train, status, Page()))
        for status in (SnapshotStatus.ACTIVE, SnapshotStatus.DEPLOYED, SnapshotStatus.REJECTED)
    )
    return active, deployed, rejected_ones


def test_variables_are_kept_by_scope_and_come_with_what_is_new(station: Station) -> None:
    first = VariableSet(scope=OF_TRAIN, values={"Host": "h"}, secrets={"key": "ref"})
    station.trains.create(a_train(), first, an_entry())
    changed = a_snapshot(station.trains.train(10_001))
    own = Scope(kind=ScopeKind.SNAPSHOT, place="10002")
    station.snapshots.create(changed, VariableSet(scope=own, values={"a": "1"}), entry_of(changed))

    assert station.variables.variables(OF_TRAIN) == replace(first, version=1)
    assert station.variables.variables(OF_ALL) == VariableSet(scope=OF_ALL)
    found = station.variables.of_scopes([own, OF_ALL, OF_TRAIN])
    assert [dict(one.values) for one in found] == [{"a": "1"}, {}, {"Host": "h"}]
    assert station.variables.save(replace(found[0], values={}), an_entry()).version == 2


def test_variables_are_changed_on_their_version(station: Station) -> None:
    fresh = station.variables.save(VariableSet(scope=OF_ALL, values={"a": "1"}), an_entry())

    assert (fresh.version, station.variables.variables(OF_ALL)) == (1, fresh)
    assert station.variables.save(replace(fresh, values={}), an_entry()).version == 2
    for stale in (fresh, VariableSet(scope=OF_ALL)):
        with pytest.raises(Stale):
            station.variables.save(stale, an_entry())


def test_templates_are_kept_by_name_in_any_case(station: Station) -> None:
    one = Template(name="Standard", pipeline="release", train_variables=(TemplateVariable(name="Host"),))
    saved = station.templates.save(one, an_entry())
    station.templates.save(Template(name="hotfix", pipeline="fast"), an_entry())

    assert station.templates.find_template("standard") == saved == replace(one, version=1)
    assert station.templates.find_template("none") is None
    assert [each.name for each in station.templates.templates()] == ["hotfix", "Standard"]
    with pytest.raises(Stale):
        station.templates.save(one, an_entry())
    assert station.templates.save(replace(saved, pipeline="other"), an_entry()).version == 2


def test_a_forgotten_train_leaves_nothing_but_other_trains(station: Station) -> None:
    train = station.planned()
    station.made()
    other = station.planned(a_train("2.0", first_id=10_101))
    station.made(10_101)

    for _ in range(2):
        station.trains.forget(train)

    assert station.trains.trains(Page()) == [station.trains.train(other.id)]
    assert ids(station.snapshots.of_train(10_001, Page())) == []
    assert station.snapshots.find_numbered(10_001, "1") is None
    assert ids(station.snapshots.of_train(10_101, Page())) == [10_102]
    assert station.planned(a_train("1.0", first_id=10_201)).number == "1.0"


def test_forgotten_variables_are_gone(station: Station) -> None:
    station.variables.save(VariableSet(scope=OF_ALL, values={"a": "1"}), an_entry())
    station.variables.save(VariableSet(scope=OF_TRAIN, values={"b": "2"}), an_entry())

    for _ in range(2):
        station.variables.forget([OF_ALL, OF_ALL])

    assert station.variables.variables(OF_ALL) == VariableSet(scope=OF_ALL)
    assert station.variables.variables(OF_TRAIN).values == {"b": "2"}


def test_variables_of_joint_scopes_are_found_together_and_one_by_one(station: Station) -> None:
    web, prod, int_ = (
        Scope(kind=kind, place=place)
        for kind, place in (
            (ScopeKind.APPLICATION, "web/web"),
            (ScopeKind.ENVIRONMENT, "prod#1"),
            (ScopeKind.ENVIRONMENT, "int"),
        )
    )
    there, other = joint([web, prod]), joint([web, int_])
    assert station.variables.of_joint_scopes() == []

    saved = station.variables.save(VariableSet(scope=there, values={"host": "h"}), an_entry("one"))
    station.variables.save(VariableSet(scope=web, values={"host": "of the web"}), an_entry("two"))
    station.variables.save(VariableSet(scope=other, values={"host": "i"}), an_entry("three"))

    assert station.variables.variables(joint([prod, web])) == saved
    assert [one.values["host"] for one in station.variables.of_scopes([other, web, there])] == ["i", "of the web", "h"]
    assert {one.scope for one in station.variables.of_joint_scopes()} == {there, other}
    with pytest.raises(Stale):
        station.variables.save(VariableSet(scope=there), an_entry("four"))
    station.variables.forget([there])
    assert [one.scope for one in station.variables.of_joint_scopes()] == [other]


def test_what_schedules_make_is_found_by_time(station: Station) -> None:
    def timed(train: Train, at: datetime | None) -> Train:
        return replace(train, gated=GatedTravel(pipeline=1, build_at=at))

    early, late = NOON, NOON + timedelta(minutes=5)
    second = station.planned(timed(a_train("2.0", first_id=10_101), late))
    first = station.planned(timed(a_train(), early))
    station.planned(a_train("3.0", first_id=10_201))

    assert [(one.id, one.at) for one in station.trains.due(late, 9)] == [("10001", early), ("10101", late)]
    assert [one.id for one in station.trains.due(late, 1)] == ["10001", "10101"]
    assert [one.id for one in station.trains.due(early, 9)] == ["10001"]
    station.trains.save(timed(first, None), an_entry("1"))
    station.trains.save(cancelled(second, CANCELLED), an_entry("2"))
    assert list(station.trains.due(late, 9)) == []
    station.trains.save(timed(station.trains.train(10_001), late), an_entry("3"))
    assert [one.id for one in station.trains.due(late, 9)] == ["10001"]
    station.trains.forget(station.trains.train(10_001))
    assert list(station.trains.due(late, 9)) == []
