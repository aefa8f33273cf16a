"""How performing can end badly, besides a PlanError of the plan and an InventoryError of the inventory."""

from __future__ import annotations

from slipway.plan.archive import ArchiveError
from slipway.plan.defects import PlanError
from slipway.plan.expression import ScriptError
from slipway.plan.git import GitError
from slipway.plan.ports import InventoryError


class StageFailedError(Exception):
    """The work said no: a script failed, a value is missing, an output is wrong."""


class StageCancelledError(Exception):
    """Somebody said stop."""


class StatesError(Exception):
    """The state could not be loaded or saved."""


# What a deployment's status records as its failure, before it travels on.
RECORDED = (
    StageFailedError, StageCancelledError, PlanError, ScriptError, ArchiveError, InventoryError, GitError, OSError,
)  # fmt: skip
