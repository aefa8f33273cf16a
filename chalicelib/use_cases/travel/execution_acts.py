"""What people do to the execution of a snapshot: replay and abort stages, decide about gates and steps, report tests.

Stages are known by the integer ids of their environments: of several executions the last is meant.
"""

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.confirmation import may_decide, may_override
from chalicelib.kernel.definitions.travel import phase_name
from chalicelib.kernel.engine.phase import BAD, Phase
from chalicelib.kernel.engine.run import ActKind, StageExecution
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound, Worded
from chalicelib.kernel.installation.entries import SharedEnvironment
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.trains.snapshot import pipeline_name
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from chalicelib.use_cases.runs.read import RunView, get_run
from chalicelib.use_cases.runs.report_tests import ReportTests, report_tests
from chalicelib.use_cases.trains.find import (
    carried_applications,
    may_read_train,
    snapshot_of,
    train_for,
    train_unhidden,
)
from chalicelib.use_cases.trains.pipelines import pipeline_of
from chalicelib.use_cases.travel.deploy import DeploySnapshot, deploy_snapshot
from chalicelib.use_cases.travel.executions import ExecutedStage, as_of_now, executed_stage, runs_of
from slipway_formats.frozen import frozen

REPLAYABLE = BAD - {Phase.SUPERSEDED}
"""Phases from which a stage may be replayed. What a younger snapshot has overtaken is not."""


@frozen
class StageAddress:
    """A stage that a snapshot travels. environment: its id."""

    train: int
    snapshot: int
    environment: int


@frozen
class ActOnStage:
    """Abort a stage, replay it, or deploy to it. kind: ABORTED, REPLAYED or PROMOTED."""

    origin: Origin
    of: StageAddress
    kind: ActKind
    notes: str = ""


@frozen
class ActOnNode:
    """Approve, reject or override a gate or step. gate, step: its name; the other is empty."""

    origin: Origin
    of: StageAddress
    kind: ActKind
    gate: str = ""
    step: str = ""
    notes: str = ""


@frozen
class ReplayExecution:
    """Replay a stage of a snapshot, known by one of its runs and the number of the execution in it."""

    origin: Origin
    train: int
    snapshot: int
    run: str
    execution: int
    notes: str = ""


@frozen
class ReportTestSet:
    """Report the results of a test set of a stage. project: the id of what was tested, if it is said."""

    origin: Origin
    of: StageAddress
    name: str
    passed: int
    failed: int
    skipped: int = 0
    project: int | None = None


@frozen
class DecidedNode:
    """A gate or step about which somebody decided, and its stage as it is then."""

    stage: ExecutedStage
    node: Node
    is_gate: bool


def act_on_stage(ports: Ports, command: ActOnStage) -> ExecutedStage:
    """Abort or replay a stage, or let a snapshot that waits for that go to it.

    Faults: NotFound, Forbidden, Invalid, Stale; Conflict where its state does not allow it.
    """
    train = train_unhidden(ports, command.origin.by, command.of.train, Level.WRITE)
    if command.kind is ActKind.PROMOTED:
        _deploy(ports, train, command)
        return _stage(ports, train, command.of)
    stage = _stage(ports, train, command.of)
    if command.kind is ActKind.REPLAYED:
        _refuse_replay(stage.stage, stage.execution)
    decide_run(
        ports,
        DecideRun(
            run=stage.run,
            kind=command.kind,
            by=command.origin.by,
            execution=stage.execution.number,
            notes=command.notes,
        ),
    )
    return _stage(ports, train, command.of)


def replay_execution(ports: Ports, command: ReplayExecution) -> RunView:
    """Replay a stage of a snapshot that ended badly, and return its run.

    Faults: NotFound, Forbidden, Stale; Conflict where its state does not allow it.
    """
    by, missing = command.origin.by, f"no execution {command.execution} in run {command.run[:100]}"
    train = train_for(ports, by, command.train, Level.WRITE)
    if command.run not in snapshot_of(ports, train, command.snapshot).runs:
        raise NotFound(missing)
    seen = get_run(ports, command.run)
    execution = next((one for one in seen.executions if one.number == command.execution), None)
    if execution is None:
        raise NotFound(missing)
    _refuse_replay(seen.plan.by_key[execution.stage], execution)
    again = DecideRun(run=seen.run.id, kind=ActKind.REPLAYED, by=by, execution=execution.number, notes=command.notes)
    return decide_run(ports, again)


def _refuse_replay(stage: Stage, execution: StageExecution) -> None:
    if execution.phase not in REPLAYABLE:
        raise Conflict(f"stage {stage.name} is {execution.phase}: only what has ended badly is replayed")


def act_on_node(ports: Ports, command: ActOnNode) -> DecidedNode:
    """Decide about a gate or step. Faults: NotFound, Forbidden to who is not named for it, Conflict, Invalid, Stale."""
    by, train = command.origin.by, ports.trains.find_train(command.of.train)
    if train is None:
        raise NotFound(Worded("no train {}", command.of.train))
    stage, node = _decidable(ports, train, command)
    if command.kind is not ActKind.OVERRODE and stage.execution.nodes[node.key].is_final:
        raise Conflict(f"{node.name} does not wait")
    decided = decide_node(
        ports,
        DecideNode(
            run=stage.run,
            kind=command.kind,
            by=by,
            node=node.key,
            execution=stage.execution.number,
            notes=command.notes,
        ),
    )
    return DecidedNode(stage=as_of_now(stage, decided), node=node, is_gate=bool(command.gate))


def report_test_set(ports: Ports, command: ReportTestSet) -> ExecutedStage:
    """Report the results of a test set, for the test gates of later stages.

    Faults: Invalid for a project that is not in the snapshot, NotFound, Forbidden, Conflict.
    """
    train = train_unhidden(ports, command.origin.by, command.of.train, Level.WRITE)
    snapshot, tested = snapshot_of(ports, train, command.of.snapshot), command.project
    if tested is not None and tested not in carried_applications(ports, train, snapshot):
        raise Invalid.single("projectId", f"project {tested} is not in the snapshot")
    stage = _stage(ports, train, command.of)
    report_tests(
        ports,
        ReportTests(
            run=stage.run,
            by=command.origin.by,
            stage=stage.stage.key,
            name=command.name,
            passed=command.passed,
            failed=command.failed,
            skipped=command.skipped,
        ),
    )
    return _stage(ports, train, command.of)


def _stage(ports: Ports, train: Train, of: StageAddress) -> ExecutedStage:
    return executed_stage(ports, runs_of(ports, snapshot_of(ports, train, of.snapshot)), of.environment)


def _deploy(ports: Ports, train: Train, command: ActOnStage) -> None:
    of, snapshot = command.of, snapshot_of(ports, train, command.of.snapshot)
    place = ports.installation.find(SharedEnvironment, of.environment)
    phases = pipeline_of(ports, train, pipeline_name(train, snapshot), snapshot).definition.phases
    named = (phase_name(one, number) for number, one in enumerate(phases) if place and one.environment == place.name)
    stage = next(named, None)
    if stage is None:
        raise NotFound(f"no environment {of.environment} in pipeline {pipeline_name(train, snapshot)}")
    deploy_snapshot(ports, DeploySnapshot(origin=command.origin, train=train.id, snapshot=snapshot.id, stage=stage))


def _decidable(ports: Ports, train: Train, command: ActOnNode) -> tuple[ExecutedStage, Node]:
    """Return the gate or step with its stage, to those who read the train or are named for it.

    Who decides need not read the project. Faults: NotFound, Forbidden, Conflict.
    """
    by = command.origin.by
    refused = Forbidden(Worded("{} may not read train {}", by.name, train.id))
    is_reader = may_read_train(by, train)
    try:
        stage = _stage(ports, train, command.of)
        node = _node(stage, command)
    except (NotFound, Conflict) as fault:
        if is_reader:
            raise
        raise refused from fault
    if not is_reader and not _is_named(ports, train, command, stage=stage, node=node):
        raise refused
    return stage, node


def _is_named(ports: Ports, train: Train, command: ActOnNode, *, stage: ExecutedStage, node: Node) -> bool:
    by = command.origin.by
    if command.kind is not ActKind.OVERRODE:
        return may_decide(by, node, train.project)
    return may_override(by, get_run(ports, stage.run).plan, node)


def _node(stage: ExecutedStage, command: ActOnNode) -> Node:
    """Return the gate or step of a name, of several the first that waits. Faults: NotFound; Conflict, not begun yet."""
    nodes, name = (stage.stage.gates, command.gate) if command.gate else (stage.stage.steps, command.step)
    named = [node for node in nodes if node.name == name]
    if not named:
        raise NotFound(f"no {'gate' if command.gate else 'step'} {name[:100]} in stage {stage.stage.name}")
    reached = list(stage.reached(named))
    if not reached:
        raise Conflict(f"{name} has not begun")
    states = stage.execution.nodes
    return next((node for node in reached if not states[node.key].is_final), reached[-1])
