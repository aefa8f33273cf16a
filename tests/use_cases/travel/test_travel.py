"""Snapshots that travel: their runs begin, are promoted, are begun again, and the train's records follow."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineGate,
)
from chalicelib.kernel.engine.events import Outcome, PromotionMode
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.kernel.plans.plan import Concurrency
from chalicelib.kernel.trains.completion import Completion
from chalicelib.kernel.trains.snapshot import SnapshotStatus
from chalicelib.kernel.trains.template import Template, TemplateVariable
from chalicelib.kernel.trains.train import TrainStatus
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.kernel.trains.variables import Scope, ScopeKind, VariableSet
from chalicelib.use_cases.jobs.hand_out import HandOutJobs, hand_out_jobs
from chalicelib.use_cases.jobs.lease import LeaseJobs
from chalicelib.use_cases.runs.decide import DecideRun, decide_run
from chalicelib.use_cases.runs.redeploy import Redeploy, redeploy
from chalicelib.use_cases.trains.ending import EndTrain, RejectSnapshot, end_train, reject_snapshot
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.trains.templates import UpdateTemplate, update_template
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from chalicelib.use_cases.travel.deploy import DeploySnapshot, deploy_snapshot
from chalicelib.use_cases.variables.train_variables import UpdateVariables, update_variables
from tests.builders import NOON
from tests.fakes.runs import FakeRuns
from tests.fakes.trains import FakeSnapshots
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, an_origin
from tests.use_cases.travel.line import Line, a_stage


def a_lease() -> LeaseJobs:
    return LeaseJobs(pool="default", runner="r1", slots=1, nonce="nonce-of-sixteen-letters")


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_snapshot_without_anything_to_begin_with_waits_for_its_first_deploy(line: Line) -> None:
    assert line.begin().runs == ()
    deployed = line.deploy()

    assert (deployed.stage, deployed.run.plan.definition.name) == ("p1", "release")
    assert line.phases(deployed.run.run.id) == {"Test": Phase.SUCCEEDED}
    assert (line.stage(), line.status()) == ("Test", SnapshotStatus.ACTIVE)
    assert line.snapshot().runs == (deployed.run.run.id,)


def test_gates_open_with_the_snapshot_so_that_they_are_approved_before_the_deploy(line: Line) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    (run,) = line.begin().runs
    assert [one.phase for one in line.runs.run(run).stages] == [Phase.GATES]
    assert line.stage() is None

    line.approve(run)
    line.deploy()

    assert line.phases(run) == {"Test": Phase.SUCCEEDED}
    assert line.stage() == "Test"


def test_where_the_first_stage_is_automatic_the_snapshot_travels_at_once_unless_it_is_held(line: Line) -> None:
    line.lay(a_stage("Test", automatic=True), a_stage("Live"))
    line.begin()
    assert (line.stage(), line.stage(line.begin(holds=True).id)) == ("Test", None)

    assert line.phases(line.deploy(10_003).run.run.id) == {"Test": Phase.SUCCEEDED}


def test_a_repeated_request_finds_its_snapshot_though_that_has_ended_the_train(line: Line) -> None:
    line.lay(a_stage("Live", automatic=True))
    first = line.begin(seed="the same")

    assert line.train().status is TrainStatus.DEPLOYED
    assert line.begin(seed="the same").id == first.id


def test_the_next_stage_is_the_one_after_the_furthest_and_names_count_in_any_case(line: Line) -> None:
    line.begin()
    runs = {line.deploy(stage=stage).run.run.id for stage in ("test", "")}

    assert len(runs) == 1
    assert (line.stage(), line.status(), line.train().status) == (
        "Live",
        SnapshotStatus.DEPLOYED,
        TrainStatus.DEPLOYED,
    )
    with pytest.raises(Conflict, match="has no further stage"):
        line.deploy()
    with pytest.raises(Invalid, match="no stage Moon in pipeline release"):
        line.deploy(stage="Moon")


def test_a_stage_out_of_order_is_refused_and_nothing_moves(line: Line) -> None:
    line.begin()
    with pytest.raises(Conflict, match="has not gone well before"):
        line.deploy(stage="Live")

    assert line.stage() is None


def test_what_was_deployed_is_deployed_again_by_a_run_of_its_own(line: Line) -> None:
    line.begin()
    first = [line.deploy(stage=stage).run.run.id for stage in ("Test", "Live")]
    again = line.deploy(stage="Test")

    assert again.run.run.id not in first
    assert line.phases(again.run.run.id) == {"Test": Phase.SUCCEEDED}
    assert (line.stage(), line.status()) == ("Live", SnapshotStatus.DEPLOYED)
    assert line.snapshot().runs == (first[0], again.run.run.id)


def test_an_older_snapshot_is_deployed_again_though_a_younger_one_passed(line: Line) -> None:
    line.lay(a_stage("Test"), a_stage("Live"), concurrency=Concurrency.SUPERSEDE)
    for _ in range(2):
        line.begin()
    for snapshot in (10_002, 10_003):
        line.deploy(snapshot, "Test")
    line.deploy(10_003, "Live")

    assert line.phases(line.deploy(10_002, "Test").run.run.id) == {"Test": Phase.SUCCEEDED}
    furthest = line.train().furthest
    assert furthest is not None
    assert furthest.id == 10_003


def test_approvals_that_were_given_in_a_stage_stand_for_its_redeploy(line: Line) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    (run,) = line.begin().runs
    line.approve(run)
    line.deploy(stage="Test")
    line.deploy(stage="Live")

    assert line.phases(line.deploy(stage="Test").run.run.id) == {"Test": Phase.SUCCEEDED}


def test_what_failed_is_deployed_again_once_its_stage_before_went_well(line: Line) -> None:
    line.lay(a_stage("Test"), a_stage("Live", job=True))
    line.begin()
    line.deploy(stage="Test")
    failed = line.deploy(stage="Live").run.run.id
    line.finish(line.lease()[0], Outcome.FAILED)
    assert (line.runs.run(failed).phase, line.status()) == (Phase.FAILED, SnapshotStatus.ACTIVE)

    again = line.deploy(stage="Live").run.run.id
    line.finish(line.lease()[0])

    assert again != failed
    assert (line.runs.run(again).phase, line.status()) == (Phase.SUCCEEDED, SnapshotStatus.DEPLOYED)


@pytest.mark.parametrize("is_current", [True, False])
def test_what_this_process_last_saved_of_a_train_is_noted_on_if_it_is_current(line: Line, *, is_current: bool) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    snapshots = line.ports.snapshots
    assert isinstance(snapshots, FakeSnapshots)
    snapshots.remembered[10_001] = Changed(train=line.train(), snapshot=line.snapshot())
    snapshots.remembers = is_current
    line.deploy()

    assert (line.stage(), line.train().version) == ("Test", 3)


def test_the_furthest_stage_moves_when_its_steps_begin(line: Line) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    line.deploy()

    assert line.stage() == "Test"


def test_a_repeated_deploy_is_one_deploy(line: Line) -> None:
    line.begin()
    runs = {line.deploy(stage="Test", seed="the same").run.run.id for _ in range(2)}
    for _ in range(2):
        line.deploy(stage="Test", seed="again the same")

    assert len(runs) == 1
    assert line.snapshot().runs == (*runs, "again the same")


@pytest.mark.parametrize("concurrency", [Concurrency.PARALLEL, Concurrency.QUEUE, Concurrency.SUPERSEDE])
@pytest.mark.parametrize("automatic", [False, True])
def test_a_repeated_deploy_that_names_no_stage_goes_to_none_but_its_own(
    line: Line, concurrency: Concurrency, *, automatic: bool
) -> None:
    line.lay(a_stage("Test", automatic=automatic), a_stage("Stage"), a_stage("Live"), concurrency=concurrency)
    line.begin(holds=True)

    for name in ("Test", "Stage", "Live"):
        first = line.deploy(seed=name)
        assert line.stage() == name
        again = line.deploy(seed=name)
        assert (again.run.run.id, again.stage, line.stage()) == (first.run.run.id, first.stage, name)


def test_a_first_deploy_that_waits_in_a_queue_goes_when_it_is_asked_for_again(line: Line) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"), concurrency=Concurrency.QUEUE)
    line.begin()
    line.begin()
    run = line.deploy().run.run.id
    with pytest.raises(Conflict, match="waiting-lock"):
        line.deploy(10_003)
    line.finish(line.lease()[0])
    decide_run(line.ports, DecideRun(run=run, kind=ActKind.CANCELLED, by=WRITER))
    line.work_off()

    assert line.deploy(10_003).stage == "p1"
    assert len(line.snapshot(10_003).runs) == 1


def test_a_repeated_redeploy_that_names_no_stage_goes_to_none_but_its_own(line: Line) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    (run,) = line.begin().runs
    decide_run(line.ports, DecideRun(run=run, kind=ActKind.ABORTED, by=WRITER, execution=1))
    line.work_off()
    first = line.deploy(seed="once", mode=PromotionMode.FORCED, by=ROOT)
    assert (line.stage(), first.run.run.id != run) == ("Test", True)

    again = line.deploy(seed="once", mode=PromotionMode.FORCED, by=ROOT)

    assert (again.run.run.id, again.stage, line.stage()) == (first.run.run.id, first.stage, "Test")


@pytest.mark.parametrize("act", ["reject", "cancel"])
def test_what_is_rejected_is_stopped_and_deployed_no_more(line: Line, act: str) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    run = line.deploy().run.run.id
    if act == "reject":
        reject_snapshot(line.ports, RejectSnapshot(origin=an_origin(), train=10_001, snapshot=10_002))
    else:
        end_train(line.ports, EndTrain(origin=an_origin(), train=10_001))
    line.work_off()

    assert line.runs.run(run).phase is Phase.CANCELLED
    with pytest.raises(Conflict):
        line.deploy()
    assert line.status() is SnapshotStatus.REJECTED


class Together(FakeRuns):
    """Runs that are read together alone; how many at once."""

    def __init__(self, runs: FakeRuns) -> None:
        super().__init__(runs.jobs)
        self.kept, self.plans = runs.kept, runs.plans
        self.read: list[int] = []

    def find_run(self, run_id: str) -> Run | None:
        raise AssertionError(f"{run_id} was read alone")

    def find_runs(self, run_ids: Collection[str]) -> Sequence[Run]:
        self.read.append(len(run_ids))
        return super().find_runs(run_ids)


def test_the_runs_of_a_cancelled_train_are_read_together(line: Line) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    runs = [run for _ in range(3) for run in line.begin().runs]
    together = Together(line.runs)
    end_train(replace(line.ports, runs=together), EndTrain(origin=an_origin(), train=10_001))
    line.work_off()

    assert together.read == [3]
    assert {line.runs.run(run).phase for run in runs} == {Phase.CANCELLED}


def test_who_may_not_write_deploys_nothing(line: Line) -> None:
    line.begin()
    with pytest.raises(Forbidden):
        deploy_snapshot(line.ports, DeploySnapshot(origin=an_origin(READER), train=10_001, snapshot=10_002))


def test_a_run_that_never_began_is_begun_by_the_next_deploy(line: Line) -> None:
    """As after a process that died between the snapshot and its run."""
    changed = begin_snapshot(line.ports, BeginSnapshot(create=CreateSnapshot(origin=an_origin(), train=10_001)))
    noted = replace(changed, train=line.train(), snapshot=replace(changed.snapshot, runs=("01LOST",)))
    line.ports.snapshots.save(noted, None)

    assert line.deploy().run.run.id == "01LOST"


def test_the_train_is_over_earlier_ones_are_cancelled_and_the_next_is_planned(line: Line) -> None:
    line.plan("1.1")
    line.plan("1.2")
    line.make(10_101)
    line.lay(a_stage("Live"), completion=Completion(cancels_earlier=True, creates_next=True))
    snapshot = line.make(10_201)
    deploy_snapshot(line.ports, DeploySnapshot(origin=an_origin(), train=10_201, snapshot=snapshot.id))
    line.work_off()

    trains = {one.number: one for one in map(line.train, (10_001, 10_101, 10_201, 10_301))}
    assert {number: one.status for number, one in trains.items()} == {
        "1.0": TrainStatus.CANCELLED,
        "1.1": TrainStatus.CANCELLED,
        "1.2": TrainStatus.DEPLOYED,
        "1.3": TrainStatus.ACTIVE,
    }
    assert (trains["1.1"].latest, trains["1.3"].sequence) == (None, 4)
    (entry, _) = (one for one in line.audits.kept.values() if one.act == "cancelled-train")
    assert (entry.by, entry.notes) == ("ada", "train 1.2 of web/web was deployed")


def test_a_pipeline_may_leave_its_train_open(line: Line) -> None:
    line.lay(a_stage("Live"), completion=Completion(deploys_train=False))
    line.begin()
    line.deploy()

    assert (line.status(), line.train().status) == (SnapshotStatus.DEPLOYED, TrainStatus.ACTIVE)


def test_while_a_snapshot_is_in_a_stage_it_is_not_deployed_there_again(line: Line) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    line.deploy()

    with pytest.raises(Conflict, match="is in this stage already"):
        line.deploy(stage="Test")


def test_a_deploy_for_later_is_brought_forward_by_another(line: Line) -> None:
    line.begin()
    at_night = NOON + timedelta(hours=9)
    waiting = [line.deploy(stage="Test", begin_at=at_night, seed="at night") for _ in range(2)]
    assert [line.phases(one.run.run.id) for one in waiting] == [{"Test": Phase.WAITING_TIME}] * 2
    with pytest.raises(Conflict, match="stage Test begins at 2026-06-01T21:00"):
        line.deploy(stage="Test", begin_at=NOON + timedelta(hours=10))
    line.deploy(stage="Test")

    assert line.phases(waiting[0].run.run.id) == {"Test": Phase.SUCCEEDED}


def test_a_redeploy_for_later_is_brought_forward_by_another(line: Line) -> None:
    line.begin()
    line.deploy(stage="Test")
    again = line.deploy(stage="Test", begin_at=NOON + timedelta(hours=9)).run.run.id
    line.deploy(stage="Test", mode=PromotionMode.IF_MET)

    assert (line.phases(again), len(line.runs.kept)) == ({"Test": Phase.SUCCEEDED}, 2)


def test_if_a_gate_is_not_met_a_deploy_is_refused_with_its_name_or_waits_or_overrides_it(line: Line) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    (run,) = line.begin().runs
    with pytest.raises(Conflict, match="gate go is not met"):
        line.deploy(mode=PromotionMode.IF_MET)
    assert line.stage() is None
    with pytest.raises(Forbidden, match="only an owner of web may override go"):
        line.deploy(mode=PromotionMode.FORCED)

    line.deploy(by=ROOT, mode=PromotionMode.FORCED)

    assert line.phases(run) == {"Test": Phase.SUCCEEDED}


def test_what_was_overridden_once_is_asked_for_again(line: Line) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    line.begin()
    line.deploy(by=ROOT, mode=PromotionMode.FORCED)
    again = line.deploy(stage="Test")

    assert line.phases(again.run.run.id) == {"Test": Phase.GATES}
    line.approve(again.run.run.id)
    assert line.phases(again.run.run.id) == {"Test": Phase.SUCCEEDED}


def test_after_a_failure_a_stage_is_entered_out_of_order_by_an_owner_alone_and_the_log_tells(line: Line) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    line.deploy()
    line.finish(line.lease()[0], Outcome.FAILED)
    for mode in (PromotionMode.WHEN_MET, PromotionMode.IF_MET):
        with pytest.raises(Conflict, match="stage Test has not gone well before"):
            line.deploy(stage="Live", mode=mode)
    with pytest.raises(Forbidden):
        line.deploy(stage="Live", mode=PromotionMode.FORCED)
    assert len(line.snapshot().runs) == 1

    line.deploy(stage="Live", by=ROOT, mode=PromotionMode.FORCED)

    assert line.status() is SnapshotStatus.DEPLOYED
    (entry,) = (one for one in line.audits.kept.values() if one.act == "deployed-out-of-order")
    assert (entry.by, entry.notes) == ("root", "Live: stage Test has not gone well before")


def test_a_redeploy_that_a_window_holds_is_refused_and_nothing_is_left(line: Line) -> None:
    window = PipelineGate(name="at night", type=GateType.SCHEDULE, cron="0 0 3 * * ?")
    line.lay(replace(a_stage("Test"), gates=(window,)), a_stage("Live"))
    line.begin()
    line.deploy(stage="Test", by=ROOT, mode=PromotionMode.FORCED)
    with pytest.raises(Conflict, match="gate at night is not met"):
        line.deploy(stage="Test", mode=PromotionMode.IF_MET)

    assert len(line.snapshot().runs) == 1
    waiting = line.deploy(stage="Test")
    assert line.phases(waiting.run.run.id) == {"Test": Phase.GATES}


def test_a_redeploy_of_a_run_is_noted_with_its_snapshot(line: Line) -> None:
    line.begin()
    first = line.deploy(stage="Test").run.run.id
    again = redeploy(line.ports, Redeploy(origin=an_origin(), run=first, stages=("Test",)))

    assert line.snapshot().runs == (first, again.run.id)


def test_a_script_gets_the_variables_that_count_when_it_is_handed_out(line: Line) -> None:
    line.lay(replace(a_stage("Test", job=True), environment="staging"), a_stage("Live"))
    create = CreateSnapshot(origin=an_origin(), train=10_001, variables={"Db Host": "of the snapshot", "size": "1"})
    begin_snapshot(line.ports, BeginSnapshot(create=create))
    of_train = {"Db Host": "of the train", "Region": "eu", "key": {"secret": "s3cret"}}
    update_variables(line.ports, UpdateVariables(origin=an_origin(), train=10_001, variables=of_train))
    deployed = line.deploy(variables={"size": "2"})

    (handed,) = hand_out_jobs(line.ports, HandOutJobs(lease=a_lease()))
    environment = {"Db_Host": "of the snapshot", "size": "2", "Region": "eu", "key": "s3cret"}
    assert handed.ask["environment"] == environment
    assert handed.ask["secrets"] == {"environment.key": "s3cret"}
    assert "s3cret" not in str(deployed.run.plan)


def test_what_a_stage_gives_stands_between_the_train_and_its_application(line: Line) -> None:
    stage = a_stage("Test", job=True)
    given = {"Region": "of the stage", "Db Host": "of the stage"}
    line.lay(replace(stage, steps=(replace(stage.steps[0], variables=given),)), a_stage("Live"))
    of_train = {"db host": "of the train"}
    update_variables(line.ports, UpdateVariables(origin=an_origin(), train=10_001, variables=of_train))
    place = Scope(kind=ScopeKind.APPLICATION, place="web/web")
    entry = AuditEntry(id="given", at=NOON, by="ann", act="changed-variables")
    line.ports.variables.save(VariableSet(scope=place, values={"region": "of the application"}), entry)
    line.begin()
    line.deploy()

    (handed,) = hand_out_jobs(line.ports, HandOutJobs(lease=a_lease()))
    assert handed.ask["environment"] == {"Region": "of the stage", "db_host": "of the train"}


def test_variables_of_a_deployment_are_its_own(line: Line) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    line.deploy(variables={"size": "1"})
    line.finish(line.lease()[0])
    line.deploy(stage="Test")

    (handed,) = hand_out_jobs(line.ports, HandOutJobs(lease=a_lease()))
    assert handed.ask["environment"] == {}


def test_a_template_asks_for_variables_of_deployments_to_its_stages(line: Line) -> None:
    asked = (TemplateVariable(name="Window", required=True, stages=("live",)),)
    template = Template(name="standard", pipeline="release", deployment_variables=asked)
    update_template(line.ports, UpdateTemplate(origin=an_origin(), template=template))
    train = line.plan("2.0", pipeline="", template="standard")
    snapshot = line.make(train.id)
    deploy = DeploySnapshot(origin=an_origin(), train=train.id, snapshot=snapshot.id)
    deploy_snapshot(line.ports, deploy)

    with pytest.raises(Invalid) as refused:
        deploy_snapshot(line.ports, replace(deploy, origin=an_origin()))
    assert [one.path for one in refused.value.defects] == ["variables.Window"]
    deploy_snapshot(line.ports, replace(deploy, origin=an_origin(), variables={"window": "night"}))
    assert line.train(train.id).status is TrainStatus.DEPLOYED
