"""How far trains are: of each snapshot the latest execution of each stage, over all of its runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.changes.change_set import ChangeSet
from chalicelib.kernel.definitions.pipeline import stage_key
from chalicelib.kernel.definitions.travel import phase_name
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.plans.plan import Plan, Stage
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.snapshot import Snapshot, pipeline_name
from chalicelib.kernel.trains.train import Train, TrainStatus
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.changes.between import for_caller, with_what_lies_between
from chalicelib.use_cases.changes.deployments import changes_of_stage
from chalicelib.use_cases.changes.read_once import reading_of
from chalicelib.use_cases.installation.read_once import reading_once
from chalicelib.use_cases.pagination import Slice, Sliced, sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.lists import TrainsQuery, list_trains
from chalicelib.use_cases.trains.pipelines import pipeline_of
from slipway_formats.frozen import frozen

NEWEST = 5
"""Snapshots of a train that a list of trains tells of, besides the furthest one."""

AT_ONCE = 100
"""Runs that are read by one call."""


@frozen
class TravelsQuery:
    """Query: trains that the caller may read, by any of these; an empty one is no filter.

    Those whose snapshots nobody planned are among them.
    """

    by: Principal
    project: str = ""
    application: str = ""
    status: TrainStatus | None = None
    slice: Slice


@frozen
class TravelOf:
    """Query: how far a train is. slice: of its snapshots."""

    by: Principal
    train: int
    slice: Slice


@frozen
class TravelOfSnapshot:
    """Query: how far a snapshot of a train is."""

    by: Principal
    train: int
    snapshot: int


@frozen
class PlannedStage:
    """A stage through which a train goes. environment: empty where it has none."""

    key: str
    name: str
    environment: str = ""


@frozen
class Reached:
    """A stage that a snapshot has reached, in the run that executed it last. plan: of that run."""

    run: Run
    plan: Plan
    stage: Stage
    execution: StageExecution


@frozen
class TravelRun:
    """A run of a snapshot. executions: of its stages, in order."""

    run: Run
    plan: Plan
    executions: tuple[StageExecution, ...]


@frozen
class SnapshotTravel:
    """A snapshot with its runs, oldest first, and the stages that it has reached in them, by their keys."""

    snapshot: Snapshot
    runs: tuple[TravelRun, ...]
    reached: Mapping[str, Reached]


@frozen
class TrainTravel:
    """A train with some of its snapshots. stages: of its pipeline in order, and behind them what older plans had."""

    train: Train
    stages: tuple[PlannedStage, ...]
    snapshots: tuple[SnapshotTravel, ...]


def list_travels(ports: Ports, query: TravelsQuery) -> Sliced[TrainTravel]:
    """List trains, newest first, each with its newest snapshots and the furthest one.

    Faults: NotFound for a project that one may not read.
    """
    if query.project:
        require(query.by, Level.READ, query.project, missing=f"no project {query.project[:100]}")
    wanted = TrainsQuery(
        by=query.by,
        project=query.project,
        application=query.application,
        status=query.status,
        planned=None,
        size=None if query.slice.size is None else query.slice.size + 1,
        after=query.slice.after or None,
    )
    found = sliced(list_trains(ports, wanted), query.slice, lambda train: str(train.id))
    some = {train.id: list(_newest(ports, train)) for train in found.items}
    reading, views = reading_once(ports), _views(ports, [one for few in some.values() for one in few])
    travels = (_travel(reading, train, some[train.id], views) for train in found.items)
    return Sliced(items=tuple(travels), after=found.after)


def get_travel(ports: Ports, query: TravelOf) -> Sliced[TrainTravel]:
    """Return how far a train is, as one item with some of its snapshots, newest first. Faults: NotFound."""
    train, wanted = train_for(ports, query.by, query.train), query.slice
    page = Page(size=AT_ONCE if wanted.size is None else wanted.size + 1, after=wanted.after or None)
    found = sliced(ports.snapshots.of_train(train.id, page), wanted, lambda one: str(one.id))
    travel = _travel(reading_once(ports), train, found.items, _views(ports, found.items))
    return Sliced(items=(travel,), after=found.after)


def get_snapshot_travel(ports: Ports, query: TravelOfSnapshot) -> TrainTravel:
    """Return how far a snapshot of a train is. Faults: NotFound."""
    train = train_for(ports, query.by, query.train)
    found = [snapshot_of(ports, train, query.snapshot)]
    return _travel(reading_once(ports), train, found, _views(ports, found))


def environments_of_deploy(ports: Ports, query: TravelOfSnapshot, stage: str) -> Sequence[str]:
    """Return into which environments a deploy of a snapshot to a stage may go: by its runs, or by its pipeline now.

    stage: its name, in any case. Faults: NotFound.
    """
    found = get_snapshot_travel(ports, query)
    name = pipeline_name(found.train, found.snapshots[0].snapshot)
    stages = (*found.stages, *_defined(ports, found.train, name))
    return [one.environment for one in stages if folded(one.name) == folded(stage)]


def changes_of_travel(ports: Ports, by: Principal, travel: SnapshotTravel, stage: str) -> ChangeSet | None:
    """Return what a deploy of a snapshot to a stage would change now; None while no run of it has the stage's plan."""
    found = next((one for one in reversed(travel.runs) if any(stage == known.key for known in one.plan.stages)), None)
    if found is None:
        return None
    reading = reading_of(ports)
    changes = tuple(changes_of_stage(reading, found.plan, found.run, found.plan.by_key[stage]))
    return with_what_lies_between(reading, by, for_caller(by, ChangeSet(deployments=changes)))


def _newest(ports: Ports, train: Train) -> Iterator[Snapshot]:
    found = ports.snapshots.of_train(train.id, Page(size=NEWEST))
    yield from found
    if train.furthest is not None and train.furthest.id not in {one.id for one in found}:
        furthest = ports.snapshots.find_snapshot(train.id, train.furthest.id)
        yield from () if furthest is None else (furthest,)


def _views(ports: Ports, snapshots: Iterable[Snapshot]) -> Mapping[str, TravelRun]:
    """Return the runs of snapshots by their ids, each hundred by one call."""
    wanted = [run for snapshot in snapshots for run in snapshot.runs]
    groups = (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))
    runs = [run for group in groups for run in ports.runs.find_runs(group)]
    plans = {plan.id: plan for plan in ports.runs.find_plans({run.plan for run in runs})}
    return {run.id: _view(ports, run, plans[run.plan]) for run in runs if run.plan in plans}


def _view(ports: Ports, run: Run, plan: Plan) -> TravelRun:
    moved = ports.runs.earlier_executions(run.id) if run.executions > len(run.stages) else ()
    return TravelRun(run=run, plan=plan, executions=tuple(sorted((*moved, *run.stages), key=lambda one: one.number)))


def _travel(ports: Ports, train: Train, snapshots: Sequence[Snapshot], views: Mapping[str, TravelRun]) -> TrainTravel:
    of = [[views[run] for run in one.runs if run in views] for one in snapshots]
    plans = [view.plan for few in of for view in reversed(few)]
    return TrainTravel(
        train=train,
        stages=_stages(ports, train, plans),
        snapshots=tuple(
            SnapshotTravel(snapshot=one, runs=tuple(few), reached=_reached(few))
            for one, few in zip(snapshots, of, strict=True)
        ),
    )


def _reached(views: Iterable[TravelRun]) -> Mapping[str, Reached]:
    """Return the latest execution of each stage that was reached, as `executions.py` has it."""
    return {
        one.stage: Reached(run=view.run, plan=view.plan, stage=view.plan.by_key[one.stage], execution=one)
        for view in views
        for one in view.executions
        if not one.awaits_promotion or one.nodes
    }


def _stages(ports: Ports, train: Train, plans: Sequence[Plan]) -> tuple[PlannedStage, ...]:
    """Return the stages of a train: as the newest plan of a whole travel has them, else as its pipeline does now."""
    whole = [plan for plan in plans if not plan.redeploys]
    found = {} if whole else {one.key: one for one in _defined(ports, train, train.pipeline)}
    for plan in (*whole, *plans):
        for stage in plan.stages:
            fresh = PlannedStage(key=stage.key, name=stage.name, environment=stage.environment or "")
            found.setdefault(stage.key, fresh)
    return tuple(found.values())


def _defined(ports: Ports, train: Train, pipeline: str) -> Iterator[PlannedStage]:
    # The pipeline may be gone, or have no version that is active; the train of what nobody planned names none.
    with suppress(Conflict, Invalid):
        for place, phase in enumerate(pipeline_of(ports, train, pipeline).definition.phases):
            name = phase_name(phase, place)
            yield PlannedStage(key=stage_key(phase, place), name=name, environment=phase.environment)
