"""The law of lapsing, on random plans: no first step begins behind an approval of what was another change set."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.events import Approved, Event, Outcome, Overridden
from chalicelib.kernel.engine.people.reopen import is_bound_to_another
from chalicelib.kernel.engine.progress.behind import has_begun_behind, steps_behind
from chalicelib.kernel.engine.progress.nodes import acts_on
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan
from tests.builders import NOON
from tests.laws.plans import plans
from tests.laws.profiles import effort
from tests.laws.test_engine_laws import answers

ENDS = {f"s{place}": Outcome.SUCCEEDED for place in range(6)}
STEADY = 60
"""Folds after which nothing changes any more, so that all comes to its end."""


def readings(run: Run, digest: str, now: datetime) -> Iterator[ChangesRead]:
    """What there is to read behind each node about which somebody was told a change set."""
    for execution in run.stages if not run.is_final else ():
        for key in execution.nodes if not execution.is_final else ():
            place = execution.address_of(key)
            if any(act.changes for act in acts_on(run, place)):
                yield ChangesRead(at=now, digest=digest, **place.as_fields())


def decided(plan: Plan, at: Transition, digests: tuple[str, str], now: datetime) -> Iterator[Event]:
    """What the world says; two persons approve what they were shown, behind which is read what is there by now."""
    shown, digest = digests
    for event in answers(plan, at, now, ENDS):
        if isinstance(event, Overridden) and is_for_persons(plan, at.run, event):
            place = event.address.as_fields()
            for by in ("bob", "eve"):
                yield Approved(at=now, by=by, changes=shown, **place)
                yield ChangesRead(at=now, digest=digest, **place)
        else:
            yield event


def is_for_persons(plan: Plan, run: Run, event: Overridden) -> bool:
    execution = run.execution(event.execution)
    return execution is not None and plan.by_key[execution.stage].by_key[event.node].awaits_word


def stale_starts(plan: Plan, before: Run, after: Run, digest: str) -> Iterator[str]:
    """The nodes behind which the first step began, though an approval of them is bound to another change set."""
    for execution in after.stages:
        stage, earlier = plan.by_key[execution.stage], before.execution(execution.number)
        for key in execution.nodes:
            node, bound = stage.by_key[key], acts_on(after, execution.address_of(key))
            is_first = earlier is None or not has_begun_behind(stage, node, earlier)
            has_begun = is_first and has_begun_behind(stage, node, execution) and steps_behind(stage, node)
            if has_begun and any(is_bound_to_another(act, digest) for act in bound):
                yield key


@effort(100)
@given(plans(promotions=False), st.lists(st.sampled_from((0, 1, 20, 120)), min_size=400, max_size=400), st.data())
def test_no_first_step_begins_behind_an_approval_of_something_else(
    plan: Plan, pauses: list[int], data: st.DataObject
) -> None:
    now, at = NOON, advance(plan, new_run(plan), (), NOON)
    digest, changes = "0", data.draw(st.lists(st.booleans(), min_size=STEADY, max_size=STEADY))
    for place, pause in enumerate(pauses):
        before, shown = at.run, digest
        digest = str(place + 1) if place < STEADY and changes[place] else digest
        happened = (*readings(before, digest, now), *decided(plan, at, (shown, digest), now))
        at = advance(plan, before, happened, now)
        assert not list(stale_starts(plan, before, at.run, digest))
        due = due_at(plan, at.run)
        if due is None:
            break
        now = max(now + timedelta(seconds=pause), now if pause else min(due, now + timedelta(hours=9)))
    assert at.run.is_final
