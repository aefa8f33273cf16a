"""Executions of snapshots: the stages that its runs have entered, as one travel through the pipeline.

Of a stage that was executed several times, replayed or deployed again, the latest counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.gated.assembly import Assembly, assembly_of
from chalicelib.kernel.definitions.gated.labels import Label, labels_of
from chalicelib.kernel.definitions.gated.settings import BUILDING
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import StageExecution
from chalicelib.kernel.explanation.hold import Explanation
from chalicelib.kernel.faults import Conflict, NotFound, Worded
from chalicelib.kernel.installation.entries import SharedEnvironment, name_handle
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.use_cases.launch.execution_ids import execution_id, execution_ids
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.explain import explain_view
from chalicelib.use_cases.runs.read import RunView, run_view
from chalicelib.use_cases.trains.find import snapshot_of, train_unhidden
from slipway_formats.frozen import frozen

FEW = 2
"""Environments that are read one by one."""


@frozen
class ExecutionQuery:
    """Query: the execution of a snapshot. environment: an id; only its stages. gate, step: by name.

    Where one of these is not reached in any of the stages, there are none. explains: also what holds it.
    """

    by: Principal
    train: int
    snapshot: int
    environment: int | None = None
    gate: str = ""
    step: str = ""
    explains: bool = False


@frozen
class ExecutedStage:
    """A stage that was entered, or whose gates have opened. run: its id. place: in the pipeline, from 1.

    environment: None if it is none of the installation. labels: of gates and steps by their keys, where the pipeline
    has them: then what has none is not listed.
    """

    id: int
    run: str
    place: int
    environment: SharedEnvironment | None
    stage: Stage
    execution: StageExecution
    labels: Mapping[str, Label] | None = None

    def has(self, nodes: Sequence[Node], name: str) -> bool:
        """Return True if one of the nodes has the name and was reached: whatever became of it."""
        return any(node.name == name for node in self.reached(nodes))

    def reached(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """Yield the nodes that have begun and are listed, in their order: a group before its children."""
        return (node for node in nodes if node.key in self.execution.nodes and self._is_listed(node))

    def _is_listed(self, node: Node) -> bool:
        return self.labels is None or node.key in self.labels


@frozen
class SnapshotExecution:
    """The travel of a snapshot. phase: of the whole. stages: in their order in the pipeline."""

    id: int
    snapshot: int
    phase: Phase
    stages: tuple[ExecutedStage, ...]
    explanation: Explanation | None = None


def get_execution(ports: Ports, query: ExecutionQuery) -> SnapshotExecution:
    """Return the execution of a snapshot. Faults: NotFound, also before it has one; Forbidden."""
    train = train_unhidden(ports, query.by, query.train)
    snapshot = snapshot_of(ports, train, query.snapshot)
    runs = runs_of(ports, snapshot)
    entered = _entered(runs)
    stages = [one for one in _stages(ports, runs[0], entered) if _is_in(one, query.environment)]
    return SnapshotExecution(
        id=execution_id(ports, runs[0].run.id),
        snapshot=snapshot.id,
        phase=_phase(runs, entered),
        stages=tuple(stages) if _is_reached(stages, query) else (),
        explanation=explain_view(ports, query.by, runs[-1]) if query.explains else None,
    )


def runs_of(ports: Ports, snapshot: Snapshot) -> Sequence[RunView]:
    """Return the runs of a snapshot, oldest first. Faults: NotFound before there is one that travels."""
    runs = [run_view(ports, run) for run in ports.runs.find_runs(snapshot.runs)]
    if not runs or assembly_of(runs[0].run) is not Assembly.INITIATED:
        raise NotFound(Worded("snapshot {} has no pipeline execution yet", snapshot.id))
    return runs


def executed_stage(ports: Ports, runs: Sequence[RunView], environment: int) -> ExecutedStage:
    """Return the stage of an environment that was executed last. Faults: NotFound, Conflict where none was reached."""
    reached = [one for one in _stages(ports, runs[0], _entered(runs)) if _is_in(one, environment)]
    if reached:
        return max(reached, key=lambda one: (one.execution.began_at, one.place))
    entry = ports.installation.find(SharedEnvironment, environment)
    if entry is None or entry.name not in {stage.environment for stage in runs[0].plan.stages}:
        raise NotFound(f"no environment {environment} in pipeline {runs[0].plan.definition.name}")
    raise Conflict(f"the stage of environment {entry.title} was not reached yet")


def as_of_now(stage: ExecutedStage, seen: RunView) -> ExecutedStage:
    """Return a stage as its run has it, which was just saved."""
    execution = next(one for one in seen.executions if one.number == stage.execution.number)
    labels = labels_of(seen.plan)
    return replace(
        stage,
        stage=seen.plan.by_key[execution.stage],
        execution=execution,
        labels=labels.get(execution.stage, {}) if labels is not None else None,
    )


def _entered(runs: Sequence[RunView]) -> Mapping[str, tuple[RunView, StageExecution]]:
    """Return the latest execution of each stage that was reached, with the run that it is of."""
    return {one.stage: (seen, one) for seen in runs for one in seen.executions if _has_begun(one)}


def _has_begun(execution: StageExecution) -> bool:
    return not execution.awaits_promotion or bool(execution.nodes)


def _stages(
    ports: Ports, travel: RunView, entered: Mapping[str, tuple[RunView, StageExecution]]
) -> Iterator[ExecutedStage]:
    runs = {seen.run.id: seen for seen, _ in entered.values()}
    known = {run: labels_of(seen.plan) for run, seen in runs.items()}
    ids = {run: execution_ids(ports, run) for run in runs}
    environments = _environments(ports, travel)
    travelled = (stage for stage in travel.plan.stages if stage.key != BUILDING)
    for place, planned in enumerate(travelled, start=1):
        if planned.key in entered:
            seen, execution = entered[planned.key]
            stage, labels = seen.plan.by_key[planned.key], known[seen.run.id]
            yield ExecutedStage(
                id=ids[seen.run.id](execution.number),
                run=seen.run.id,
                place=place,
                environment=environments.get(stage.environment or ""),
                stage=stage,
                execution=execution,
                labels=labels.get(stage.key, {}) if labels is not None else None,
            )


def _environments(ports: Ports, travel: RunView) -> Mapping[str, SharedEnvironment]:
    """Return the environments of a pipeline by their names: several by one query, one or two by a read each."""
    names = {stage.environment for stage in travel.plan.stages if stage.environment}
    if len(names) > FEW:
        return {one.name: one for one in ports.installation.every(SharedEnvironment)}
    found = (ports.installation.find_by(SharedEnvironment, name_handle(name)) for name in names)
    return {one.name: one for one in found if one is not None}


def _phase(runs: Sequence[RunView], entered: Mapping[str, tuple[RunView, StageExecution]]) -> Phase:
    """Return the phase of the whole travel. A redeploy ends well with its own stage, which is not the whole."""
    if not all(seen.run.is_final for seen in runs):
        return Phase.RUNNING
    last = entered.get(runs[0].plan.stages[-1].key)
    is_delivered = last is not None and last[1].phase is Phase.SUCCEEDED
    latest = runs[-1].phase
    return Phase.RUNNING if latest is Phase.SUCCEEDED and not is_delivered else latest


def _is_in(stage: ExecutedStage, environment: int | None) -> bool:
    return environment is None or (stage.environment is not None and stage.environment.id == environment)


def _is_reached(stages: Sequence[ExecutedStage], query: ExecutionQuery) -> bool:
    has_gate = not query.gate or any(one.has(one.stage.gates, query.gate) for one in stages)
    has_step = not query.step or any(one.has(one.stage.steps, query.step) for one in stages)
    return has_gate and has_step
