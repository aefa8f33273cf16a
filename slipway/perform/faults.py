"""Errors of performing, besides PlanError and InventoryError."""

from __future__ import annotations

from slipway.plan.defects import PlanError
from slipway.plan.expression import ScriptError
from slipway.plan.git import GitError
from slipway.plan.ports import InventoryError
from slipway_formats.archive import ArchiveError


class StageFailedError(Exception):
    """A script failed, a value is missing, or an output is wrong."""


class StageCancelledError(Exception):
    """The work was cancelled."""


class StatesError(Exception):
    """The state could not be loaded or saved."""


# Errors that are recorded in a deployment's status before they are raised further.
RECORDED = (
    StageFailedError, StageCancelledError, PlanError, ScriptError, ArchiveError, InventoryError, GitError, OSError,
)  # fmt: skip
