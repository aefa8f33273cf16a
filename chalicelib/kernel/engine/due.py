"""Computes when a run must be advanced next if no event arrives before."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.nodes import deadline
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.plans.plan import Plan, Stage

UNTIL = frozenset({Phase.WAITING_TIME, Phase.RUNNING})
"""Of a stage execution: where its `until` is waited for. At the gates, they are waited for first."""


def due_at(plan: Plan, run: Run) -> datetime | None:
    """The earliest instant at which a timer fires or an unacknowledged effect is sent again; None: never."""
    instants = [entry.redeliver_at for entry in run.pending_effects]
    if not run.is_final:
        instants += _of_run(plan, run)
    return min(instants, default=None)


def _of_run(plan: Plan, run: Run) -> Iterator[datetime]:
    is_held = run.is_paused and run.ending is None
    if run.redeliver_at is not None and not is_held:
        yield run.redeliver_at
    for execution in run.stages:
        if not execution.is_final and not (is_held and execution.ending is None):
            opens = execution.until if execution.phase in UNTIL else None
            yield from (one for one in (opens, execution.redeliver_at) if one is not None)
            yield from _of_nodes(plan.by_key[execution.stage], execution)


def _of_nodes(stage: Stage, execution: StageExecution) -> Iterator[datetime]:
    for key, state in execution.nodes.items():
        if not state.is_final:
            instants = (state.until, state.redeliver_at, deadline(stage.by_key[key], state))
            yield from (one for one in instants if one is not None)
