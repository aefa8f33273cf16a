"""What the page of a run shows of its stages and steps: records for the templates, made of the run."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, StageExecution
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.plans.work import Job, RunDefinition
from chalicelib.use_cases.runs.read import RunView
from slipway_formats.frozen import frozen


@frozen
class StepPart:
    """A gate or step of a stage execution, begun or not. address: `2/deploy`, by which pages name it.

    needs: keys of steps. log: the job whose log it is. child: the run that does the work.
    """

    address: str
    key: str
    name: str
    is_gate: bool
    phase: Phase
    attempt: int = 0
    needs: tuple[str, ...] = ()
    group: str | None = None
    description: str = ""
    reason: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    log: str = ""
    child: str = ""


@frozen
class StagePart:
    """A stage with one of its executions, or that has none yet. number: of the execution; 0 for none."""

    key: str
    name: str
    environment: str
    number: int
    attempt: int
    phase: Phase
    reason: str
    began_at: datetime | None
    ended_at: datetime | None
    steps: tuple[StepPart, ...]

    @property
    def gates(self) -> tuple[StepPart, ...]:
        """Return the gates, in order."""
        return tuple(step for step in self.steps if step.is_gate)

    @property
    def leaves(self) -> tuple[StepPart, ...]:
        """Return the steps that are no groups of others."""
        groups = {step.group for step in self.steps}
        return tuple(step for step in self.steps if not step.is_gate and step.key not in groups)


def stage_parts(view: RunView) -> Sequence[StagePart]:
    """Return all stage executions in order, and the stages that have none yet."""
    begun = [_stage_part(view.plan.by_key[one.stage], one) for one in view.executions]
    entered = {one.stage for one in view.executions}
    return [*begun, *(_stage_part(stage, None) for stage in view.plan.stages if stage.key not in entered)]


def latest_parts(view: RunView) -> Sequence[StagePart]:
    """Return each stage of the plan once, in order, with its latest execution."""
    latest = {part.key: part for part in stage_parts(view)}
    return [latest[stage.key] for stage in view.plan.stages]


def _stage_part(stage: Stage, execution: StageExecution | None) -> StagePart:
    number = execution.number if execution is not None else 0
    states = execution.nodes if execution is not None else {}
    gates = tuple(_step_part(number, node, states.get(node.key), is_gate=True) for node in stage.gates)
    steps = tuple(_step_part(number, node, states.get(node.key), is_gate=False) for node in stage.steps)
    return StagePart(
        key=stage.key,
        name=stage.name,
        environment=stage.environment or "",
        number=number,
        attempt=execution.attempt if execution is not None else 0,
        phase=execution.phase if execution is not None else Phase.NEW,
        reason=execution.reason if execution is not None else "",
        began_at=execution.began_at if execution is not None else None,
        ended_at=execution.ended_at if execution is not None else None,
        steps=gates + steps,
    )


def _step_part(number: int, node: Node, state: NodeState | None, *, is_gate: bool) -> StepPart:
    # One that has not begun is named by its stage's number as well, 0 before the stage has one.
    place = StepPart(
        address=f"{number}/{node.key}",
        key=node.key,
        name=node.name,
        is_gate=is_gate,
        phase=state.phase if state is not None else Phase.NEW,
        needs=node.needs,
        group=node.group,
        description=node.description,
    )
    return place if state is None else _begun(place, node, state)


def _begun(place: StepPart, node: Node, state: NodeState) -> StepPart:
    return StepPart(
        address=place.address,
        key=place.key,
        name=place.name,
        is_gate=place.is_gate,
        phase=state.phase,
        attempt=state.attempt,
        needs=place.needs,
        group=place.group,
        description=place.description,
        reason=state.reason,
        began_at=state.began_at,
        ended_at=state.ended_at,
        log=state.reference if isinstance(node.work, Job) else "",
        child=state.reference if isinstance(node.work, RunDefinition) else "",
    )
