"""Derives the effects of a transition by comparing the run before and after it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from chalicelib.kernel.engine.due import UNTIL
from chalicelib.kernel.engine.effects import (
    WHOLE_RUN,
    CheckWatermark,
    Effect,
    PassGates,
    StartStep,
    StopStep,
    TakeLock,
    WakeAt,
)
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.locks import run_lock, stage_lock
from chalicelib.kernel.engine.progress.nodes import deadline
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import Plan


def effects_of_change(plan: Plan, before: Run, after: Run) -> tuple[Effect, ...]:
    """The effects that the change requires, in order: stops, starts and locks, durable effects, wake-ups."""
    if after is before:
        return ()
    earlier = {one.number: one for one in before.stages}
    steps = [effect for one in after.stages for effect in _of_execution(plan, earlier.get(one.number), one)]
    known = frozenset(before.pending_effects)
    owed = [entry.effect for entry in after.pending_effects if entry not in known]
    moments = frozenset(_moments(plan, after, earlier))
    wakes = [WakeAt(at=at) for at in sorted(moments.difference(_moments(plan, before, {})))] if moments else []
    return (*sorted(steps, key=_urgency), *_of_run(plan, before, after), *owed, *wakes)


def _urgency(effect: Effect) -> bool:
    return not isinstance(effect, StopStep)


def _of_run(plan: Plan, before: Run, after: Run) -> Iterator[Effect]:
    if after.phase is Phase.WAITING_LOCK and _asking_turn(before) != _asking_turn(after):
        yield TakeLock(execution=WHOLE_RUN, lock=run_lock(plan), attempt=after.retries)


def _asking_turn(run: Run) -> tuple[Phase, int, datetime | None]:
    return run.phase, run.retries, run.redeliver_at


def _of_execution(plan: Plan, before: StageExecution | None, after: StageExecution) -> Iterator[Effect]:
    if after is before or (after.is_final and before is not None and before.is_final):
        return
    stage = plan.by_key[after.stage]
    known = before.nodes if before is not None else {}
    for key, state in after.nodes.items():
        if state is not known.get(key):
            yield from _of_node(after.number, key, known.get(key), state)
    moved = before is None or _asking_entrance(before) != _asking_entrance(after)
    if moved and after.phase is Phase.GATES and after.redeliver_at is not None:
        yield CheckWatermark(execution=after.number, stage=stage.key)
    if moved and after.phase is Phase.PASSING:
        yield PassGates(execution=after.number, stage=stage.key)
    lock = stage_lock(plan, stage)
    if moved and after.phase is Phase.WAITING_LOCK and lock is not None:
        yield TakeLock(execution=after.number, lock=lock, attempt=after.turn)


def _asking_entrance(execution: StageExecution) -> tuple[Phase, int, datetime | None]:
    return execution.phase, execution.turn, execution.redeliver_at


def _of_node(execution: int, key: str, before: NodeState | None, after: NodeState) -> Iterator[Effect]:
    if after.redeliver_at is None:
        return
    if before is not None and _asking(before) == _asking(after):
        return
    if after.phase is Phase.STOPPING:
        yield StopStep(execution=execution, node=key, attempt=after.attempt)
    else:
        yield StartStep(execution=execution, node=key, attempt=after.attempt)


def _asking(state: NodeState) -> tuple[Phase, int, datetime | None]:
    return state.phase, state.attempt, state.redeliver_at


def _moments(plan: Plan, run: Run, earlier: Mapping[int, StageExecution]) -> Iterator[datetime]:
    """When a waiting node or a scheduled promotion opens, or a node's time is over; of nodes, those changed since."""
    for one in run.stages:
        if one.is_final or one is (before := earlier.get(one.number)):
            continue
        if one.until is not None and one.phase in UNTIL:
            yield one.until
        known = before.nodes if before is not None else {}
        stage = plan.by_key[one.stage]
        for key, state in one.nodes.items():
            if state is not known.get(key) and not state.is_final:
                instants = (state.until, deadline(stage.by_key[key], state))
                yield from (instant for instant in instants if instant is not None)
