"""Snapshots that belong to no planned delivery."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.pipeline import PipelineSettings
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.trains.snapshot import SnapshotStatus, status_of
from chalicelib.kernel.trains.train import Member, TrainSettings, TrainStatus
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.definitions.pipelines import SavePipeline, create_pipeline
from chalicelib.use_cases.train_addresses.unplanned import ensure_unplanned, find_unplanned
from chalicelib.use_cases.trains.ending import EndTrain, RejectSnapshot, end_train, reject_snapshot
from chalicelib.use_cases.trains.lists import SnapshotsQuery, TrainsQuery, list_snapshots, list_trains
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, create_snapshot
from chalicelib.use_cases.trains.trains import UpdateTrain, update_train
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from chalicelib.use_cases.travel.begin_unplanned import BeginUnplanned, begin_unplanned
from chalicelib.use_cases.travel.deploy import DeploySnapshot, deploy_snapshot
from tests.fakes.trains import FakeTrains
from tests.use_cases.catalog_ports import READER, WHOLE, WRITER, an_origin
from tests.use_cases.trains.station import WEB, Station, two_stages

STRANGER = Principal(name="eve", roles=frozenset(), scopes=WHOLE)


@pytest.fixture
def station() -> Station:
    station = Station()
    settings: PipelineSettings = two_stages()
    short = replace(settings, phases=settings.phases[:1])
    create_pipeline(station.ports, SavePipeline(origin=an_origin(), project="web", name="hotfix", settings=short))
    return station


def make(
    station: Station, pipeline: str = "release", *, number: str = "", seed: str = "", by: Principal = WRITER
) -> Changed:
    command = BeginUnplanned(origin=an_origin(by, seed), home=WEB, pipeline=pipeline, number=number)
    return begin_unplanned(station.ports, command)


def test_numbers_are_counted_in_the_application_whatever_the_pipeline(station: Station) -> None:
    made = [make(station, pipeline) for pipeline in ("release", "hotfix", "release")]
    planned = station.plan()

    assert [one.snapshot.number for one in made] == ["1", "2", "3"]
    assert [one.snapshot.pipeline for one in made] == ["release", "hotfix", "release"]
    assert {one.train.id for one in made} == {10_001}
    assert station.make(planned.id).number == "1"
    assert planned.sequence == 1
    with pytest.raises(Conflict, match="application web/web has a snapshot 2 already"):
        make(station, number="2")


def test_a_repeated_request_makes_one(station: Station) -> None:
    first = make(station, seed="the same")

    assert make(station, seed="the same").snapshot == first.snapshot
    assert make(station).snapshot.number == "2"


def test_what_is_wrong_is_told_at_once_and_leaves_nothing(station: Station) -> None:
    command = BeginUnplanned(origin=an_origin(), home=WEB, pipeline="none", number="a\n", variables={"-": "1"})
    with pytest.raises(Invalid) as refused:
        begin_unplanned(station.ports, command)

    assert [one.path for one in refused.value.defects] == ["pipeline", "number", "variables.-"]
    assert find_unplanned(station.ports, "web", "web") is None


@pytest.mark.parametrize(("by", "fault"), [(READER, Forbidden), (STRANGER, NotFound)])
def test_who_may_not_write_in_the_project_makes_none(station: Station, by: Principal, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        make(station, by=by)
    assert find_unplanned(station.ports, "web", "web") is None


def test_of_two_first_ones_at_once_both_are_of_one_train(station: Station) -> None:
    rival = ensure_unplanned(station.ports, an_origin(), WEB)
    trains = station.ports.trains
    assert isinstance(trains, FakeTrains)
    looked: list[str] = []

    class Late(FakeTrains):
        """The first look comes before the rival was there."""

        def find_numbered(self, project: str, application: str, number: str) -> object:  # type: ignore[override]
            looked.append(number)
            return None if len(looked) == 1 else trains.find_numbered(project, application, number)

    late = replace(station.ports, trains=Late(trains.audits, trains.scopes, trains.kept, trains.snapshots))

    assert ensure_unplanned(late, an_origin(), WEB) == rival
    other = Member(project="web", application="shop")
    assert ensure_unplanned(station.ports, an_origin(), other).id != rival.id


def test_they_travel_their_pipelines_and_arriving_ends_the_snapshot_alone(station: Station) -> None:
    made = make(station, "hotfix")
    station.plan()
    deploy = DeploySnapshot(origin=an_origin(), train=made.train.id, snapshot=made.snapshot.id)
    deployed = deploy_snapshot(station.ports, deploy)
    station.work_off()

    train = station.train(made.train.id)
    snapshot = station.ports.snapshots.snapshot(train.id, made.snapshot.id)
    assert deployed.run.plan.definition.name == "hotfix"
    assert status_of(train, snapshot) is SnapshotStatus.DEPLOYED
    assert [one.status for one in station.ports.trains.kept.values()] == [TrainStatus.ACTIVE] * 2  # type: ignore[attr-defined]


def test_their_train_is_in_no_list_of_deliveries_and_is_changed_by_nobody(station: Station) -> None:
    made = make(station)
    planned = station.plan()

    assert [one.id for one in list_trains(station.ports, TrainsQuery(by=WRITER))] == [planned.id]
    assert [one.id for one in list_trains(station.ports, TrainsQuery(by=WRITER, planned=False))] == [made.train.id]
    with pytest.raises(Conflict):
        end_train(station.ports, EndTrain(origin=an_origin(), train=made.train.id))
    settings = TrainSettings(title="autumn", pipeline="hotfix")
    with pytest.raises(Conflict):
        update_train(station.ports, UpdateTrain(origin=an_origin(), train=made.train.id, settings=settings))


def test_they_are_found_by_their_pipelines_and_rejected_one_by_one(station: Station) -> None:
    first, second = make(station), make(station, "hotfix")
    reject_snapshot(station.ports, RejectSnapshot(origin=an_origin(), train=first.train.id, snapshot=first.snapshot.id))

    query = SnapshotsQuery(by=WRITER, train=first.train.id, pipeline="HOTFIX")
    assert list_snapshots(station.ports, query).snapshots == [second.snapshot]
    train = station.train(first.train.id)
    left = [status_of(train, one.snapshot) for one in (second,)]
    assert left == [SnapshotStatus.ACTIVE]
    assert train.latest is not None
    assert train.latest.id == second.snapshot.id


def test_one_without_a_pipeline_is_refused(station: Station) -> None:
    made = make(station)
    create = CreateSnapshot(origin=an_origin(), train=made.train.id)

    with pytest.raises(Invalid, match="pipeline"):
        begin_snapshot(station.ports, BeginSnapshot(create=create))
    with pytest.raises(Invalid, match="pipeline"):
        create_snapshot(station.ports, create)
