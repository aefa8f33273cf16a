"""The laws of freezes, on random plans: no step begins in a frozen environment, and all goes on after the end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.events import Event, Outcome
from chalicelib.kernel.engine.freezing import FreezesRead
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.record import UNDER_WAY
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.freezes import Freeze, Interval, end_of
from chalicelib.kernel.plans.plan import Plan
from tests.builders import NOON
from tests.laws.plans import plans
from tests.laws.profiles import effort
from tests.laws.test_engine_laws import answers

PRODUCTION = "production"
ENDS = {f"s{place}": Outcome.SUCCEEDED for place in range(6)}


@dataclass(frozen=True, kw_only=True)
class Made:
    """A freeze, and from when to when it is known."""

    freeze: Freeze
    known: Interval

    @property
    def versions(self) -> tuple[datetime, datetime]:
        """When what is known of freezes changed by it."""
        return self.known.begins, self.known.ends


@st.composite
def freezes(draw: st.DrawFn) -> tuple[Made, ...]:
    """A few freezes, some of which are lifted before their end."""
    seconds = st.integers(0, 900).map(lambda number: NOON + timedelta(seconds=number))

    def made(place: int) -> Made:
        first, last, lifted = sorted(draw(st.tuples(seconds, seconds, seconds)))[0], draw(seconds), draw(seconds)
        during = Interval(begins=first, ends=max(first, last))
        known = Interval(begins=draw(st.sampled_from((NOON, first))), ends=max(first, lifted))
        return Made(freeze=Freeze(id=f"f{place}", during=during, reason="r", by="ada", at=NOON), known=known)

    return tuple(made(place) for place in range(draw(st.integers(1, 3))))


def in_production(plan: Plan) -> Plan:
    return replace(plan, stages=tuple(replace(one, environment=PRODUCTION) for one in plan.stages))


def reading(made: tuple[Made, ...], now: datetime) -> FreezesRead:
    """What there is to read of them now."""
    version = 1 + sum(one <= now for each in made for one in each.versions)
    known = tuple(one.freeze for one in made if one.known.begins <= now < one.known.ends)
    return FreezesRead(at=now, version=version, freezes=known)


def starts(plan: Plan, before: Run, after: Run) -> Iterator[str]:
    """The steps of which an attempt began since; no groups, which begin nothing themselves."""
    for execution in after.stages:
        earlier = before.execution(execution.number)
        for step in plan.by_key[execution.stage].steps:
            state = execution.nodes.get(step.key)
            known = earlier.nodes.get(step.key) if earlier is not None else None
            is_same = known is not None and state is not None and known.attempt == state.attempt
            is_new = not is_same or (known is not None and known.phase not in UNDER_WAY and not known.is_final)
            if state is not None and state.phase in UNDER_WAY and is_new and not graph.is_group(step):
                yield step.key


def advanced(plan: Plan, at: Transition, made: tuple[Made, ...], now: datetime) -> Transition:
    happened: tuple[Event, ...] = (reading(made, now), *answers(plan, at, now, ENDS))
    return advance(plan, at.run, happened, now)


@effort(100)
@given(plans(promotions=False), freezes(), st.lists(st.sampled_from((0, 1, 20, 120)), min_size=400, max_size=400))
def test_no_step_begins_in_a_freeze_and_all_goes_on_after_it(
    plan: Plan, made: tuple[Made, ...], pauses: list[int]
) -> None:
    plan, now = in_production(plan), NOON
    at = advance(plan, new_run(plan), (reading(made, now),), now)
    assert not set(starts(plan, new_run(plan), at.run)) or not is_frozen(made, now)
    for pause in pauses:
        before, at = at.run, advanced(plan, at, made, now)
        assert not is_frozen(made, now) or not list(starts(plan, before, at.run))
        due = due_at(plan, at.run)
        if due is None:
            break
        now = max(now + timedelta(seconds=pause), now if pause else min(due, now + timedelta(hours=9)))
    assert at.run.is_final


def is_frozen(made: tuple[Made, ...], now: datetime) -> bool:
    """Whether a freeze is known and in force."""
    known = (one.freeze for one in made if one.known.begins <= now < one.known.ends)
    return any(end_of(one, now) is not None for one in known)
