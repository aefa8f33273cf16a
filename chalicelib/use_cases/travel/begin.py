"""Begin the runs of snapshots: with the snapshot, where its pipeline has something to begin with, or later."""

from dataclasses import replace

from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.definitions.travel import held
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan, Promotion
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.kernel.trains.travel import Travel, line_of
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.launch.in_turn import in_turn
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.launch.travelled_plans import plan_travelled
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.gated_pipelines import TravelledPipeline
from chalicelib.use_cases.trains.pause_runs import is_suspended, pause_runs
from chalicelib.use_cases.trains.pipelines import pipeline_of
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, create_in
from chalicelib.use_cases.variables.effective import variables_of
from slipway_formats.frozen import frozen


@frozen
class BeginSnapshot:
    """Create a snapshot and begin its run. holds: no step of it begins before a deploy, whatever the pipeline says."""

    create: CreateSnapshot
    holds: bool = False


def begin_in(ports: Ports, command: BeginSnapshot, train: Train) -> Changed:
    """Create a snapshot of a train that was just read, and begin its run as begin_snapshot does, with its faults."""
    pipeline = pipeline_of(ports, train, train.pipeline or command.create.pipeline)
    return begin_on(ports, command, train, pipeline)


def begin_on(ports: Ports, command: BeginSnapshot, train: Train, pipeline: TravelledPipeline) -> Changed:
    """Create a snapshot of a train and begin its run on a pipeline, both just read. Faults: as of begin_snapshot."""
    origin = command.create.origin
    if not _has_begun_at_once(pipeline.definition, holds=command.holds):
        return create_in(ports, command.create, train)
    created = create_in(ports, replace(command.create, run=run_id_for(ports, origin)), train)
    travel = travel_of(ports, created, run=created.snapshot.runs[0])
    if ports.runs.find_run(travel.id) is None:
        if train.gated is not None:
            pipeline = pipeline_of(ports, created.train, train.pipeline, created.snapshot)
        held = replace(travel, holds=command.holds)

        def begin() -> Run:
            return start_run(ports, plan_travel(ports, origin, pipeline, held), origin=origin)

        in_turn(ports, pipeline.definition, begin)
    train = train_for(ports, origin.by, created.train.id)
    if is_suspended(train):  # since its snapshot was made, so that its run was not there to be paused
        pause_runs(ports, train, origin.by.name)
    return Changed(train=train, snapshot=snapshot_of(ports, train, created.snapshot.id))


def travel_of(ports: Ports, of: Changed, run: str) -> Travel:
    """Return what a snapshot hands to a run of its whole pipeline."""
    values = variables_of(ports, of.train, of.snapshot).values
    line = line_of(of.train.id, of.snapshot.id, of.snapshot.pipeline)
    return Travel(id=run, line=line, variables=values)


def plan_travel(ports: Ports, origin: Origin, pipeline: TravelledPipeline, travel: Travel) -> Plan:
    """Compile the plan of a snapshot's run. Faults: Conflict, Invalid."""
    beginning = Beginning(
        id=travel.id,
        by=origin.by.name,
        inputs=travel.variables,
        begun_by=begun_by(ports, origin.by),
        train=travel.line,
    )
    plan = plan_travelled(ports, pipeline, beginning)
    return held(plan) if travel.holds else plan


def _has_begun_at_once(pipeline: PipelineDefinition, *, holds: bool) -> bool:
    """Whether a new run would open a gate or begin a step."""
    has_gates = any(phase.gates for phase in pipeline.phases)
    is_automatic = bool(pipeline.phases) and pipeline.phases[0].promotion is Promotion.AUTOMATIC
    return has_gates or (is_automatic and not holds)
