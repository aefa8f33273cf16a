"""Snapshots on a pipeline of gates: roles, preconditions, changed versions, and who is out of date."""

from dataclasses import replace

import pytest

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.kernel.trains.gated import GatedTravel, Readiness
from chalicelib.kernel.trains.role import PipelineRole
from chalicelib.kernel.trains.train import Train, TrainSettings, TrainStatus
from chalicelib.use_cases.trains.ending import EndTrain, RejectSnapshot, TrainAct, end_train, reject_snapshot
from chalicelib.use_cases.trains.trains import UpdateTrain, update_train
from chalicelib.use_cases.travel.executions import ExecutionQuery, get_execution
from tests.fakes.queue import FakeQueue
from tests.kernel.definitions.gated.given import Json, a_gate, a_stage, a_step
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, an_origin
from tests.use_cases.travel.gated_line import TESTER, GatedLine


@pytest.fixture
def line() -> GatedLine:
    return GatedLine()


def approved_stage(line: GatedLine) -> Json:
    return a_stage(a_step("MANUAL", "look"), gates=(a_gate("APPROVAL", "ok"),), environment=line.dev)


def test_a_snapshot_goes_from_stage_to_stage(line: GatedLine) -> None:
    look = a_step("MANUAL", "look", roleName="testers")
    snapshot = line.travel(a_stage(look, environment=line.dev), a_stage(look, environment=line.prod))
    assert line.nodes(snapshot) == {"look": Phase.WAITING_PERSON}
    with pytest.raises(Forbidden):
        line.decide(snapshot, "look", by=READER)
    line.decide(snapshot, "look", by=TESTER)
    line.decide(snapshot, "look", by=TESTER)
    assert line.run_of(snapshot).phase is Phase.SUCCEEDED
    execution = get_execution(line.ports, ExecutionQuery(by=WRITER, train=snapshot.train, snapshot=snapshot.id))
    assert [one.environment.id for one in execution.stages if one.environment] == [line.dev, line.prod]


def test_roles_of_the_train_stand_before_those_of_the_pipeline(line: GatedLine) -> None:
    roles = (PipelineRole(name="testers", users=("ada",)),)
    snapshot = line.travel(a_stage(a_step("MANUAL", "look", roleName="testers"), environment=line.dev), roles=roles)
    with pytest.raises(Forbidden):
        line.decide(snapshot, "look", by=TESTER)
    line.decide(snapshot, "look", by=WRITER)
    assert line.run_of(snapshot).phase is Phase.SUCCEEDED


@pytest.mark.parametrize(
    ("condition", "phase"),
    [
        ("EnvironmentCode == 'DEV' and ReleaseName == 'spring'", Phase.WAITING_PERSON),
        ("SnapshotId in [1, 2]", Phase.SKIPPED),
        ("StageExecId > 10000 and SnapshotName != ''", Phase.WAITING_PERSON),
        ("Speed == 'slow'", Phase.SKIPPED),
        ("Speed == 'fast'", Phase.WAITING_PERSON),
        ("Unknown == 1", Phase.BROKEN),
        ("SnapshotId > 'x'", Phase.BROKEN),
    ],
)
def test_preconditions_know_the_snapshot_and_an_error_is_never_true(
    line: GatedLine, condition: str, phase: Phase
) -> None:
    step = a_step("MANUAL", "look", precondition=condition)
    snapshot = line.travel(a_stage(step, environment=line.dev), properties={"Speed": "fast"})
    assert line.nodes(snapshot) == {"look": phase}


def test_an_older_snapshot_is_out_of_date_once_a_younger_one_has_gone_further(line: GatedLine) -> None:
    train = line.plan(
        line.lay(a_stage(a_step("MANUAL", "look"), gates=(a_gate("APPROVAL", "ok"),), environment=line.dev))
    )
    older, younger = line.begin(train), line.begin(train)
    line.decide(younger, "ok")
    assert line.run_of(older).phase is Phase.SUPERSEDED
    assert line.nodes(younger)["look"] is Phase.WAITING_PERSON
    assert "gates" in line.run_of(older).reason or "Development" in line.run_of(older).reason


def test_approving_the_older_one_first_leaves_the_younger_where_it_is(line: GatedLine) -> None:
    train = line.plan(
        line.lay(a_stage(a_step("MANUAL", "look"), gates=(a_gate("APPROVAL", "ok"),), environment=line.dev))
    )
    older, younger = line.begin(train), line.begin(train)
    line.decide(older, "ok")
    assert line.nodes(younger) == {"ok": Phase.WAITING_PERSON}
    line.decide(younger, "ok")
    # Only one of them runs steps in a stage at a time.
    assert line.stage(younger).phase is Phase.WAITING_LOCK
    line.decide(older, "look")
    line.pass_time(60)
    assert line.nodes(younger)["look"] is Phase.WAITING_PERSON


def test_a_newly_active_version_counts_for_what_has_not_begun(line: GatedLine) -> None:
    before = (a_step("MANUAL", "first"), a_step("MANUAL", "second"))
    pipeline = line.lay(a_stage(*before, environment=line.dev))
    snapshot = line.begin(line.plan(pipeline))
    line.change(pipeline, a_stage(before[0], a_step("MANUAL", "third"), environment=line.dev))
    line.decide(snapshot, "first")
    assert line.nodes(snapshot) == {"first": Phase.SUCCEEDED, "third": Phase.WAITING_PERSON}


def test_a_step_that_vanished_fails_its_stage_which_can_be_replayed(line: GatedLine) -> None:
    pipeline = line.lay(a_stage(a_step("MANUAL", "first"), environment=line.dev))
    snapshot = line.begin(line.plan(pipeline))
    line.change(pipeline, a_stage(a_step("MANUAL", "other"), environment=line.dev))
    assert line.stage(snapshot).phase is Phase.FAILED
    assert line.stage(snapshot).reason == "first is no longer in the pipeline"
    line.replay(snapshot)
    assert line.nodes(snapshot) == {"other": Phase.WAITING_PERSON}
    assert [one.attempt for one in line.run_of(snapshot).stages] == [1, 2]


def test_a_rejected_snapshot_is_not_replayed(line: GatedLine) -> None:
    snapshot = line.begin(line.plan(line.lay(approved_stage(line))))
    reject_snapshot(line.ports, RejectSnapshot(origin=an_origin(WRITER), train=snapshot.train, snapshot=snapshot.id))
    line.work_off()
    with pytest.raises(Conflict, match="is rejected"):
        line.replay(snapshot)
    assert line.run_of(snapshot).phase is Phase.CANCELLED


def test_a_replay_goes_by_the_version_that_is_active_then(line: GatedLine) -> None:
    pipeline = line.lay(a_stage(a_step("MANUAL", "first"), environment=line.dev))
    snapshot = line.begin(line.plan(pipeline))
    line.decide(snapshot, "first", ActKind.REJECTED)
    line.change(pipeline, a_stage(a_step("MANUAL", "other"), environment=line.dev))
    line.replay(snapshot)
    assert line.nodes(snapshot) == {"other": Phase.WAITING_PERSON}


def test_a_train_whose_pipeline_is_not_active_begins_nothing(line: GatedLine) -> None:
    train = line.plan(line.lay(a_stage(environment=line.dev)))
    line.activate(train.gated.pipeline if train.gated else 0, 1)
    other = replace(train.gated or GatedTravel(pipeline=0), pipeline=99)
    update = UpdateTrain(origin=an_origin(WRITER), train=train.id, settings=TrainSettings(gated=other))
    with pytest.raises(Invalid) as refused:
        update_train(line.ports, update)
    assert [defect.path for defect in refused.value.defects] == ["pipelineId"]


def test_a_train_that_is_not_started_takes_no_snapshot(line: GatedLine) -> None:
    train = line.plan(line.lay(a_stage(environment=line.dev)), readiness=Readiness.NOT_STARTED)
    with pytest.raises(Conflict, match="is not-started: it takes no snapshot"):
        line.begin(train)


def test_a_bad_schedule_is_refused_with_its_place(line: GatedLine) -> None:
    with pytest.raises(Invalid) as refused:
        line.plan(line.lay(a_stage(environment=line.dev)), schedule="0 0 12 * * *;0 0 0 1 1 ? 1999", timezone="Mars")
    assert {defect.path.split(".")[0] for defect in refused.value.defects} == {"scheduleBuildExpression", "timezone"}


def test_an_administrator_may_decide_everything(line: GatedLine) -> None:
    gates = (a_gate("SCHEDULED", "noon", cronExpression="0 0 12 1 1 ? 2090"), a_gate("EXT_APPROVAL", "change"))
    snapshot = line.travel(a_stage(a_step("WAIT", "pause", waitDuration=3600), gates=gates, environment=line.dev))
    for name in ("noon", "change", "pause"):
        with pytest.raises(Forbidden):
            line.decide(snapshot, name, ActKind.OVERRODE, by=WRITER)
        line.decide(snapshot, name, ActKind.OVERRODE, by=ROOT)
    assert set(line.nodes(snapshot).values()) == {Phase.OVERRIDDEN}


def put(line: GatedLine, train: Train, readiness: Readiness) -> None:
    gated = replace(train.gated or GatedTravel(pipeline=0), readiness=readiness)
    update_train(line.ports, UpdateTrain(origin=an_origin(WRITER), train=train.id, settings=TrainSettings(gated=gated)))
    line.work_off()


def test_a_suspended_train_stands_still_and_goes_on_when_it_is_started(line: GatedLine) -> None:
    train = line.plan(line.lay(approved_stage(line)))
    snapshot = line.begin(train)
    put(line, train, Readiness.SUSPENDED)
    line.decide(snapshot, "ok")
    assert line.nodes(snapshot) == {"ok": Phase.WAITING_PERSON}
    with pytest.raises(Conflict, match="is suspended: it takes no snapshot"):
        line.begin(train)
    put(line, train, Readiness.STARTED)
    assert line.nodes(snapshot) == {"ok": Phase.SUCCEEDED, "look": Phase.WAITING_PERSON}


class DiedError(Exception):
    """The process has died."""


class QueueOfOneWhoDies(FakeQueue):
    """Takes no events."""

    def enqueue_events(self, *_args: object, **_kwargs: object) -> None:
        raise DiedError


@pytest.mark.parametrize("readiness", [Readiness.SUSPENDED, Readiness.STARTED])
def test_whoever_dies_once_a_train_is_suspended_or_started_leaves_the_rest_to_a_look(
    line: GatedLine, readiness: Readiness
) -> None:
    other = Readiness.STARTED if readiness is Readiness.SUSPENDED else Readiness.SUSPENDED
    train = line.plan(line.lay(approved_stage(line)))
    snapshot = line.begin(train)
    put(line, train, other)
    gated = replace(train.gated or GatedTravel(pipeline=0), readiness=readiness)
    update = UpdateTrain(origin=an_origin(WRITER, "dies"), train=train.id, settings=TrainSettings(gated=gated))
    queue = QueueOfOneWhoDies(line.world)
    queue.sent = line.queue.sent
    with pytest.raises(DiedError):
        update_train(replace(line.ports, queue=queue), update)

    line.pass_time(30)

    assert line.run_of(snapshot).is_paused == (readiness is Readiness.SUSPENDED)


def test_completing_a_train_aborts_what_travels(line: GatedLine) -> None:
    train = line.plan(line.lay(approved_stage(line)))
    snapshot = line.begin(train)
    complete = EndTrain(origin=an_origin(WRITER, "once"), train=train.id, act=TrainAct.COMPLETE)
    assert end_train(line.ports, complete).status is TrainStatus.DEPLOYED
    line.work_off()
    assert line.run_of(snapshot).phase is Phase.CANCELLED
    assert end_train(line.ports, complete).status is TrainStatus.DEPLOYED
    with pytest.raises(Conflict):
        line.begin(train)
