"""The transitions that need no event: time out, retry, skip, start, end a stage, promote, end the run.

No effects here: they are derived from the change by effects_of_change.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine.effects import WHOLE_RUN, Announce, DurableEffect, FreeLock, Occasion
from chalicelib.kernel.engine.nodes import next_redelivery
from chalicelib.kernel.engine.phase import BAD, Phase, worst
from chalicelib.kernel.engine.run import NodeState, PendingEffect, Run, StageExecution
from chalicelib.kernel.engine.stages import LOCK_AGAIN, at_gates, settled_execution
from chalicelib.kernel.plans.plan import Concurrency, Plan, Promotion, Stage


def settle(plan: Plan, run: Run, now: datetime) -> Run:
    """Apply every transition that state and time allow. Idempotent for the same `now`."""
    moved = run
    while (further := _further(plan, moved, now)) is not moved:
        moved = further
    return _redelivering(_owing(plan, run, moved, now), now)


def run_lock(plan: Plan) -> str:
    """The name of the lock of a definition whose runs queue."""
    definition = plan.definition
    return f"{definition.kind}/{definition.project}/{definition.environment}/{definition.name}"


def environment_lock(plan: Plan, stage: Stage) -> str:
    """The name of the lock of an exclusive stage's environment."""
    return f"environment/{plan.definition.project}/{stage.environment}"


def _further(plan: Plan, run: Run, now: datetime) -> Run:
    """Apply one transition; the same run when none is possible."""
    if run.is_final:
        return run
    if run.phase in (Phase.NEW, Phase.WAITING_LOCK):
        return _in_turn(plan, run, now)
    stages = tuple(settled_execution(plan, run, _told(run, one), now) for one in run.stages)
    if any(new is not old for new, old in zip(stages, run.stages, strict=True)):
        return replace(run, stages=stages)
    return run if any(not one.is_final for one in stages) else _onward(plan, run, now)


def _in_turn(plan: Plan, run: Run, now: datetime) -> Run:
    if plan.concurrency is not Concurrency.QUEUE or run.ending is not None:
        return replace(run, phase=Phase.RUNNING, redeliver_at=None)
    if run.phase is Phase.NEW or (run.redeliver_at is not None and now >= run.redeliver_at):
        return replace(run, phase=Phase.WAITING_LOCK, redeliver_at=next_redelivery(now, LOCK_AGAIN))
    return run


def _told(run: Run, execution: StageExecution) -> StageExecution:
    """Pass the ending of a stopping run on to its stage execution."""
    if run.ending is None or execution.ending is not None or execution.is_final:
        return execution
    return replace(execution, ending=run.ending, reason=run.reason)


def _onward(plan: Plan, run: Run, now: datetime) -> Run:
    """Go on after all stage executions ended: enter the next stage, end the run, or wait for a promotion."""
    if run.ending is not None:
        return _ended(run, run.ending, now, run.reason)
    last = run.stages[-1] if run.stages else None
    if last is not None and last.phase in BAD:
        return _ended(run, last.phase, now, last.reason)
    following = awaited(plan, run)
    if following is None:
        return _as_its_stages(plan, run, now)
    if following.promotion is Promotion.MANUAL and last is not None:
        return run
    return entered(plan, run, following, now)


def awaited(plan: Plan, run: Run) -> Stage | None:
    """The stage that the run enters next, after all its executions have ended; None when it goes no further."""
    for stage in plan.after(run.stages[-1].stage) if run.stages else plan.stages:
        latest = run.latest(stage.key)
        if latest is None:
            return stage
        if latest.phase in BAD:
            return None
    return None


def _as_its_stages(plan: Plan, run: Run, now: datetime) -> Run:
    latest = [one for one in (run.latest(stage.key) for stage in plan.stages) if one is not None]
    phase = worst(frozenset(one.phase for one in latest))
    return _ended(run, phase, now, next((one.reason for one in latest if one.phase is phase), ""))


def entered(
    plan: Plan,
    run: Run,
    stage: Stage,
    now: datetime,
    *,
    until: datetime | None = None,
    nodes: Mapping[str, NodeState] | None = None,
) -> Run:
    """Add a new execution of a stage to the run.

    until: a scheduled start. nodes: states that are kept from an earlier execution.
    """
    earlier = run.latest(stage.key)
    execution = StageExecution(
        number=run.executions + 1,
        stage=stage.key,
        attempt=earlier.attempt + 1 if earlier is not None else 1,
        phase=Phase.WAITING_TIME,
        began_at=now,
        until=until,
        nodes=nodes or {},
    )
    begun = at_gates(plan, execution, now) if until is None or until <= now else execution
    return replace(run, executions=begun.number, stages=(*run.stages, begun))


def _ended(run: Run, phase: Phase, now: datetime, reason: str) -> Run:
    return replace(
        run, phase=phase, ended_at=now, ending=None, redeliver_at=None, reason=reason if phase in BAD else ""
    )


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
    stage = plan.by_key[after.stage]
    known = before.nodes if before is not None else {}
    effects: list[DurableEffect] = [
        Announce(occasion=Occasion.PERSON_AWAITED, execution=after.number, node=key, attempt=state.attempt)
        for key, state in after.nodes.items()
        if state.phase is Phase.WAITING_PERSON and key not in known
    ]
    if after.is_final and (before is None or not before.is_final):
        effects.append(Announce(occasion=Occasion.STAGE_ENDED, execution=after.number))
        if stage.exclusive:
            effects.append(FreeLock(execution=after.number, lock=environment_lock(plan, stage)))
    return effects


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
