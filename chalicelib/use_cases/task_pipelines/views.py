"""Pipelines of tasks as people see them: a run with its tasks, and what became of each."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_load import FOLLOWED
from chalicelib.kernel.definitions.task_pipelines.compile import NAMESPACE, PIPELINE
from chalicelib.kernel.definitions.task_pipelines.pipeline import PipelineTask, TaskPipeline
from chalicelib.kernel.definitions.task_pipelines.read import read_task_pipeline
from chalicelib.kernel.engine.phase import BAD, Phase
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.progress.graph import StageView
from chalicelib.kernel.engine.run import NodeState, StageExecution
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.kernel.plans.plan import Node
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import RunView, get_run
from chalicelib.use_cases.workloads.loading import SUFFIX, LoadStatus, load_view
from slipway_formats.frozen import frozen


class PipelineStatus(StrEnum):
    """The status of a pipeline."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    KILLING = "killing"
    KILLED = "killed"
    ERROR = "error"


class TaskStatus(StrEnum):
    """The status of a task in a pipeline."""

    WAITING = "waiting"
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    KILLED = "killed"


@frozen
class TaskState:
    """A task of a pipeline, and what became of it. workload: the id of its latest attempt; blank before that began."""

    task: PipelineTask
    status: TaskStatus
    workload: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""


@frozen
class PipelineView:
    """A pipeline with its run, or with that of the load that it begins with: then its tasks are not known yet.

    namespace: as it is called. is_in_error: a task has failed. message: why it is as it is.
    """

    id: str
    view: RunView
    pipeline: TaskPipeline
    namespace: str
    status: PipelineStatus
    is_in_error: bool
    tasks: tuple[TaskState, ...]
    message: str = ""


@frozen
class PipelineNamed:
    """A pipeline by its id, and who asks. namespace: in which it has to be; empty for any."""

    by: Principal
    id: str
    namespace: str = ""


_OF_RUN: Mapping[Phase, PipelineStatus] = {
    Phase.NEW: PipelineStatus.PENDING,
    Phase.WAITING_LOCK: PipelineStatus.PENDING,
    Phase.SUCCEEDED: PipelineStatus.SUCCEEDED,
    Phase.CANCELLED: PipelineStatus.KILLED,
    Phase.FAILED: PipelineStatus.FAILED,
    Phase.BROKEN: PipelineStatus.FAILED,
}
_OF_NODE: Mapping[Phase, TaskStatus] = {
    Phase.NEW: TaskStatus.PENDING,
    Phase.STARTING: TaskStatus.PENDING,
    Phase.QUEUED: TaskStatus.PENDING,
    Phase.WAITING_TIME: TaskStatus.PENDING,
    Phase.SUCCEEDED: TaskStatus.SUCCEEDED,
    Phase.SKIPPED: TaskStatus.SKIPPED,
    Phase.CANCELLED: TaskStatus.KILLED,
    Phase.FAILED: TaskStatus.FAILED,
    Phase.BROKEN: TaskStatus.FAILED,
}


def get_pipeline(ports: Ports, query: PipelineNamed) -> PipelineView:
    """Return a pipeline with its tasks. Faults: NotFound, also for another namespace."""
    return visible_pipeline(ports, query)


def visible_pipeline(ports: Ports, query: PipelineNamed) -> PipelineView:
    """Return a pipeline that the caller may read. Faults: NotFound."""
    missing = NotFound(f"no pipeline {query.id[:100]}")
    view = _begun(ports, query.id) or _loading(ports, query.id)
    if view is None or not may(query.by, Level.READ, view.view.plan.definition.project):
        raise missing
    if query.namespace.casefold() not in {"", view.namespace.casefold()}:
        raise missing
    return view


def accepted_view(ports: Ports, own: str) -> PipelineView:
    """Return a pipeline for whoever has just begun it. Faults: NotFound."""
    view = _begun(ports, own) or _loading(ports, own)
    if view is None:
        raise NotFound(f"no pipeline {own}")
    return view


def require_in_pipeline(by: Principal, level: Level, view: PipelineView) -> None:
    """Require a level in the project of a pipeline. Faults: Forbidden."""
    project = view.view.plan.definition.project
    if not may(by, level, project):
        raise Forbidden(f"{by.name} has no {level} in project {project}")


def pipeline_view(view: RunView) -> PipelineView:
    """Return what became of a pipeline, from its run."""
    pipeline = read_task_pipeline(view.plan.snapshot[PIPELINE])
    execution = view.run.stages[-1] if view.run.stages else None
    steps = view.plan.stages[0].steps
    tasks = tuple(_state(view, execution, node, task) for node, task in zip(steps, pipeline.tasks, strict=True))
    return PipelineView(
        id=view.run.id,
        message=view.run.reason,
        view=view,
        pipeline=pipeline,
        namespace=str(view.plan.snapshot[NAMESPACE]),
        status=_status(view),
        is_in_error=any(one.status is TaskStatus.FAILED for one in tasks),
        tasks=tasks,
    )


def loading_view(ports: Ports, found: RunView) -> PipelineView:
    """Return what became of a pipeline whose configuration is being read, from the run that reads it."""
    place = found.plan.snapshot[FOLLOWED]
    said = {str(name): str(text) for name, text in place.items()} if isinstance(place, Mapping) else {}
    status, message = _loading_status(ports, found, said["name"])
    return PipelineView(
        id=found.run.id.removesuffix(SUFFIX),
        message=message,
        view=found,
        pipeline=TaskPipeline(name=said["name"], tasks=()),
        namespace=said["namespace"],
        status=status,
        is_in_error=status is PipelineStatus.ERROR,
        tasks=(),
    )


def _loading(ports: Ports, own: str) -> PipelineView | None:
    try:
        found = get_run(ports, f"{own}{SUFFIX}")
    except NotFound:
        return None
    return loading_view(ports, found) if FOLLOWED in found.plan.snapshot else None


def _loading_status(ports: Ports, found: RunView, name: str) -> tuple[PipelineStatus, str]:
    load = load_view(ports, found.run, found.plan)
    if load.status is LoadStatus.ERROR:
        is_killed = found.run.phase is Phase.CANCELLED
        return PipelineStatus.KILLED if is_killed else PipelineStatus.ERROR, load.message
    if load.status is LoadStatus.DONE:
        try:
            read_task_pipeline(load.configuration, name=name)
        except Invalid as wrong:
            return PipelineStatus.ERROR, wrong.message
    return PipelineStatus.KILLING if found.run.ending is not None else PipelineStatus.PENDING, ""


def _begun(ports: Ports, own: str) -> PipelineView | None:
    try:
        found = get_run(ports, own)
    except NotFound:
        return None
    return pipeline_view(found) if found.plan.definition.kind is DefinitionKind.TASK_PIPELINE else None


def _status(view: RunView) -> PipelineStatus:
    run = view.run
    if run.ending is not None and not run.is_final:
        return PipelineStatus.KILLING
    return _OF_RUN.get(run.phase, PipelineStatus.RUNNING)


def _state(view: RunView, execution: StageExecution | None, node: Node, task: PipelineTask) -> TaskState:
    known = execution.nodes.get(node.key) if execution is not None else None
    if known is None or execution is None:
        is_skipped = execution is not None and _is_skipped(view, execution, node)
        return TaskState(task=task, status=TaskStatus.SKIPPED if is_skipped else TaskStatus.WAITING)
    return TaskState(
        task=task,
        status=_of_node(known),
        workload=known.reference,
        began_at=known.started_at or known.began_at,
        ended_at=known.ended_at,
        reason=known.reason,
    )


def _is_skipped(view: RunView, execution: StageExecution, node: Node) -> bool:
    ending = execution.ending if not execution.at_once else None
    seen = StageView(stage=view.plan.stages[0], states=execution.nodes, ending=ending)
    stops = execution.is_final or (execution.ending is not None and execution.at_once)
    return stops or graph.is_unreachable(seen, node)


def _of_node(state: NodeState) -> TaskStatus:
    return _OF_NODE.get(state.phase, TaskStatus.FAILED if state.phase in BAD else TaskStatus.RUNNING)
