"""The engine: one pure function from a run, what happened and the time to the run as it then is and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.asked import asked
from chalicelib.kernel.effects import Effect
from chalicelib.kernel.events import Event, PlanReplaced
from chalicelib.kernel.nodes import ask_again
from chalicelib.kernel.plan import Plan
from chalicelib.kernel.record import record
from chalicelib.kernel.run import Run
from chalicelib.kernel.settle import settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The run as it is now, its plan, and the effects to perform once it is committed."""

    run: Run
    plan: Plan
    effects: tuple[Effect, ...] = ()


def new_run(plan: Plan) -> Run:
    """A run of the plan to which nothing has happened yet. It is due, so that it begins even if nobody advances it."""
    return Run(id=plan.id, plan=plan.id, began_at=plan.created_at, ask_again=ask_again(plan.created_at))


def advance(plan: Plan, run: Run, happened: Sequence[Event], now: datetime) -> Transition:
    """What the run becomes by these events, each counted as of the instant it was accepted, and by the time.

    Repeating an event, or telling one late or out of order, changes nothing more than once.
    """
    current, moved = plan, run
    for event in happened:
        told = record(current, settle(current, moved, event.at), event)
        if isinstance(event, PlanReplaced) and told.plan == event.plan.id:
            current = event.plan
        moved = told
    settled = settle(current, moved, now)
    return Transition(run=settled, plan=current, effects=asked(current, run, settled))
