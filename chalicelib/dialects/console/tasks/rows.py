"""Tasks and their pipelines as rows of lists."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.tasks.marks import PIPELINES, TASKS
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.task_pipelines.views import PipelineView, TaskStatus
from chalicelib.use_cases.workloads.views import WorkloadView
from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import WorkloadKind

DONE = frozenset({TaskStatus.SUCCEEDED, TaskStatus.SKIPPED})


@frozen
class TaskRow:
    """A task as a row. kind: empty while its manifest is read. ready: pods that answer, of how many, of what lasts.

    last: when it ran last; None before. next: when it fires next. exit_code: of its last pod.
    """

    path: str
    tile: Tile
    title: str
    kind: str
    look: Mark
    ready: str
    exit_code: int | None
    last: datetime | None
    next: datetime | None
    by: str


@frozen
class PipelineRow:
    """A pipeline of tasks as a row. run: whose page shows it. done: tasks that are through, of how many."""

    run: str
    tile: Tile
    title: str
    look: Mark
    done: str
    message: str
    began_at: datetime
    ended_at: datetime | None
    by: str


def task_path(own: str) -> str:
    """Return the path of the page of a task, its id not yet quoted."""
    return f"/tasks/{own}"


def title_of_task(workload: Workload) -> str:
    """Return what people call a task: its namespace and name; before its name is known, where it comes from."""
    source = workload.source
    named = workload.name or workload.given_name or (source.directory if source is not None else "") or workload.id
    return f"{workload.namespace}/{named}"


def task_row(view: WorkloadView) -> TaskRow:
    """Return the row of a task."""
    workload = view.workload
    return TaskRow(
        path=task_path(workload.id),
        tile=tile_of(workload.project),
        title=title_of_task(workload),
        kind=workload.kind or "",
        look=TASKS[view.status],
        ready=ready_of(view),
        exit_code=exit_code_of(view),
        last=last_of(view),
        next=workload.next_fire,
        by=workload.by,
    )


def ready_of(view: WorkloadView) -> str:
    """Return how many pods answer, of how many; nothing of what does not last."""
    manifest = view.workload.manifest
    if manifest is None or not view.workload.lasts:
        return ""
    return f"{sum(pod.ready for pod in view.pods)}/{manifest.replicas}"


def exit_code_of(view: WorkloadView) -> int | None:
    """Return with what the last pod of a task ended that has ended."""
    return next((pod.exit_code for pod in reversed(view.pods) if pod.exit_code is not None), None)


def last_of(view: WorkloadView) -> datetime | None:
    """Return when a task ran last: a cronjob its last fire that started a job, what has run its end or begin."""
    workload, run = view.workload, view.run
    if workload.kind is WorkloadKind.CRONJOB:
        return workload.last_fire if workload.jobs else None
    if run is None:
        return None
    began = (state.started_at or state.began_at for stage in run.stages for state in stage.nodes.values())
    return run.ended_at or next(began, None)


def pipeline_row(view: PipelineView) -> PipelineRow:
    """Return the row of a pipeline of tasks."""
    run, plan = view.view.run, view.view.plan
    return PipelineRow(
        run=run.id,
        tile=tile_of(plan.definition.project),
        title=f"{view.namespace}/{view.pipeline.name}",
        look=PIPELINES[view.status],
        done=f"{sum(task.status in DONE for task in view.tasks)} of {len(view.tasks)}" if view.tasks else "",
        message=view.message,
        began_at=plan.created_at,
        ended_at=run.ended_at,
        by=plan.started_by,
    )


def task_rows(views: Sequence[WorkloadView]) -> Sequence[TaskRow]:
    """Return the rows of tasks."""
    return [task_row(view) for view in views]
