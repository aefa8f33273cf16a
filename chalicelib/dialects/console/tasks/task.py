"""What the page of a task shows: how it is, its pods, the jobs that it started, its log, and what can be done."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.forms import Button
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.last_lines import last_lines
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.tasks.marks import PODS, TASKS
from chalicelib.dialects.console.tasks.rows import TaskRow, last_of, ready_of, task_row, title_of_task
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.workloads.pods import Pod
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.kernel.workloads.workload import GONE, Workload
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.workloads.tasks import TaskNamed, get_task, list_jobs_of_task
from chalicelib.use_cases.workloads.views import WorkloadView
from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import WorkloadKind

DELETE = Button(value="delete", word="Delete it", tone="danger")


@frozen
class TaskQuery:
    """Query: the page of a task. known: what the reader sees."""

    frame: Frame
    now: datetime
    of: TaskNamed
    known: str = ""

    @property
    def by(self) -> Principal:
        """Return who asks."""
        return self.of.by


@frozen
class TaskPage:
    """What the page shows. message: why it is as it is. variables: their names alone. jobs: that it has started.

    job: whose log is shown; empty before it says anything. delete: what the reader may press, for what holds its name.
    may_run_again: a job that has ended.
    """

    asked: TaskQuery
    live: Live
    crumbs: Sequence[Crumb]
    workload: Workload
    title: str
    look: Mark
    run: str
    ready: str
    last: datetime | None
    message: str
    schedule: str
    variables: Sequence[str]
    pods: Sequence[tuple[Pod, Mark]]
    jobs: Sequence[TaskRow]
    job: str
    lines: Sequence[str]
    delete: Button | None
    may_run_again: bool


def task_page(ports: Ports, asked: TaskQuery) -> TaskPage | Unchanged:
    """Return what the page of a task shows. Faults: NotFound."""

    def look() -> tuple[Pulse, Callable[[Live], TaskPage]]:
        view = get_task(ports, asked.of)
        jobs = list_jobs_of_task(ports, view.workload)
        return _pulse(view, jobs), lambda live: _page(ports, asked, live, view, jobs)

    return kept_live(ports, asked, look)


def _pulse(view: WorkloadView, jobs: Sequence[WorkloadView]) -> Pulse:
    """Return how a page of a task moves; no event tells of pods."""
    shown = [(one.workload.id, one.workload.version, one.status, one.pods, one.job) for one in (view, *jobs)]
    # What is gone may still have pods that stop.
    is_over = view.workload.phase in GONE and (view.run is None or view.run.is_final)
    moving = Pace.MOVING if view.status in BUSY else Pace.WAITING
    return Pulse(mark=mark_of(shown), pace=Pace.FINAL if is_over else moving, is_told=False)


BUSY = frozenset({WorkloadStatus.DEPLOYING, WorkloadStatus.RUNNING})


def _page(  # noqa: PLR0917 - what was looked at
    ports: Ports, asked: TaskQuery, live: Live, view: WorkloadView, jobs: Sequence[WorkloadView]
) -> TaskPage:
    workload, run, manifest = view.workload, view.run, view.workload.manifest
    title, is_writer = title_of_task(workload), may(asked.by, Level.WRITE, workload.project)
    lines = last_lines(ports, view.job)
    return TaskPage(
        asked=asked,
        live=live,
        crumbs=[
            Crumb(word=workload.project, path=f"/projects/{workload.project}", tile=tile_of(workload.project)),
            Crumb(word="Tasks", path="/tasks"),
            Crumb(word=title),
        ],
        workload=workload,
        title=title,
        look=TASKS[view.status],
        run=run.id if run is not None else "",
        ready=ready_of(view),
        last=last_of(view),
        message=workload.message or (run.reason if run is not None else ""),
        schedule=_schedule(workload),
        variables=sorted(manifest.env) if manifest is not None else (),
        pods=[(pod, PODS[pod.phase]) for pod in view.pods],
        jobs=[task_row(one) for one in jobs],
        job=view.job if lines or view.status is not WorkloadStatus.PENDING else "",
        lines=lines,
        delete=DELETE if is_writer and workload.is_current else None,
        may_run_again=is_writer and _may_run_again(view),
    )


def _schedule(workload: Workload) -> str:
    """Return by what schedule it fires; a job that a cronjob has started does not."""
    if workload.manifest is None:
        return workload.given_schedule
    return workload.manifest.schedule if workload.kind is WorkloadKind.CRONJOB else ""


def _may_run_again(view: WorkloadView) -> bool:
    workload = view.workload
    is_ended = view.run is not None and view.run.is_final
    return workload.kind is WorkloadKind.JOB and workload.manifest is not None and workload.is_current and is_ended
