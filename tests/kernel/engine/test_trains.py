"""Runs of a train supersede one another: who passes the gates of a stage first, and who is overtaken where."""

from dataclasses import replace

from chalicelib.kernel.engine.effects import CheckWatermark, PassGates, TakeLock
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Plan, Promotion, Stage
from tests.builders import a_gate, a_plan, a_stage, begun, finished, later, started, then
from tests.kernel.engine.acts import (
    OLDER,
    YOUNGER,
    approved,
    cancelled,
    lock_taken,
    mark_asked,
    node,
    of_kind,
    overridden,
    overtaken,
    passed,
    promoted,
    replayed,
    retried,
    stage,
    starts,
    step,
)


def manual(key: str) -> Stage:
    return Stage(key=key, name=key, steps=(step("m"),), promotion=Promotion.MANUAL)


def older(*stages: Stage) -> Plan:
    return a_plan(*stages, train=OLDER)


GUARDED = older(a_stage("one"), a_stage("two", (step("t"),), gates=(a_gate(),)), a_stage("three", (step("u"),)))


def test_no_step_starts_before_the_gates_are_passed() -> None:
    first = begun(older())
    assert first.effects == (PassGates(execution=1, stage="one"),)
    assert starts(then(first, passed())) == ["s1"]


def test_passing_is_asked_for_until_it_is_answered() -> None:
    assert of_kind(then(begun(older()), now=later(30)), PassGates) == [PassGates(execution=1, stage="one")]


def test_the_lock_is_taken_after_the_gates_are_passed() -> None:
    first = begun(older(a_stage(exclusive=True)))
    assert of_kind(first, TakeLock) == []
    assert len(of_kind(then(first, passed()), TakeLock)) == 1


def test_a_stage_of_a_train_has_its_environment_for_the_train() -> None:
    place = replace(a_stage(), environment="production")
    taken = [TakeLock(execution=1, lock="train/web/production")]
    assert of_kind(then(begun(older(place)), passed()), TakeLock) == taken
    assert starts(then(begun(older(place)), passed(), lock_taken())) == ["s1"]
    exclusive = older(replace(place, exclusive=True))
    assert of_kind(then(begun(exclusive), passed()), TakeLock) == [
        TakeLock(execution=1, lock="environment/web/production")
    ]
    assert starts(begun(a_plan(place))) == ["s1"]


def test_a_run_that_a_younger_one_overtook_is_superseded_and_says_by_which() -> None:
    ended = then(begun(older()), overtaken("one", execution=1))
    assert ended.run.phase is Phase.SUPERSEDED
    assert ended.run.reason == "overtaken by run run2 (number 2) at the gates of one"
    assert stage(ended).phase is Phase.SUPERSEDED


def test_a_run_that_waits_at_a_gate_is_overtaken_there_and_further_on() -> None:
    waiting = then(begun(GUARDED), passed(), finished())
    assert node(waiting, "g1", 2).phase is Phase.WAITING_PERSON
    for place in ("two", "three"):
        ended = then(waiting, overtaken(place))
        assert (ended.run.phase, node(ended, "g1", 2).phase) == (Phase.SUPERSEDED, Phase.SUPERSEDED)


def test_the_mark_is_asked_before_anybody_decides_at_the_gates_until_it_is_answered() -> None:
    at_gates = then(begun(GUARDED), passed(), finished())
    asked = [CheckWatermark(execution=2, stage="two")]
    assert of_kind(at_gates, CheckWatermark) == asked
    assert of_kind(then(at_gates, now=later(60)), CheckWatermark) == asked
    told = then(at_gates, mark_asked(2))
    assert of_kind(then(told, now=later(60)), CheckWatermark) == []
    assert node(told, "g1", 2).phase is Phase.WAITING_PERSON


def test_a_run_that_comes_late_to_passed_gates_waits_for_nobody() -> None:
    at_gates = then(begun(GUARDED), passed(), finished())
    ended = then(at_gates, overtaken("two", execution=2))
    assert (ended.run.phase, node(ended, "g1", 2).phase) == (Phase.SUPERSEDED, Phase.SUPERSEDED)
    assert ended.run.reason == "overtaken by run run2 (number 2) at the gates of two"


def test_a_promotion_for_later_asks_the_mark_when_its_time_has_come() -> None:
    plan = older(a_stage("one"), Stage(key="two", name="two", gates=(a_gate(),), promotion=Promotion.MANUAL))
    sent = then(then(begun(plan), passed(), finished()), promoted("two", 2, begin_at=later(600)))
    assert of_kind(sent, CheckWatermark) == []
    assert of_kind(then(sent, now=later(600)), CheckWatermark) == [CheckWatermark(execution=2, stage="two")]


def test_the_mark_is_not_asked_where_no_gate_waits_or_no_train_goes() -> None:
    assert of_kind(begun(older()), CheckWatermark) == []
    assert of_kind(begun(a_plan(a_stage(gates=(a_gate(),)))), CheckWatermark) == []


def test_a_run_is_not_overtaken_at_gates_behind_it() -> None:
    waiting = then(begun(GUARDED), passed(), finished())
    assert then(waiting, overtaken("one")).run == waiting.run


def test_a_run_whose_steps_run_is_not_overtaken() -> None:
    running = then(begun(older()), passed(), started())
    assert then(running, overtaken("one")).run == running.run


def test_a_run_that_waits_for_the_lock_is_overtaken() -> None:
    waiting = then(begun(older(a_stage(exclusive=True))), passed())
    ended = then(waiting, overtaken("one"))
    assert ended.run.phase is Phase.SUPERSEDED
    assert starts(then(ended, lock_taken())) == []


def test_a_run_that_waits_for_its_promotion_is_overtaken_at_the_gates_before_which_it_stands() -> None:
    waiting = then(begun(older(a_stage("one"), manual("two"))), passed(), finished())
    assert then(waiting, overtaken("one")).run == waiting.run
    assert then(waiting, overtaken("two")).run.phase is Phase.SUPERSEDED


def test_a_run_that_replayed_a_stage_still_stands_where_it_stood() -> None:
    plan = older(a_stage("one"), a_stage("two", (step("t"),)), manual("three"))
    waiting = then(begun(plan), passed(), finished(), passed(2), finished("t", execution=2))
    again = then(waiting, replayed(1), passed(4), finished(execution=4))
    assert then(again, overtaken("two")).run == again.run
    assert then(again, overtaken("three")).run.phase is Phase.SUPERSEDED


def test_a_run_promoted_for_later_is_overtaken() -> None:
    waiting = then(begun(older(a_stage("one"), manual("two"))), passed(), finished())
    sent = then(waiting, promoted("two", 2, begin_at=later(600)))
    assert then(sent, overtaken("two")).run.phase is Phase.SUPERSEDED


def test_an_older_run_overtakes_nobody() -> None:
    first = begun(a_plan(train=YOUNGER))
    assert then(first, overtaken("one", by_number=1)).run == first.run
    assert then(first, overtaken("one", by_number=2)).run == first.run


def test_a_run_without_a_train_is_not_overtaken() -> None:
    first = begun(a_plan(a_stage(gates=(a_gate(),))))
    assert then(first, overtaken("one")).run == first.run


def test_a_stage_that_the_plan_does_not_have_overtakes_nobody() -> None:
    first = begun(older())
    assert then(first, overtaken("nowhere")).run == first.run


def test_passing_twice_or_too_late_changes_nothing() -> None:
    running = then(begun(older()), passed())
    assert then(running, passed()).run == running.run
    ended = then(begun(older()), cancelled())
    assert then(ended, passed()).run == ended.run


def test_a_superseded_run_is_not_reopened() -> None:
    ended = then(begun(older()), overtaken("one"))
    assert then(ended, retried(), replayed()).run == ended.run
    said = refusal(ended.plan, ended.run, retried())
    assert said is not None
    assert said.startswith("the run was overtaken")


def test_a_success_is_superseded_by_no_replay() -> None:
    ended = then(begun(GUARDED), passed(), finished(), overridden(execution=2), passed(2), finished("t", execution=2))
    ended = then(ended, passed(3), finished("u", execution=3))
    assert ended.run.phase is Phase.SUCCEEDED
    again = then(then(ended, replayed(2)), overtaken("two", execution=4))
    assert again.run.phase is Phase.SUCCEEDED
    assert refusal(ended.plan, ended.run, replayed(2)) == "the run has succeeded: redeploy it"


def test_an_approval_after_it_was_overtaken_starts_nothing() -> None:
    waiting = then(begun(GUARDED), passed(), finished())
    assert starts(then(waiting, overtaken("two"), approved(execution=2))) == []
