"""The engine: one pure function from a run, what happened and the time to the run as it then is and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.effects_of_change import effects_of_change
from chalicelib.kernel.engine.events import EffectsLost, Event, PlanReplaced
from chalicelib.kernel.engine.nodes import next_redelivery
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.record import record
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.engine.settle import settle
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.plan import Plan


@frozen
class Transition:
    """The run as it is now, its plan, and the effects to perform once it is committed."""

    run: Run
    plan: Plan
    effects: tuple[Effect, ...] = ()


def new_run(plan: Plan) -> Run:
    """A run of the plan to which nothing has happened yet. It is due, so that it begins even if nobody advances it."""
    return Run(id=plan.id, plan=plan.id, began_at=plan.created_at, redeliver_at=next_redelivery(plan.created_at))


def advance(plan: Plan, run: Run, happened: Sequence[Event], now: datetime) -> Transition:
    """What the run becomes by these events, each counted as of the instant it was accepted, and by the time.

    Repeating an event, or telling one late or out of order, changes nothing more than once.
    """
    current, moved = plan, run
    for event in happened:
        settled = settle(current, moved, event.at)
        told = record(current, settled if settled is moved else _asked_now(run, settled, now), event)
        if isinstance(event, PlanReplaced) and told.plan == event.plan.id:
            current = event.plan
        moved = told
    after = settle(current, moved, now)
    known = _forgetful(run) if any(isinstance(event, EffectsLost) for event in happened) else run
    return Transition(run=after, plan=current, effects=effects_of_change(current, known, after))


def _forgetful(run: Run) -> Run:
    """The run as if nothing had been asked for yet: whatever is not acknowledged then counts as new."""
    return replace(run, redeliver_at=None, stages=(), owed=())


def _asked_now(before: Run, after: Run, now: datetime) -> Run:
    """The run in which what started since is as old as its asking, so that late news leave it all of its time."""
    earlier = {one.number: one.nodes for one in before.stages}
    return replace(after, stages=tuple(_begun_now(earlier.get(one.number, {}), one, now) for one in after.stages))


def _begun_now(before: Mapping[str, NodeState], execution: StageExecution, now: datetime) -> StageExecution:
    fresh = {
        key: replace(state, began_at=now, redeliver_at=next_redelivery(now))
        for key, state in execution.nodes.items()
        if state.phase is Phase.STARTING and not _is_same_start(before.get(key), state)
    }
    return execution.with_nodes(fresh) if fresh else execution


def _is_same_start(before: NodeState | None, after: NodeState) -> bool:
    return before is not None and (before.phase, before.attempt) == (after.phase, after.attempt)
