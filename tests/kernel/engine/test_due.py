"""When a run must be looked at again, and how often what nobody acknowledged is asked for."""

from datetime import timedelta

from chalicelib.kernel.engine.advance import Transition, new_run
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.progress.nodes import next_redelivery
from chalicelib.kernel.plans.work import Approval, Group, Schedule, Wait, Work
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, finished, later, started, then
from tests.kernel.engine.acts import PolicyFields, aborted, lock_taken, performed, starts, step

TEN_SECONDS = timedelta(seconds=10)


def due(at: Transition) -> float | None:
    """Seconds after noon."""
    found = due_at(at.plan, at.run)
    return (found - NOON).total_seconds() if found is not None else None


def quiet(at: Transition) -> Transition:
    """With everything owed performed."""
    return then(at, *performed(at))


def behind(work: Work) -> Transition:
    return quiet(begun(a_plan(a_stage(gates=(a_gate("g1", work),)))))


def test_a_run_that_nobody_advanced_is_due() -> None:
    assert due_at(a_plan(), new_run(a_plan())) == later(30)


def test_an_effect_not_acknowledged_is_due_after_half_a_minute_rounded_up() -> None:
    assert next_redelivery(later(0)) == later(30)
    assert next_redelivery(later(0.001)) == next_redelivery(later(30)) == later(60)
    first = begun(a_plan())
    assert due(first) == 30
    again = then(first, now=later(30))
    assert (starts(again), due(again)) == (["s1"], 60)


def test_a_start_that_nobody_acknowledges_is_asked_for_each_time_later_but_every_few_minutes() -> None:
    """A call that hangs has a message that comes again of itself: a crowd of them does not multiply."""
    at, asked = begun(a_plan()), [30.0]
    while asked[-1] < 900:
        at = then(at, now=later(asked[-1]))
        assert starts(at) == ["s1"]
        asked.append(due(at) or 0)

    assert asked == [30, 60, 120, 240, 480, 720, 960]


def test_what_was_acknowledged_is_due_no_more() -> None:
    assert due(then(begun(a_plan()), started())) is None


def test_a_clock_that_goes_back_asks_for_nothing_twice() -> None:
    first = begun(a_plan(), later(100))
    assert then(first, now=later(90)).effects == ()


def test_a_step_is_due_at_its_deadline() -> None:
    running = then(begun(a_plan(a_stage(steps=(step("a", timeout=TEN_SECONDS),)))), started("a"))
    assert due(running) == 10


def test_a_group_is_due_at_its_deadline_and_not_while_it_stops() -> None:
    steps = (step("g", work=Group(), timeout=TEN_SECONDS), step("a", group="g"))
    running = then(begun(a_plan(a_stage(steps=steps))), started("a"))
    assert due(running) == 10
    assert due(then(running, aborted())) == 30
    assert due(then(running, now=later(10))) == 60


def test_a_gate_is_due_when_it_opens_or_expires() -> None:
    assert due(behind(Wait(duration=TEN_SECONDS))) == 10
    assert due(behind(Schedule(cron="0 5 12 * * ?"))) == 300
    assert due(behind(Approval(expires_after=TEN_SECONDS))) == 10
    assert due(behind(Approval())) is None


def test_a_pause_between_attempts_is_due_at_its_end_and_not_at_the_timeout() -> None:
    policy = PolicyFields(attempts=2, backoff=timedelta(minutes=1), timeout=TEN_SECONDS)
    first = begun(a_plan(a_stage(steps=(step("a", **policy),))))
    assert due(then(first, finished("a", Outcome.FAILED))) == 60


def test_a_lock_is_due_every_minute() -> None:
    first = begun(a_plan(a_stage(exclusive=True)))
    assert due(first) == 60
    assert due(then(first, lock_taken(), started())) is None


def test_an_ended_run_is_due_as_long_as_it_owes() -> None:
    ended = then(begun(a_plan()), finished())
    assert due(ended) == 30
    assert due(quiet(ended)) is None
