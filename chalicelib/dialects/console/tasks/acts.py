"""Start, run again and delete tasks as forms ask for it: into production after a fresh login alone."""

from datetime import datetime
from typing import assert_never

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.installation.task_namespaces import environment_of_task_namespace
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.fresh_login import check_fresh_for
from chalicelib.use_cases.task_pipelines.from_git import RunFromGit, run_pipeline_from_git
from chalicelib.use_cases.task_pipelines.views import PipelineView
from chalicelib.use_cases.workloads.tasks import (
    DeployTask,
    RemoveTaskOfId,
    RunTaskAgain,
    TaskNamed,
    deploy_task,
    get_task,
    remove_task_of_id,
    run_task_again,
)
from chalicelib.use_cases.workloads.views import WorkloadView
from slipway_formats.frozen import frozen


@frozen
class StartByForm:
    """Command: a task or a pipeline of a directory. is_by_session: a browser sends it, by its cookie."""

    start: DeployTask | RunFromGit
    is_by_session: bool


@frozen
class ActOnTask:
    """Command: an act on a task. is_by_session: as of a start."""

    act: RunTaskAgain | RemoveTaskOfId
    is_by_session: bool


def start_by_form(ports: Ports, command: StartByForm) -> WorkloadView | PipelineView:
    """Deploy a task or run a pipeline.

    Faults: those of `deploy_task` and `run_pipeline_from_git`; Unauthenticated.
    """
    start = command.start
    if command.is_by_session:
        environment = environment_of_task_namespace(ports, start.namespace)
        check_fresh_for(ports, start.origin.by, [environment], start.origin.at)
    match start:
        case DeployTask():
            return deploy_task(ports, start)
        case RunFromGit():
            return run_pipeline_from_git(ports, start)
        case _:
            assert_never(start)


def act_on_task(ports: Ports, command: ActOnTask) -> WorkloadView | Workload:
    """Run a job again, or delete a task. Faults: those of `run_task_again` and `remove_task_of_id`; Unauthenticated."""
    match command.act:
        case RunTaskAgain(origin=origin, id=own) as again:
            if command.is_by_session:
                _check_fresh(ports, origin.by, own, origin.at)
            return run_task_again(ports, again)
        case RemoveTaskOfId() as removal:
            return remove_task_of_id(ports, removal)
        case _:
            assert_never(command.act)


def _check_fresh(ports: Ports, by: Principal, own: str, now: datetime) -> None:
    task = get_task(ports, TaskNamed(by=by, id=own)).workload
    check_fresh_for(ports, by, [task.environment], now)
