"""When a run must be looked at again, at the latest."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.kernel.nodes import deadline
from chalicelib.kernel.phase import Phase
from chalicelib.kernel.plan import Node, Plan
from chalicelib.kernel.run import NodeState, Run, StageExecution
from chalicelib.kernel.work import Schedule, Wait

TIMED = frozenset({Phase.WAITING_PERSON, Phase.STARTING, Phase.RUNNING})


def due_at(plan: Plan, run: Run) -> datetime | None:
    """The earliest instant at which time alone changes something, or something unacknowledged is asked for anew."""
    instants = [entry.ask_again for entry in run.owed]
    if not run.is_final:
        instants += [one for one in (run.ask_again,) if one is not None]
        for execution in run.stages:
            instants += _of_execution(plan, execution)
    return min(instants, default=None)


def _of_execution(plan: Plan, execution: StageExecution) -> Iterator[datetime]:
    if execution.is_final:
        return
    yield from (one for one in (execution.until, execution.ask_again) if one is not None)
    stage = plan.by_key[execution.stage]
    for key, state in execution.nodes.items():
        yield from (one for one in (state.until, state.ask_again) if one is not None)
        node = stage.node(key)
        due = deadline(node, state) if node is not None and _is_timed(node, state) else None
        if due is not None:
            yield due


def _is_timed(node: Node, state: NodeState) -> bool:
    """Whether the node's deadline counts now: not while it waits for its next attempt."""
    return state.phase in TIMED or (state.phase is Phase.WAITING_TIME and isinstance(node.work, Schedule | Wait))
