"""The transitions that need no event: time out, retry, skip, start, end a stage, promote, end the run.

No effects here: they are derived from the change by effects_of_change.py.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine.effects import WHOLE_RUN, Announce, DurableEffect, FreeLock, Occasion
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.context import Clock
from chalicelib.kernel.engine.progress.locks import run_lock, stage_lock
from chalicelib.kernel.engine.progress.nodes import next_redelivery
from chalicelib.kernel.engine.progress.onward import onward
from chalicelib.kernel.engine.progress.stages import LOCK_AGAIN, settled_execution
from chalicelib.kernel.engine.run import PendingEffect, Run, StageExecution
from chalicelib.kernel.plans.plan import Concurrency, Plan, Stage


def settle(plan: Plan, run: Run, now: datetime, *, until: datetime | None = None) -> Run:
    """Apply every transition that state and time allow. Idempotent for the same `now`.

    until: the current time, where `now` is an instant before it: what begins meanwhile begins then.
    """
    clock, moved = Clock(now=now, until=until or now), run
    while (further := _further(plan, moved, clock)) is not moved:
        moved = further
    return _redelivering(_owing(plan, run, moved, now), now)


def _further(plan: Plan, run: Run, clock: Clock) -> Run:
    """Apply one transition; the same run when none is possible."""
    if run.is_final:
        return run
    if run.is_paused and run.ending is None:
        return _stopped(plan, run, clock)
    if run.phase in (Phase.NEW, Phase.WAITING_LOCK):
        return _in_turn(plan, run, clock.now)
    stages = tuple(settled_execution(plan, run, _told(run, one), clock) for one in run.stages)
    if any(new is not old for new, old in zip(stages, run.stages, strict=True)):
        return replace(run, stages=stages)
    goes_on = any(not one.is_final and not one.is_collecting for one in stages)
    return run if goes_on else onward(plan, run, clock.now)


def _stopped(plan: Plan, run: Run, clock: Clock) -> Run:
    """Apply one transition to what a paused run stops; nothing else of it moves."""
    stages = tuple(one if one.ending is None else settled_execution(plan, run, one, clock) for one in run.stages)
    is_moved = any(new is not old for new, old in zip(stages, run.stages, strict=True))
    return replace(run, stages=stages) if is_moved else run


def _in_turn(plan: Plan, run: Run, now: datetime) -> Run:
    if plan.concurrency is not Concurrency.QUEUE or run.ending is not None:
        return replace(run, phase=Phase.RUNNING, redeliver_at=None)
    if run.phase is Phase.NEW or (run.redeliver_at is not None and now >= run.redeliver_at):
        return replace(run, phase=Phase.WAITING_LOCK, redeliver_at=next_redelivery(now, LOCK_AGAIN))
    return run


def _told(run: Run, execution: StageExecution) -> StageExecution:
    """Pass the ending of a stopping run on to its stage execution."""
    is_told = execution.ending is not None and (execution.at_once or not run.at_once)
    if run.ending is None or is_told or execution.is_final:
        return execution
    return replace(execution, ending=run.ending, reason=run.reason, at_once=run.at_once)


def _owing(plan: Plan, before: Run, after: Run, now: datetime) -> Run:
    """Add the durable effects of this transition: locks to release, announcements to make."""
    if after is before:
        return after
    earlier = {one.number: one for one in before.stages}
    effects: list[DurableEffect] = []
    for execution in after.stages:
        if execution is not earlier.get(execution.number):
            effects += _owed_by_stage(plan, earlier.get(execution.number), execution)
    if after.is_final and not before.is_final:
        effects += _owed_by_end(plan, after)
    return owing(after, tuple(effects), now)


def owing(run: Run, effects: tuple[DurableEffect, ...], now: datetime) -> Run:
    """Add durable effects to the run, to be kept until they are acknowledged."""
    if not effects:
        return run
    entries = tuple(PendingEffect(effect=effect, redeliver_at=next_redelivery(now)) for effect in effects)
    return replace(run, pending_effects=(*run.pending_effects, *entries))


def _owed_by_stage(plan: Plan, before: StageExecution | None, after: StageExecution) -> list[DurableEffect]:
    known = before.nodes if before is not None else {}
    effects: list[DurableEffect] = [
        Announce(occasion=Occasion.PERSON_AWAITED, execution=after.number, node=key, attempt=state.attempt)
        for key, state in after.nodes.items()
        if state.phase is Phase.WAITING_PERSON and key not in known
    ]
    stage = plan.by_key[after.stage]
    if plan.travels is not None and _has_stepped(stage, after) and not (before and _has_stepped(stage, before)):
        effects.append(Announce(occasion=Occasion.STAGE_BEGAN, execution=after.number))
    lock = stage_lock(plan, stage)
    if lock is not None and before is not None and before.turn != after.turn:
        effects.append(FreeLock(execution=after.number, lock=lock, attempt=before.turn))
    if after.is_final and (before is None or not before.is_final):
        effects.append(Announce(occasion=Occasion.STAGE_ENDED, execution=after.number))
        if lock is not None:
            effects.append(FreeLock(execution=after.number, lock=lock, attempt=after.turn))
    return effects


def _has_stepped(stage: Stage, execution: StageExecution) -> bool:
    """Whether a step has begun. Not by the phase: an event that lets a stage go on turns it before any step begins."""
    return execution.phase is Phase.SUCCEEDED or any(step.key in execution.nodes for step in stage.steps)


def _owed_by_end(plan: Plan, run: Run) -> list[DurableEffect]:
    effects: list[DurableEffect] = [Announce(occasion=Occasion.RUN_ENDED, attempt=run.retries)]
    if plan.concurrency is Concurrency.QUEUE:
        effects.append(FreeLock(execution=WHOLE_RUN, lock=run_lock(plan), attempt=run.retries))
    return effects


def _redelivering(run: Run, now: datetime) -> Run:
    if all(now < entry.redeliver_at for entry in run.pending_effects):
        return run
    owed = tuple(
        replace(entry, redeliver_at=next_redelivery(now)) if now >= entry.redeliver_at else entry
        for entry in run.pending_effects
    )
    return replace(run, pending_effects=owed)
