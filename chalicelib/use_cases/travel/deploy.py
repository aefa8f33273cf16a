"""Deploy a snapshot to a stage: promote its run there, or begin another that goes to that stage again."""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, stage_key
from chalicelib.kernel.definitions.travel import phase_name, progress
from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.transitions import Changed, refuse_deployment, titled, with_run
from chalicelib.kernel.trains.travel import Travel
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.decide import DecideRun, decide_run
from chalicelib.use_cases.runs.read import RunView, get_run
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.pipelines import pipeline_of
from chalicelib.use_cases.travel.begin import begin_run, travel_of
from slipway_formats.frozen import frozen


@frozen
class DeploySnapshot:
    """Deploy a snapshot. stage: its name, in any case; empty for the one after the furthest. begin_at: not before."""

    origin: Origin
    train: int
    snapshot: int
    stage: str = ""
    begin_at: datetime | None = None


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
        by, begin_at = command.origin.by, command.begin_at
        decide_run(ports, DecideRun(run=run.id, kind=ActKind.PROMOTED, by=by, stage=key, begin_at=begin_at))
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
    """Begin the snapshot's travel, or a run to the one stage where it has travelled before."""
    origin = command.origin
    of = retry_on_conflict(ports, lambda: _with_run(ports, command), since=origin.at)
    travel = travel_of(ports, of, run=of.snapshot.runs[-1])
    before = [run for run_id in of.snapshot.runs[:-1] if (run := ports.runs.find_run(run_id)) is not None]
    return begin_run(ports, origin, pipeline, _again(ports, travel, before, place) if before else travel)


def _with_run(ports: Ports, command: DeploySnapshot) -> Changed:
    """The snapshot with the run noted that is to begin: whoever cancels the train from now on cancels it too."""
    of = _current(ports, command)
    waiting = of.snapshot.runs[-1:] if of.snapshot.runs and ports.runs.find_run(of.snapshot.runs[-1]) is None else ()
    changed = with_run(of, run_id_for(ports, command.origin)) if not waiting else of
    return changed if changed == of else replace(changed, train=ports.snapshots.save(changed, None))


def _again(ports: Ports, travel: Travel, before: list[Run], place: int) -> Travel:
    """A run to the one stage. Approvals that were given there stand. Faults: Conflict out of the stages' order."""
    key, earlier = stage_key(place), stage_key(place - 1)
    begun = {one.number for run in before for one in progress(ports.runs.plan(run.plan), run).begun}
    if place and place not in begun and not any(_went_well(run, earlier) for run in before):
        raise Conflict(f"stage {earlier} has not gone well before")
    return replace(travel, stage=key, keeps_approvals=place in begun)


def _went_well(run: Run, key: str) -> bool:
    latest = run.latest(key)
    return latest is not None and latest.phase in GOOD and not latest.awaits_promotion
