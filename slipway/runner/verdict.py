"""Map the exception that ended a job to its outcome: failed (the work itself) or broken (everything else)."""

from __future__ import annotations

import sys
import traceback

from slipway.client_error import ApiError
from slipway.perform.faults import StageCancelledError, StageFailedError, StatesError
from slipway.plan.defects import PlanError
from slipway.plan.expression import ScriptError
from slipway.plan.git import GitError
from slipway.plan.ports import InventoryError
from slipway.runner.job_records import Ending
from slipway.runner.leases.held import Stop
from slipway.runner.workspace import Workspace
from slipway_formats.archive import ArchiveError

_LONGEST_REASON = 1000
_FAILED = (StageFailedError, PlanError, ScriptError, ArchiveError)
_BROKEN = (InventoryError, StatesError, GitError, ApiError, OSError)


class JobFieldsError(Exception):
    """The job's fields are malformed or contradict one another."""


# Without a cause they are words of ours, which no secret may garble. All others may repeat what programs and files say.
_OURS = (StageCancelledError, StageFailedError, JobFieldsError)


def judge(workspace: Workspace, error: Exception) -> Ending:
    """Return the outcome for an exception, and log it. If the job was stopped, the stop decides."""
    if workspace.held.why is not None:
        return stopped(workspace)
    is_ours = isinstance(error, _OURS) and error.__cause__ is None
    text = str(error) if is_ours else workspace.log.masked(str(error))
    ending = _judged(error, text)
    workspace.log.note(text.strip() or ending.reason)
    return ending


def stopped(workspace: Workspace) -> Ending:
    """The outcome of a stopped job."""
    if workspace.held.why is not Stop.TIMED_OUT:
        when = "while it was at work" if workspace.held.began else "before it began"
        return Ending(outcome="cancelled", reason=f"stopped {when}")
    reason = f"not done after {workspace.job.timeout:g} seconds"
    workspace.log.note(reason)
    return Ending(outcome="failed", reason=reason)


def one_line(text: str) -> str:
    """The text on one line, shortened to what a reason may hold."""
    lines = "; ".join(line.strip() for line in text.splitlines() if line.strip())
    return lines if len(lines) <= _LONGEST_REASON else f"{lines[: _LONGEST_REASON - 1]}…"


def _judged(error: Exception, text: str) -> Ending:
    reason = one_line(text) or type(error).__name__
    match error:
        case StageCancelledError():
            return Ending(outcome="cancelled", reason=reason)
        case _ if isinstance(error, _FAILED):
            return Ending(outcome="failed", reason=reason)
        case _ if isinstance(error, (*_BROKEN, JobFieldsError)):
            return Ending(outcome="broken", reason=reason)
        case _:
            sys.stderr.write("".join(traceback.format_exception(error)))
            return Ending(outcome="broken", reason=one_line(f"unforeseen {type(error).__name__}: {text}"))
