"""Perform a job of any kind. Each kind has a module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from slipway.runner.job_fields import has_network
from slipway.runner.job_records import Ending, Job
from slipway.runner.sandbox.walls import Kind
from slipway.runner.verdict import judge
from slipway.runner.work import build, deploy, load, script, task
from slipway.runner.workspace import Workspace

Perform = Callable[[Workspace], Ending]
KINDS: Mapping[str, Perform] = MappingProxyType(
    {
        "script": script.perform,
        "build": build.perform,
        "deploy": deploy.perform,
        "smoke": deploy.perform,
        "destroy": deploy.perform,
        "errand": deploy.perform,
        "task": task.perform,
        "load": load.perform,
    }
)


def do(workspace: Workspace) -> Ending:
    """Perform the job and return its ending; never raises. A stopped job ends as stopped, unless it had finished."""
    try:
        return _done(workspace)
    finally:
        workspace.log.close()


def _done(workspace: Workspace) -> Ending:
    perform = KINDS.get(workspace.job.kind)
    if perform is None:
        return Ending(outcome="broken", reason=f"this runner does not know jobs of kind {workspace.job.kind}")
    defect = _sandbox_defect(workspace)
    if defect:
        return Ending(outcome="broken", reason=defect)
    try:
        return perform(workspace)
    except Exception as error:  # noqa: BLE001 - last resort: the runner survives any job
        return judge(workspace, error)


def _sandbox_defect(workspace: Workspace) -> str:
    """Log which sandbox the job has. Return why it cannot run in that; blank if it can."""
    sandbox = workspace.sandbox
    if sandbox.kind is Kind.NONE and not has_network(workspace.job.ask):
        return "network: false needs a sandbox, and this runner has none"
    if sandbox.kind is not Kind.NONE or sandbox.why:
        workspace.log.note(f"sandbox: {sandbox}")
    return ""


def may_leave_running(job: Job, ending: Ending) -> bool:
    """Whether background processes of the job may run on: only after a successful deployment."""
    return job.kind not in {"script", "build", "task", "load"} and ending.outcome == "succeeded"
