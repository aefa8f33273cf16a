"""Doing a job, whatever its kind, and saying in one line how it ended. The kinds have modules of their own."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from types import MappingProxyType

from slipway.client_error import ApiError
from slipway.perform.faults import StageCancelledError, StageFailedError, StatesError
from slipway.plan.archive import ArchiveError
from slipway.plan.defects import PlanError
from slipway.plan.expression import ScriptError
from slipway.plan.git import GitError
from slipway.plan.ports import InventoryError
from slipway.runner import script
from slipway.runner.bay import Bay
from slipway.runner.held import Stop
from slipway.runner.jobs import Ending, Job
from slipway.runner.script import AskError

_LONGEST_REASON = 1000
_FAILED = (StageFailedError, PlanError, ScriptError, ArchiveError)
_BROKEN = (InventoryError, StatesError, GitError, ApiError, AskError, OSError)
Perform = Callable[[Bay], Ending]
KINDS: Mapping[str, Perform] = MappingProxyType({"script": script.perform})


def do(bay: Bay) -> Ending:
    """How the job ended; nothing is raised. A job that was told to stop ends as it was told, unless it was done."""
    try:
        perform = KINDS.get(bay.job.kind)
        if perform is None:
            return Ending(outcome="broken", reason=f"this runner does not know jobs of kind {bay.job.kind}")
        return perform(bay)
    except Exception as error:  # noqa: BLE001 - the worker's door: whatever a job does, the runner goes on
        return _ended(bay, error)


def may_leave_running(job: Job, ending: Ending) -> bool:
    """Whether what the job started and did not wait for is to run on: what was deployed well is."""
    return job.kind not in {"script", "build"} and ending.outcome == "succeeded"


def _ended(bay: Bay, error: Exception) -> Ending:
    if bay.held.why is not None:
        return _stopped(bay, bay.held.why)
    ending = _judged(error)
    if "\n" in str(error).strip():
        bay.log.note(str(error))
    elif ending.reason:
        bay.log.note(ending.reason)
    return ending


def _stopped(bay: Bay, why: Stop) -> Ending:
    if why is Stop.TIMED_OUT:
        reason = f"not done after {bay.job.timeout:g} seconds"
        bay.log.note(reason)
        return Ending(outcome="failed", reason=reason)
    return Ending(outcome="cancelled", reason="stopped while it was at work")


def _judged(error: Exception) -> Ending:
    match error:
        case StageCancelledError():
            return Ending(outcome="cancelled", reason=one_line(str(error)))
        case _ if isinstance(error, _FAILED):
            return Ending(outcome="failed", reason=one_line(str(error)))
        case _ if isinstance(error, _BROKEN):
            return Ending(outcome="broken", reason=one_line(str(error) or type(error).__name__))
        case _:
            sys.stderr.write("".join(traceback.format_exception(error)))
            return Ending(outcome="broken", reason=one_line(f"unforeseen {type(error).__name__}: {error}"))


def one_line(text: str) -> str:
    """The text as a reason: its lines joined, not too long."""
    lines = "; ".join(line.strip() for line in text.splitlines() if line.strip())
    return lines if len(lines) <= _LONGEST_REASON else f"{lines[: _LONGEST_REASON - 1]}…"
