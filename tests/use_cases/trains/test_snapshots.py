"""Making snapshots, finding them, and rejecting them."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Invalid, NotFound, Stale
from chalicelib.kernel.trains.snapshot import Arrived, Snapshot, SnapshotStatus, rejection_of, status_of
from chalicelib.kernel.trains.template import Template, TemplateVariable
from chalicelib.kernel.trains.transitions import Changed, entered
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.trains.ending import (
    EndTrain,
    RejectSnapshot,
    end_train,
    reject_snapshot,
)
from chalicelib.use_cases.trains.lists import SnapshotsQuery, list_snapshots
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, SnapshotNamed, create_snapshot, get_snapshot
from chalicelib.use_cases.trains.stored_variables import stored
from chalicelib.use_cases.trains.templates import UpdateTemplate, update_template
from chalicelib.use_cases.variables.effective import variables_of
from tests.builders import NOON
from tests.fakes.trains import FakeSnapshots, FakeTrains
from tests.kernel.trains.given import LIVE, TEST
from tests.use_cases.catalog_ports import WRITER, an_origin
from tests.use_cases.trains.station import Station, restoring


@pytest.fixture
def station() -> Station:
    station = Station()
    station.plan()
    return station


def listed(station: Station, **by: Any) -> list[int]:  # noqa: ANN401 - fields of a query
    query = SnapshotsQuery(by=WRITER, train=10_001, **by)
    return [one.id for one in list_snapshots(station.ports, query).snapshots]


def reject(station: Station, snapshot: int, reason: str = "it leaks") -> Changed:
    command = RejectSnapshot(origin=an_origin(), train=10_001, snapshot=snapshot, reason=reason)
    return reject_snapshot(station.ports, command)


def test_numbers_follow_one_another_and_given_ones_are_kept(station: Station) -> None:
    made = [station.make(number=number) for number in ("", "56.develop", "3", "")]

    assert [one.number for one in made] == ["1", "56.develop", "3", "4"]
    assert [one.id for one in made] == [10_002, 10_003, 10_004, 10_005]
    with pytest.raises(Conflict, match=r"has a snapshot 56\.DEVELOP already"):
        station.make(number="56.DEVELOP")
    assert station.make().number == "5"


def test_counting_goes_on_after_the_highest_number_that_is_counted_on_from(station: Station) -> None:
    made = [station.make(number=number).number for number in ("9999999999", "999999999", "", "")]

    assert made[2:] == ["1000000000", "1000000001"]


def test_a_repeated_request_makes_one_snapshot(station: Station) -> None:
    first = station.make(seed="the same")
    station.make()

    assert station.make(seed="the same") == first
    assert listed(station) == [10_003, 10_002]


@dataclass
class SlowSnapshots(FakeSnapshots):
    """Somebody else is always faster, three times."""

    rivals: int = 3

    def create(self, changed: Changed, variables: VariableSet | None, entry: AuditEntry) -> Snapshot:
        if self.rivals:
            self.rivals -= 1
            raise Stale("train has changed")
        return super().create(changed, variables, entry)


def test_a_rival_costs_no_number(station: Station) -> None:
    assert isinstance(station.ports.trains, FakeTrains)
    station.ports = replace(station.ports, snapshots=SlowSnapshots(station.ports.trains))

    assert [station.make().number for _ in range(2)] == ["1", "2"]


def test_the_hundredth_snapshot_takes_another_block_of_ids(station: Station) -> None:
    station.plan("2.0")
    made = [station.make().id for _ in range(101)]

    assert made[98:] == [10_100, 10_201, 10_202]
    owner = station.ports.numbers.find_owner(made[-1])
    assert owner is not None
    assert (owner.kind, owner.id) == ("train", "10001")
    assert made == sorted(made)


def test_what_is_wrong_with_a_snapshot_is_told_at_once(station: Station) -> None:
    command = CreateSnapshot(
        origin=an_origin(), train=10_001, number="a\n", title="b\n", description="x" * 10_001, variables={"a": 1}
    )
    with pytest.raises(Invalid) as refused:
        create_snapshot(station.ports, command)

    assert [one.path for one in refused.value.defects] == ["number", "title", "description", "variables.a"]
    with pytest.raises(NotFound):
        station.make(10_101)
    assert listed(station) == []


def test_a_cancelled_train_takes_no_snapshot_and_a_restored_one_does(station: Station) -> None:
    first = station.make()
    end_train(station.ports, EndTrain(origin=an_origin(), train=10_001, reason="too late"))

    with pytest.raises(Conflict, match="is cancelled: it takes no snapshot"):
        station.make()
    assert station.train().latest is None
    end_train(station.ports, restoring())
    assert status_of(station.train(), first) is SnapshotStatus.REJECTED
    assert station.make().number == "2"


def test_snapshots_are_found_by_every_filter_newest_first(station: Station) -> None:
    first, second, third = (station.make(number=number) for number in ("", "RC", ""))
    for one, place in ((first, LIVE), (second, TEST)):
        station.ports.snapshots.save(entered(station.train(), one, place), None)
    reject(station, third.id)

    assert listed(station) == [third.id, second.id, first.id]
    assert listed(station, id=second.id) == listed(station, number="rc") == listed(station, stage="TEST") == [second.id]
    assert listed(station, status=SnapshotStatus.ACTIVE) == [second.id, first.id]
    assert listed(station, status=SnapshotStatus.REJECTED, stage="live") == []
    assert listed(station, id=second.id, number="1") == listed(station, id=10_001) == []
    assert listed(station, size=1) == [third.id]
    assert listed(station, after=str(third.id), size=1) == [second.id]
    with pytest.raises(NotFound):
        list_snapshots(station.ports, SnapshotsQuery(by=WRITER, train=10_101))


def test_rejecting_says_who_and_why_and_again_changes_nothing(station: Station) -> None:
    first, second = station.make(), station.make()
    changed = reject(station, second.id)

    rejection = rejection_of(changed.train, changed.snapshot)
    assert rejection is not None
    assert (rejection.by, rejection.reason) == ("ada", "it leaks")
    latest = station.train().latest
    assert latest is not None
    assert latest.id == first.id
    assert reject(station, second.id, "again") == changed
    found = get_snapshot(station.ports, SnapshotNamed(by=WRITER, train=10_001, snapshot=second.id))
    assert found == changed


def test_what_is_deployed_is_not_rejected(station: Station) -> None:
    snapshot = station.make()
    deployed = replace(snapshot, ending=Arrived(at=NOON))
    station.ports.snapshots.save(Changed(train=station.train(), snapshot=deployed), None)

    with pytest.raises(Conflict, match="is deployed and cannot be rejected"):
        reject(station, snapshot.id)
    with pytest.raises(Invalid):
        reject(station, snapshot.id, "x" * 1001)


def test_a_template_asks_for_variables_of_snapshots(station: Station) -> None:
    asked = (TemplateVariable(name="Host", required=True),)
    template = Template(name="standard", pipeline="release", snapshot_variables=asked)
    update_template(station.ports, UpdateTemplate(origin=an_origin(), template=template))
    train = station.plan("2.0", pipeline="", template="standard", variables={"Host": "of the train", "a": "1"})

    with pytest.raises(Invalid) as refused:
        station.make(train.id)
    assert [one.path for one in refused.value.defects] == ["variables.Host"]
    snapshot = station.make(train.id, host="of the snapshot")
    assert variables_of(station.ports, train, snapshot).values == {"Host": "of the snapshot", "a": "1"}


def test_where_no_secrets_are_kept_none_is_dropped(station: Station) -> None:
    create = CreateSnapshot(origin=an_origin(), train=10_001, variables={"key": {"secret": "s3cret"}})

    with pytest.raises(TypeError, match="no secrets are stored"):
        create_snapshot(station.ports, create)

    assert listed(station) == []
    made = create_snapshot(station.ports, replace(create, keeps=stored)).snapshot
    assert [*variables_of(station.ports, station.train(), made).secrets] == ["key"]
