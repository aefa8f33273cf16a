"""Doing a job, whatever its kind. The kinds have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from slipway.runner.jobs import Ending, Job
from slipway.runner.verdict import judge
from slipway.runner.work import build as building
from slipway.runner.work import deploy as deploying
from slipway.runner.work import script
from slipway.runner.workspace import Bay

Perform = Callable[[Bay], Ending]
KINDS: Mapping[str, Perform] = MappingProxyType(
    {
        "script": script.perform,
        "build": building.perform,
        "deploy": deploying.perform,
        "smoke": deploying.perform,
        "destroy": deploying.perform,
        "errand": deploying.perform,
    }
)


def do(bay: Bay) -> Ending:
    """How the job ended; nothing is raised. One that was told to stop ends as it was told, unless it was done."""
    perform = KINDS.get(bay.job.kind)
    if perform is None:
        return Ending(outcome="broken", reason=f"this runner does not know jobs of kind {bay.job.kind}")
    try:
        return perform(bay)
    except Exception as error:  # noqa: BLE001 - the worker's door: whatever a job does, the runner goes on
        return judge(bay, error)


def may_leave_running(job: Job, ending: Ending) -> bool:
    """Whether what the job started and did not wait for is to run on: what was deployed well is."""
    return job.kind not in {"script", "build"} and ending.outcome == "succeeded"
