"""A freeze holds the steps of its environment, not what is running, and lets go on by itself, or when it is lifted."""

from dataclasses import replace

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.effects import FreeLock
from chalicelib.kernel.engine.events import Outcome, Ticked
from chalicelib.kernel.engine.freezing import FreezePassed, FreezesRead
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.explanation.explain import explain
from chalicelib.kernel.explanation.hold import Facts, HoldKind
from chalicelib.kernel.plans.freezes import Freeze, Interval
from chalicelib.kernel.plans.plan import Plan, Policy
from chalicelib.kernel.plans.work import DefinitionKind
from tests.builders import NOON, a_gate, a_plan, a_stage, a_step, begun, finished, later, then, with_policy
from tests.kernel.engine.acts import approved, lock_taken, node, of_kind, stage, starts, step

HOUR = 3600
STOP = Freeze(id="f1", during=Interval(begins=NOON, ends=later(HOUR)), reason="smoke", by="ada", at=NOON, is_stop=True)
TWO_STEPS = a_stage(steps=(step("a"), step("b", "a")))


def read(*freezes: Freeze, version: int = 1, at: int = 0) -> FreezesRead:
    return FreezesRead(at=later(at), version=version, freezes=freezes)


def into_production(plan: Plan) -> Plan:
    return replace(plan, stages=tuple(replace(one, environment="production") for one in plan.stages))


def frozen(*freezes: Freeze) -> Transition:
    """A run of two steps that was read its freezes when it began."""
    waiting = begun(into_production(a_plan(replace(TWO_STEPS, gates=(a_gate("g1"),)))))
    return then(waiting, read(*freezes), approved())


def test_nothing_begins_in_a_frozen_environment_until_it_ends() -> None:
    held = frozen(STOP)
    assert (starts(held), stage(held).phase, due_at(held.plan, replace(held.run, pending_effects=()))) == (
        [],
        Phase.WAITING_TIME,
        later(HOUR),
    )
    assert starts(then(held, now=later(HOUR - 1))) == []
    assert starts(then(held, now=later(HOUR))) == ["a"]


def test_what_is_lifted_holds_no_longer() -> None:
    held = frozen(STOP)
    assert starts(then(held, read(version=2, at=5), now=later(5))) == ["a"]


def test_an_older_reading_brings_no_freeze_back() -> None:
    free = then(frozen(STOP), read(version=2, at=5), now=later(5))
    late = then(free, read(STOP), finished("a", at=later(6)), now=later(6))
    assert starts(late) == ["b"]


def test_a_freeze_in_the_midst_of_a_stage_lets_end_what_runs() -> None:
    running = begun(into_production(a_plan(TWO_STEPS)))
    held = then(running, read(STOP, at=1), finished("a", at=later(1)), now=later(1))
    assert (node(held, "a").phase, starts(held), stage(held).phase) == (Phase.SUCCEEDED, [], Phase.RUNNING)
    assert starts(then(held, now=later(HOUR))) == ["b"]
    assert starts(then(held, read(version=2, at=5), now=later(5))) == ["b"]


def test_a_further_attempt_waits_too_and_begins_when_the_freeze_is_lifted() -> None:
    plan = into_production(a_plan(a_stage(steps=(with_policy(a_step("s1"), Policy(attempts=2)),))))
    held = then(begun(plan), read(STOP, at=1), finished("s1", Outcome.FAILED, at=later(1)), now=later(1))
    assert (node(held, "s1").phase, starts(held)) == (Phase.WAITING_TIME, [])
    assert starts(then(held, read(version=2, at=5), now=later(5))) == ["s1"]


def test_a_result_from_before_the_freeze_lets_nothing_begin_in_it() -> None:
    evening = replace(STOP, during=Interval(begins=later(10), ends=later(HOUR)))
    running = then(begun(into_production(a_plan(TWO_STEPS))), read(evening))
    assert starts(then(running, finished("a", at=later(9)), now=later(11))) == []


def test_a_lock_is_given_back_to_those_who_may_go_on() -> None:
    plan = into_production(a_plan(replace(TWO_STEPS, exclusive=True)))
    waiting = then(begun(plan), read(STOP, at=1), now=later(1))
    held = then(waiting, lock_taken(), now=later(2))
    assert (stage(held).fence, len(of_kind(held, FreeLock)), starts(held)) == (None, 1, [])


def test_who_may_lets_one_stage_pass() -> None:
    held = frozen(STOP)
    act = FreezePassed(at=later(5), execution=1, freezes=("f1",), by="eve", notes="incident 7")
    assert refusal(held.plan, held.run, replace(act, freezes=("f0",))) == "the line was frozen since"
    assert refusal(held.plan, held.run, act) is None
    passed = then(held, act, now=later(5))
    assert (starts(passed), passed.run.acts[-1].notes) == (["a"], "incident 7")
    assert refusal(passed.plan, passed.run, act) == "no freeze holds stage one"


def test_a_run_that_a_passing_stage_started_is_not_held() -> None:
    at = then(begun(into_production(a_plan(replace(TWO_STEPS, gates=(a_gate("g1"),))))), read(STOP))
    assert starts(then(replace(at, run=replace(at.run, passed=("f1",)), plan=at.plan), approved())) == ["a"]


def test_builds_and_other_environments_go_on() -> None:
    elsewhere = replace(STOP, environment="test")
    assert starts(frozen(elsewhere)) == ["a"]
    plan = a_plan(replace(TWO_STEPS, gates=(a_gate("g1"),)))
    for kind, expected in ((DefinitionKind.BUILD, ["a"]), (DefinitionKind.DEPLOYMENT_JOB, [])):
        into = replace(plan, definition=replace(plan.definition, kind=kind, environment="production"))
        assert starts(then(begun(into), read(STOP), approved())) == expected


def test_why_tells_of_the_freeze_its_end_and_who_may_pass() -> None:
    held = frozen(STOP)
    (hold,) = explain(held.plan, held.run, Facts(now=later(1))).holds
    assert (hold.kind, hold.earliest, hold.deciders is not None) == (HoldKind.FREEZE, later(HOUR), True)
    assert hold.reason.startswith("the line was stopped by ada: smoke; waits until ")


def test_time_alone_ends_what_was_frozen() -> None:
    held = frozen(STOP)
    done = then(then(held, now=later(HOUR)), finished("a", at=later(HOUR)), now=later(HOUR))
    last = then(done, finished("b", at=later(HOUR)), Ticked(at=later(HOUR)), now=later(HOUR + 1))
    assert last.run.phase is Phase.SUCCEEDED
