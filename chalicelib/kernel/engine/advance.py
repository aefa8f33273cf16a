"""The engine's entry point: a pure function that folds events into a run and derives the effects to perform."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.effects_of_change import effects_of_change
from chalicelib.kernel.engine.events import EffectsLost, Event, PlanReplaced
from chalicelib.kernel.engine.freezing import FreezesRead
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.nodes import next_redelivery
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.record import record
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import Plan
from slipway_formats.frozen import frozen


@frozen
class Transition:
    """Result of `advance`: the new run, its plan, and the effects to perform once the run is committed.

    at: the instant as of which time acted on it.
    """

    run: Run
    plan: Plan
    at: datetime
    effects: tuple[Effect, ...] = ()


def new_run(plan: Plan) -> Run:
    """Create the run of a plan, before any event.

    It is due at once, so that a sweep starts it even if nobody calls `advance`.
    """
    return Run(id=plan.id, plan=plan.id, began_at=plan.created_at, redeliver_at=next_redelivery(plan.created_at))


def advance(plan: Plan, run: Run, happened: Sequence[Event], now: datetime) -> Transition:
    """Apply events to a run in order, then let time act on it, and return the new run with the effects to perform.

    happened: each is applied as of its own `at`, when it was accepted. A repeated, late or out-of-order event is
    ignored.
    """
    current, moved = plan, run
    for event in happened:
        # These count for what has not begun: nothing begins without them at the last moment.
        is_first = isinstance(event, PlanReplaced | FreezesRead | ChangesRead)
        settled = moved if is_first else settle(current, moved, event.at, until=now)
        told = record(current, settled if settled is moved else _asked_now(run, settled, now), event)
        if isinstance(event, PlanReplaced) and told.plan == event.plan.id:
            current = event.plan
        moved = told
    after = settle(current, moved, now)
    known = _forgetful(run) if any(isinstance(event, EffectsLost) for event in happened) else run
    return Transition(run=after, plan=current, at=now, effects=effects_of_change(current, known, after))


def _forgetful(run: Run) -> Run:
    """The run as if no effect had been requested: comparing with it requests every open effect again."""
    return replace(run, redeliver_at=None, stages=(), pending_effects=())


def _asked_now(before: Run, after: Run, now: datetime) -> Run:
    """Set `began_at` of steps that became STARTING while old events were replayed to `now`.

    So their timeout counts from this commit, not from the instant of an event that arrived late.
    """
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
