"""How a job ended, judged by what was raised while it was done: the work said no, or we could not do it."""

from __future__ import annotations

import sys
import traceback

from slipway.client_error import ApiError
from slipway.perform.faults import StageCancelledError, StageFailedError, StatesError
from slipway.plan.archive import ArchiveError
from slipway.plan.defects import PlanError
from slipway.plan.expression import ScriptError
from slipway.plan.git import GitError
from slipway.plan.ports import InventoryError
from slipway.runner.jobs import Ending
from slipway.runner.leases.held import Stop
from slipway.runner.workspace import Bay

_LONGEST_REASON = 1000
_FAILED = (StageFailedError, PlanError, ScriptError, ArchiveError)
_BROKEN = (InventoryError, StatesError, GitError, ApiError, OSError)


class AskError(Exception):
    """The platform asks for something that cannot be done as it is asked."""


def judge(bay: Bay, error: Exception) -> Ending:
    """How the job ended; its log says why. One that was told to stop ended by that, whatever it raised."""
    if bay.held.why is not None:
        return stopped(bay)
    ending = _judged(error)
    bay.log.note(str(error).strip() or ending.reason)
    return ending


def stopped(bay: Bay) -> Ending:
    """How a job ended that was told to stop."""
    if bay.held.why is not Stop.TIMED_OUT:
        when = "while it was at work" if bay.held.began else "before it began"
        return Ending(outcome="cancelled", reason=f"stopped {when}")
    reason = f"not done after {bay.job.timeout:g} seconds"
    bay.log.note(reason)
    return Ending(outcome="failed", reason=reason)


def one_line(text: str) -> str:
    """The text as a reason: its lines joined, not too long."""
    lines = "; ".join(line.strip() for line in text.splitlines() if line.strip())
    return lines if len(lines) <= _LONGEST_REASON else f"{lines[: _LONGEST_REASON - 1]}…"


def _judged(error: Exception) -> Ending:
    reason = one_line(str(error)) or type(error).__name__
    match error:
        case StageCancelledError():
            return Ending(outcome="cancelled", reason=reason)
        case _ if isinstance(error, _FAILED):
            return Ending(outcome="failed", reason=reason)
        case _ if isinstance(error, (*_BROKEN, AskError)):
            return Ending(outcome="broken", reason=reason)
        case _:
            sys.stderr.write("".join(traceback.format_exception(error)))
            return Ending(outcome="broken", reason=one_line(f"unforeseen {type(error).__name__}: {error}"))
