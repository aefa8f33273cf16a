"""What the list of tasks shows: jobs, cronjobs, deployments and services, or the pipelines that they ran in."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.tasks.rows import PipelineRow, TaskRow, pipeline_row, task_row
from chalicelib.kernel.access.principal import may_somewhere
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.task_pipelines.lists import list_pipelines
from chalicelib.use_cases.workloads.lists import TasksQuery, list_tasks
from slipway_formats.frozen import frozen


class Tab(StrEnum):
    """What is listed."""

    TASKS = "tasks"
    PIPELINES = "pipelines"


@frozen
class Search:
    """Query: the list of tasks, or of pipelines. given: the filters as they stand in its address."""

    frame: Frame
    now: datetime
    tab: Tab
    sought: TasksQuery
    given: tuple[tuple[str, str], ...]


@frozen
class TasksPage:
    """What the list shows. filtered: the query of its filters. more: that of its next page; empty without one.

    may_start: the reader may deploy somewhere.
    """

    search: Search
    tasks: Sequence[TaskRow]
    pipelines: Sequence[PipelineRow]
    filtered: str
    more: str
    may_start: bool


def tasks_page(ports: Ports, search: Search) -> TasksPage:
    """Return what is looked for, by namespace. Faults: NotFound for a project that one may not read; Invalid."""
    sought, given = search.sought, list(search.given)
    if sought.project:
        require(sought.by, Level.READ, sought.project, missing=f"no project {sought.project[:100]}")
    tasks = list_tasks(ports, sought) if search.tab is Tab.TASKS else None
    pipelines = list_pipelines(ports, sought) if search.tab is Tab.PIPELINES else None
    after = (tasks.after if tasks else None) or (pipelines.after if pipelines else None)
    here = [("view", search.tab.value)] if search.tab is not Tab.TASKS else []
    return TasksPage(
        search=search,
        tasks=[task_row(view) for view in tasks.items] if tasks else (),
        pipelines=[pipeline_row(view) for view in pipelines.items] if pipelines else (),
        filtered=urlencode(given),
        more=urlencode([*here, *given, ("page_from", after)]) if after else "",
        may_start=may_somewhere(sought.by, Level.WRITE),
    )
