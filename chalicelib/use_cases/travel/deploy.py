"""Deploy a snapshot to a stage: promote its run there, or begin another that goes to that stage again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.confirmation import may_override
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, stage_key
from chalicelib.kernel.definitions.travel import approved_gates, is_approval, phase_name, progress
from chalicelib.kernel.engine.advance import advance, new_run
from chalicelib.kernel.engine.events import Promoted, PromotionMode
from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.refusal import refusal
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.transitions import Changed, refuse_deployment, titled, with_run
from chalicelib.kernel.trains.travel import Travel
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.runs.decide import DecideRun, decide_run
from chalicelib.use_cases.runs.read import RunView, get_run
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.pipelines import pipeline_of
from chalicelib.use_cases.trains.snapshots import snapshot_subject
from chalicelib.use_cases.travel.begin import plan_travel, travel_of
from slipway_formats.frozen import frozen


@frozen
class DeploySnapshot:
    """Deploy a snapshot. stage: its name, in any case; empty for the one after the furthest. begin_at: not before.

    mode: what becomes of it while a gate of the stage is not met, or the stage before has not gone well.
    """

    origin: Origin
    train: int
    snapshot: int
    stage: str = ""
    begin_at: datetime | None = None
    mode: PromotionMode = PromotionMode.WHEN_MET


@frozen
class Deployed:
    """A deployment that is under way or waits. stage: the key of its stage in the run's plan."""

    of: Changed
    run: RunView
    stage: str


def deploy_snapshot(ports: Ports, command: DeploySnapshot) -> Deployed:
    """Deploy a snapshot to a stage and return the run that does it.

    Faults: Invalid for an unknown stage, NotFound, Forbidden, Stale; Conflict for what may not be deployed there now.
    """
    of = _current(ports, command)
    pipeline = pipeline_of(ports, of.train)
    place = _place(pipeline, of, command.stage)
    key = stage_key(place)
    run = _open_run(ports, command.origin, of, key) or _another_run(ports, command, pipeline, place)
    if not _is_entered(run, key):
        by, at, mode = command.origin.by, command.begin_at, command.mode
        decide_run(ports, DecideRun(run=run.id, kind=ActKind.PROMOTED, by=by, stage=key, begin_at=at, mode=mode))
    return Deployed(of=_current(ports, command), run=get_run(ports, run.id), stage=key)


def _current(ports: Ports, command: DeploySnapshot) -> Changed:
    train = train_for(ports, command.origin.by, command.train, Level.WRITE)
    snapshot = snapshot_of(ports, train, command.snapshot)
    refuse_deployment(train, snapshot)
    return Changed(train=train, snapshot=snapshot)


def _place(pipeline: PipelineDefinition, of: Changed, stage: str) -> int:
    """Return the number of a stage, from 0: the one of this name, or the next. Faults: Invalid, Conflict."""
    names = [folded(phase_name(phase, number)) for number, phase in enumerate(pipeline.phases)]
    if stage:
        if folded(stage) not in names:
            raise Invalid.single("stage", f"no stage {stage[:64]} in pipeline {of.train.pipeline}")
        return names.index(folded(stage))
    furthest = of.snapshot.furthest
    following = 0 if furthest is None else furthest.number + 1
    if following >= len(names):
        raise Conflict(f"snapshot {of.snapshot.number} of {titled(of.train)} has no further stage")
    return following


def _open_run(ports: Ports, origin: Origin, of: Changed, key: str) -> Run | None:
    """Return the snapshot's latest run that can still enter a stage, if there is one.

    Faults: Conflict if a run is in that stage now, but for one that this same request has begun.
    """
    for run_id in reversed(of.snapshot.runs):
        run = ports.runs.find_run(run_id)
        if run is None or run.is_final or run.ending is not None or key not in ports.runs.plan(run.plan).by_key:
            continue
        if not _is_entered(run, key):
            return run
        if _is_in(run, key) and run_id != run_id_for(ports, origin):
            raise Conflict(f"snapshot {of.snapshot.number} of {titled(of.train)} is in this stage already")
    return None


def _is_in(run: Run, key: str) -> bool:
    latest = run.latest(key)
    return latest is not None and not latest.is_final


def _is_entered(run: Run, key: str) -> bool:
    latest = run.latest(key)
    return latest is not None and not latest.is_collecting


def _another_run(ports: Ports, command: DeploySnapshot, pipeline: PipelineDefinition, place: int) -> Run:
    """Begin the snapshot's travel, or a run to the one stage where it has travelled before. Faults: Conflict."""
    of = _current(ports, command)
    travel = travel_of(ports, of, run=_run_id(ports, command, of.snapshot))
    before = [run for run_id in of.snapshot.runs if (run := ports.runs.find_run(run_id)) is not None]
    again = [run for run in before if run.id != travel.id]
    plan = plan_travel(ports, command.origin, pipeline, _again(ports, travel, again, place) if again else travel)
    disorder = _disorder(ports, pipeline, again, place) if again else None
    _refuse(ports, command, plan, disorder)
    entry = _entry(command, of, plan, disorder)
    retry_on_conflict(ports, lambda: _note(ports, command, travel.id, entry), since=command.origin.at)
    return start_run(ports, plan)


def _run_id(ports: Ports, command: DeploySnapshot, snapshot: Snapshot) -> str:
    """The id of the run that is to begin: of one that was noted and never began, else another."""
    latest = snapshot.runs[-1] if snapshot.runs else None
    is_lost = latest is not None and ports.runs.find_run(latest) is None
    return latest if is_lost and latest is not None else run_id_for(ports, command.origin)


def _again(ports: Ports, travel: Travel, before: Sequence[Run], place: int) -> Travel:
    """A run to the one stage, for which the approvals stand that were given there."""
    key = stage_key(place)
    ways = [(plan, run) for run in before if key in (plan := ports.runs.plan(run.plan)).by_key]
    return replace(
        travel, stage=key, approved=tuple(gate for plan, run in ways for gate in approved_gates(plan, run, key))
    )


def _disorder(ports: Ports, pipeline: PipelineDefinition, before: Sequence[Run], place: int) -> str | None:
    """Which stage has not gone well before, where the snapshot was never in this one."""
    begun = {one.number for run in before for one in progress(ports.runs.plan(run.plan), run).begun}
    if not place or place in begun or any(_went_well(run, stage_key(place - 1)) for run in before):
        return None
    return f"stage {phase_name(pipeline.phases[place - 1], place - 1)} has not gone well before"


def _went_well(run: Run, key: str) -> bool:
    latest = run.latest(key)
    return latest is not None and latest.phase in GOOD and not latest.awaits_promotion


def _refuse(ports: Ports, command: DeploySnapshot, plan: Plan, disorder: str | None) -> None:
    """Refuse a new run before anything of it is stored. Faults: Conflict, Forbidden."""
    by, first = command.origin.by, plan.stages[0]
    if disorder is not None and command.mode is not PromotionMode.FORCED:
        raise Conflict(disorder)
    if disorder is not None and not may_override(by, plan, None):
        raise Forbidden(f"{by.name} may not deploy out of the stages' order: {disorder}")
    if command.mode is not PromotionMode.IF_MET or any(is_approval(gate) for gate in first.gates):
        return  # what can be approved must be there, for that
    now = ports.clock.now()
    run = advance(plan, new_run(plan), (), now).run
    act = Promoted(at=now, stage=first.key, executions=run.entered, by=by.name, mode=command.mode)
    if (why := refusal(plan, run, act)) is not None:
        raise Conflict(why)


def _entry(command: DeploySnapshot, of: Changed, plan: Plan, disorder: str | None) -> AuditEntry | None:
    """What the audit log says of a deployment out of order; what else was forced, the run's own acts say."""
    if disorder is None:
        return None
    subject = snapshot_subject(of.train, of.snapshot)
    notes = f"{plan.stages[0].name}: {disorder}"
    action = AuditAction(
        act="deployed-out-of-order", subject=subject, key=plan.id, project=of.train.project, notes=notes
    )
    return entry_of(command.origin, action)


def _note(ports: Ports, command: DeploySnapshot, run: str, entry: AuditEntry | None) -> None:
    """Note the run that is to begin: whoever cancels the train from now on cancels it too."""
    of = _current(ports, command)
    changed = with_run(of, run)
    if changed != of:
        ports.snapshots.save(changed, entry)
