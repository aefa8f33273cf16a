"""How far something came in a stage, as a cell of a table."""

from datetime import datetime

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import StageExecution
from chalicelib.kernel.plans.plan import Stage
from slipway_formats.frozen import frozen

QUIET = frozenset({Phase.NEW, Phase.SUCCEEDED, Phase.SKIPPED, Phase.OVERRIDDEN, Phase.CANCELLED, Phase.SUPERSEDED})
"""Phases of gates and steps of which a cell says nothing."""


@frozen
class StageCell:
    """How far a run came in a stage. at: what is under way or ended it, if that is one gate or step."""

    phase: Phase
    began_at: datetime | None = None
    ended_at: datetime | None = None
    at: str = ""


def stage_cell(stage: Stage, execution: StageExecution) -> StageCell:
    """Return the cell of an execution of a stage."""
    names = {node.key: node.name for node in (*stage.gates, *stage.steps)}
    busy = [names[key] for key, node in execution.nodes.items() if key in names and node.phase not in QUIET]
    return StageCell(
        phase=execution.phase,
        began_at=execution.began_at,
        ended_at=execution.ended_at,
        at=busy[0] if len(busy) == 1 else "",
    )
