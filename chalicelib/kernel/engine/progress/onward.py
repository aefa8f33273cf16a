"""Where a run goes when nothing is under way: gates ahead open, the next stage is entered, or the run ends.

A stage is *entered* when its promotion is given. One of manual promotion opens its gates before, as soon as it is the
next; where the plan enforces no order, every stage does so at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine.phase import BAD, Phase, worst
from chalicelib.kernel.engine.progress.retry import keep_successes
from chalicelib.kernel.engine.progress.stages import at_gates, closed, promoted, rescheduled
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import Plan, Promotion, Stage


def onward(plan: Plan, run: Run, now: datetime) -> Run:
    """Go on after all that was under way has ended: open gates, enter the next stage, end the run, or wait."""
    if run.ending is not None:
        return _ended(run, run.ending, now, run.reason)
    following = None if any(one.phase in BAD for one in _latest(plan, run)) else awaited(plan, run)
    if following is None:
        return _as_its_stages(plan, run, now)
    for stage in _opening(plan, following):
        if _is_closed(run.latest(stage.key)):
            return opened(plan, run, stage, now)
    if following.promotion is Promotion.MANUAL:
        return run
    return promote(plan, run, following, now)


def awaited(plan: Plan, run: Run) -> Stage | None:
    """The stage that the run enters next: after the furthest that it entered; None when it goes no further."""
    has = {one.stage for one in run.stages if not one.awaits_promotion}
    furthest = next((stage.key for stage in reversed(plan.stages) if stage.key in has), None)
    return next(iter(plan.stages if furthest is None else plan.after(furthest)), None)


def _opening(plan: Plan, following: Stage) -> Iterator[Stage]:
    """The stages whose gates are open before they are entered."""
    if not plan.ordered:
        yield from plan.stages
    elif following.promotion is Promotion.MANUAL:
        yield following


def _is_closed(latest: StageExecution | None) -> bool:
    """Whether a stage was never entered, and collects no approvals now."""
    return latest is None or (latest.awaits_promotion and latest.is_final)


def _latest(plan: Plan, run: Run) -> Iterator[StageExecution]:
    """The latest execution of each stage that has one, in plan order."""
    stages = (*plan.retired, *plan.stages)
    return (one for one in (run.latest(stage.key) for stage in stages) if one is not None)


def _as_its_stages(plan: Plan, run: Run, now: datetime) -> Run:
    if any(one.is_collecting for one in run.stages):
        return replace(run, stages=tuple(closed(one, now) if one.is_collecting else one for one in run.stages))
    phase = worst(frozenset(one.phase for one in _latest(plan, run)))
    return _ended(run, phase, now, next((one.reason for one in _latest(plan, run) if one.phase is phase), ""))


def _ended(run: Run, phase: Phase, now: datetime, reason: str) -> Run:
    return replace(
        run, phase=phase, ended_at=now, ending=None, redeliver_at=None, reason=reason if phase in BAD else ""
    )


def promote(plan: Plan, run: Run, stage: Stage, now: datetime, *, until: datetime | None = None) -> Run:
    """Give a stage its promotion: to the execution that collects approvals or waits for its time, or to a new one."""
    latest = run.latest(stage.key)
    if latest is not None and latest.is_collecting:
        return run.with_execution(promoted(plan, latest, now, until))
    if latest is not None and latest.is_scheduled:
        return run.with_execution(rescheduled(plan, latest, now, until))
    return entered(plan, run, stage, now, until=until)


def opened(plan: Plan, run: Run, stage: Stage, now: datetime) -> Run:
    """Open the gates of a stage, which is not entered yet. Approvals that it got before stand."""
    latest = run.latest(stage.key)
    nodes = keep_successes(stage, latest.nodes) if latest is not None else {}
    return entered(plan, run, stage, now, awaits_promotion=True, nodes=nodes)


def entered(
    plan: Plan,
    run: Run,
    stage: Stage,
    now: datetime,
    *,
    awaits_promotion: bool = False,
    until: datetime | None = None,
    nodes: Mapping[str, NodeState] | None = None,
) -> Run:
    """Add a new execution of a stage to the run, at its gates. nodes: states that are kept from an earlier one."""
    earlier = run.latest(stage.key)
    execution = StageExecution(
        number=run.executions + 1,
        stage=stage.key,
        attempt=earlier.attempt + 1 if earlier is not None else 1,
        phase=Phase.GATES,
        began_at=now,
        until=until,
        awaits_promotion=awaits_promotion,
        nodes=nodes or run.standing.get(stage.key, {}),
    )
    return replace(run, executions=execution.number, stages=(*run.stages, at_gates(plan, execution, now)))
