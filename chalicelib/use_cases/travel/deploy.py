"""Deploy a snapshot to a stage: promote its run there; or, where none can enter it any more, deploy it there again."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.confirmation import may_override
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.travel import has_begun, is_in, is_scheduled_in, phase_name, succeeded_in, way_to
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, Worded
from chalicelib.kernel.plans.plan import Concurrency, Plan
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.snapshot import pipeline_name
from chalicelib.kernel.trains.transitions import Changed, refuse_deployment, snapshot_titled
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.launch.in_turn import in_turn
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.trains import Begun
from chalicelib.use_cases.record_secrets import delete_secrets
from chalicelib.use_cases.runs.advance import StoreRun, start_run
from chalicelib.use_cases.runs.decide import DecideRun, allowed_act, decide_run
from chalicelib.use_cases.runs.read import RunView, run_view
from chalicelib.use_cases.runs.redeploy import Redeploy, redeploy
from chalicelib.use_cases.trains.begun_runs import Basis, in_stage_already, store_begun
from chalicelib.use_cases.trains.find import require_train, snapshot_of, train_for
from chalicelib.use_cases.trains.gated_pipelines import TravelledPipeline
from chalicelib.use_cases.trains.pipelines import pipeline_of
from chalicelib.use_cases.trains.snapshots import snapshot_subject
from chalicelib.use_cases.travel.begin import plan_travel, travel_of
from chalicelib.use_cases.travel.variables import (
    DeploymentVariables,
    complete_variables,
    entry_of_variables,
    keep_variables,
    new_variables,
)
from slipway_formats.frozen import frozen


@frozen
class DeploySnapshot:
    """Deploy a snapshot. stage: its name, in any case; empty for the one after the furthest. begin_at: not before.

    mode: what becomes of it while a gate of the stage is not met, or the stage before has not gone well. variables: of
    this deployment alone; they stand before all others. request: found anew for each, as of its act.
    """

    origin: Origin
    train: int
    snapshot: int
    stage: str = ""
    begin_at: datetime | None = None
    mode: PromotionMode = PromotionMode.WHEN_MET
    variables: Mapping[str, object] = field(default_factory=dict)
    request: str = ""


@frozen
class Deployed:
    """A deployment that is under way or waits. stage: the key of its stage in the run's plan."""

    of: Changed
    run: RunView
    stage: str


@frozen
class _Target:
    """The stage to deploy to, and the one before it; empty before the first."""

    stage: str
    earlier: str


def deploy_snapshot(ports: Ports, command: DeploySnapshot) -> Deployed:
    """Deploy a snapshot to a stage and return the run that does it.

    Refused, it leaves nothing behind, but for a run that waits in the queue of its pipeline: asked again, that goes.
    Faults: Invalid for an unknown stage, NotFound, Forbidden, Stale; Conflict for what may not be deployed there now.
    """
    deployed = deploy_current(ports, command, _current(ports, command))
    return replace(deployed, of=_current(ports, command))


def deploy_current(ports: Ports, command: DeploySnapshot, of: Changed) -> Deployed:
    """Deploy a snapshot that was just read; it is returned as it was then. Faults: as of deploy_snapshot."""
    of, own = _deployable(command, of), run_id_for(ports, command.origin)
    before = [run_view(ports, run) for run in ports.runs.find_runs(of.snapshot.runs)]
    if (done := _done_before(of, before, own)) is not None:
        return done
    pipeline = pipeline_of(ports, of.train, pipeline_name(of.train, of.snapshot), of.snapshot)
    known = next((seen for seen in before if seen.run.id == own), None)
    # Where this same request began a run before, it was for the first stage of that, however far it is by now.
    named = command.stage or (known.plan.stages[0].name if known is not None else "")
    target = _target(pipeline.definition, _place(pipeline.definition, of, named))
    given = complete_variables(ports, of.train, command.variables, target.stage)
    command = replace(command, variables=given, request=own)
    if known is None and (seen := _open_run(of, before, target.stage)) is not None:
        return _promoted(ports, command, of, seen=seen, stage=target.stage, is_new=False)
    run = known or _again(ports, command, of, before=before, target=target)
    run = run or in_turn(
        ports, pipeline.definition, lambda: _first(ports, command, of, pipeline=pipeline, stage=target.stage)
    )
    return _promoted(ports, command, of, seen=run, stage=target.stage)


def _current(ports: Ports, command: DeploySnapshot) -> Changed:
    train = train_for(ports, command.origin.by, command.train, Level.WRITE)
    return _deployable(command, Changed(train=train, snapshot=snapshot_of(ports, train, command.snapshot)))


def _deployable(command: DeploySnapshot, of: Changed) -> Changed:
    require_train(command.origin.by, of.train, Level.WRITE)
    refuse_deployment(of.train, of.snapshot)
    return of


def _done_before(of: Changed, before: Sequence[RunView], request: str) -> Deployed | None:
    """Return what this same request has deployed before; however far that is now, it is not deployed again."""
    promoted = ((seen, act) for seen in before for act in seen.run.acts if act.request == request)
    return next((Deployed(of=of, run=seen, stage=act.node) for seen, act in promoted), None)


def _place(pipeline: PipelineDefinition, of: Changed, stage: str) -> int:
    """Return the number of a stage, from 0: the one of this name, or the next. Faults: Invalid, Conflict."""
    names = [folded(phase_name(phase, number)) for number, phase in enumerate(pipeline.phases)]
    if stage:
        if folded(stage) not in names:
            raise Invalid.single("stage", f"no stage {stage[:64]} in pipeline {pipeline_name(of.train, of.snapshot)}")
        return names.index(folded(stage))
    furthest = of.snapshot.furthest
    following = 0 if furthest is None else furthest.number + 1
    if following >= len(names):
        raise Conflict(Worded("{} has no further stage", snapshot_titled(of.train, of.snapshot)))
    return following


def _target(pipeline: PipelineDefinition, place: int) -> _Target:
    names = [phase_name(phase, number) for number, phase in enumerate(pipeline.phases)]
    return _Target(stage=names[place], earlier=names[place - 1] if place else "")


def _open_run(of: Changed, before: Sequence[RunView], stage: str) -> RunView | None:
    """Return the latest run that can still enter a stage, or waits for the time to, if there is one.

    Faults: Conflict if one is in it now.
    """
    for seen in reversed(before):
        if is_scheduled_in(seen.plan, seen.run, stage):
            return seen
        if is_in(seen.plan, seen.run, stage):
            raise in_stage_already(of)
        key = way_to(seen.plan, stage)
        if key is not None and not seen.run.is_final and seen.run.ending is None and _is_open(seen.run, key):
            return seen
    return None


def _first(ports: Ports, command: DeploySnapshot, of: Changed, *, pipeline: TravelledPipeline, stage: str) -> RunView:
    """Begin the snapshot's travel: under the id that was noted for it, if a process died before it began.

    Faults: Conflict, Forbidden if it may not go to the stage; then nothing begins.
    """
    begun = {run.id for run in ports.runs.find_runs(of.snapshot.runs)}
    lost = [run for run in of.snapshot.runs if run not in begun]
    run = lost[-1] if lost else run_id_for(ports, command.origin)
    plan = plan_travel(ports, command.origin, pipeline, travel_of(ports, of, run=run))
    alone = replace(plan, concurrency=Concurrency.PARALLEL)  # as it is once its turn in a queue has come
    opened, key = settle(alone, new_run(alone), ports.clock.now()), way_to(plan, stage) or ""
    if not _is_open(opened, key):
        return run_view(ports, start_run(ports, plan, origin=command.origin, store=_storing(ports, command, of)))
    promotion = allowed_act(ports, RunView(run=opened, plan=alone), _promotion(command, run, key))
    # In a queue it is given in its turn.
    given = () if plan.concurrency is Concurrency.QUEUE else (promotion,)
    store = _storing(ports, command, of, stage=key)
    return run_view(ports, start_run(ports, plan, happened=given, origin=command.origin, store=store))


def _again(
    ports: Ports, command: DeploySnapshot, of: Changed, *, before: Sequence[RunView], target: _Target
) -> RunView | None:
    """Deploy to a stage that no run can enter any more; None where none ever could. Faults: Conflict, Forbidden."""
    ways = [(seen, key) for seen in before if (key := way_to(seen.plan, target.stage)) is not None]
    if not ways:
        return None
    last, key = ways[-1]
    disorder = _disorder(before, target)
    _check_order(command, last, disorder)
    forced = f"{target.stage}: {disorder}" if disorder else ""
    return redeploy(
        ports,
        Redeploy(origin=command.origin, run=last.run.id, stages=(key,), begin_at=command.begin_at, mode=command.mode),
        store=_storing(ports, command, of, stage=key, disorder=forced),
    )


def _disorder(before: Sequence[RunView], target: _Target) -> str | None:
    """Which stage has not gone well before, where the snapshot was never in this one."""
    is_known = any(has_begun(seen.plan, seen.run, target.stage) for seen in before)
    if not target.earlier or is_known or any(succeeded_in(seen.plan, seen.run, target.earlier) for seen in before):
        return None
    return f"stage {target.earlier} has not gone well before"


def _check_order(command: DeploySnapshot, seen: RunView, disorder: str | None) -> None:
    by = command.origin.by
    if disorder is None or not seen.plan.ordered:
        return
    if command.mode is not PromotionMode.FORCED:
        raise Conflict(disorder)
    if not may_override(by, seen.plan, None):
        raise Forbidden(f"{by.name} may not deploy out of the stages' order: {disorder}")


def _storing(ports: Ports, command: DeploySnapshot, of: Changed, *, stage: str = "", disorder: str = "") -> StoreRun:
    """Return how a run of the snapshot is stored, with the variables of its deployment to a stage. stage: its key.

    disorder: what was forced, for the audit log.
    """
    basis = Basis(of=of, again=lambda: _current(ports, command), since=command.origin.at)

    def store(run: Run, plan: Plan, entry: AuditEntry) -> bool:
        given = _given(command, plan, run.id, stage)
        variables = new_variables(ports, given) if stage and command.variables else None
        entries = (
            entry,
            *((entry_of_variables(given),) if variables is not None else ()),
            *((_entry(command, of, run.id, disorder),) if disorder else ()),
        )
        try:
            return store_begun(ports, basis, Begun(run=run, plan=plan, variables=variables), entries)
        except Conflict:
            delete_secrets(ports, variables.secrets.values() if variables is not None else ())
            raise

    return store


def _entry(command: DeploySnapshot, of: Changed, run: str, disorder: str) -> AuditEntry:
    """What the audit log says of a deployment out of order; what else was forced, the run's own acts say."""
    subject = snapshot_subject(of.train, of.snapshot)
    action = AuditAction(
        act="deployed-out-of-order", subject=subject, key=run, project=of.train.project, notes=disorder
    )
    return entry_of(command.origin, action)


def _given(command: DeploySnapshot, plan: Plan, run: str, stage: str) -> DeploymentVariables:
    project = plan.definition.project
    return DeploymentVariables(origin=command.origin, project=project, run=run, stage=stage, given=command.variables)


def _promoted(
    ports: Ports, command: DeploySnapshot, of: Changed, *, seen: RunView, stage: str, is_new: bool = True
) -> Deployed:
    """The run, promoted to the stage unless it has entered it by itself. Faults: Conflict, Forbidden.

    is_new: it is this very request's; if it waits for a time, then for that which was asked for.
    """
    key = way_to(seen.plan, stage)
    if key is None:
        raise Conflict(f"stage {stage} is not in run {seen.run.id}")
    if _is_open(seen.run, key) or (not is_new and is_scheduled_in(seen.plan, seen.run, stage)):
        promotion = _promotion(command, seen.run.id, key)
        if command.variables:
            # Of a deployment that is refused they would be those of the next one, which somebody else may begin.
            allowed_act(ports, seen, promotion)
            keep_variables(ports, _given(command, seen.plan, seen.run.id, key))
        seen = decide_run(ports, promotion)
    return Deployed(of=of, run=seen, stage=key)


def _is_open(run: Run, stage: str) -> bool:
    """Return True if the run can still be promoted to the stage."""
    latest = run.latest(stage)
    return latest is None or latest.is_collecting


def _promotion(command: DeploySnapshot, run: str, stage: str) -> DecideRun:
    return DecideRun(
        run=run,
        kind=ActKind.PROMOTED,
        by=command.origin.by,
        stage=stage,
        begin_at=command.begin_at,
        mode=command.mode,
        request=command.request,
    )
