"""A pipeline that is changed while a run travels it."""

from dataclasses import replace

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.events import PlanReplaced
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.replacement import replacing
from chalicelib.kernel.plans.plan import Plan, Stage
from chalicelib.kernel.plans.work import ManualTask
from tests.builders import NOON, a_gate, a_plan, a_stage, a_step, begun, finished, then
from tests.kernel.engine.acts import approved, node, replayed, stage, starts


def two(*stages: Stage) -> Plan:
    return a_plan(*(stages or (a_stage(steps=(a_step("s1"),)), a_stage("two", steps=(a_step("s2"),)))))


def replaced(at: Transition, new: Plan, number: int = 1) -> Transition:
    plan = replacing(at.plan, replace(new, id=f"run1-v{number}"), at.run)
    return then(at, PlanReplaced(at=NOON, plan=plan, by="bob"))


def test_what_has_not_begun_follows_the_new_plan() -> None:
    first = begun(two())
    again = a_stage(steps=(a_step("s1"), a_step("new", needs=("s1",))))
    changed = replaced(first, two(again, a_stage("two", steps=(a_step("other"),))))
    assert changed.run.plan == "run1-v1"
    assert starts(then(changed, finished("s1"))) == ["new"]
    assert starts(then(changed, finished("s1"), finished("new"))) == ["other"]


def test_a_step_that_vanished_while_it_ran_fails_its_stage() -> None:
    changed = replaced(begun(two()), two(a_stage(steps=(a_step("other"),)), a_stage("two")))
    assert stage(changed).phase is Phase.STOPPING
    ended = then(changed, finished("s1"))
    assert (stage(ended).phase, stage(ended).reason) == (Phase.FAILED, "s1 is no longer in the pipeline")
    assert ended.run.phase is Phase.FAILED
    assert starts(then(ended, replayed())) == ["other"]


def test_a_task_that_vanished_while_it_waited_fails_its_stage() -> None:
    waiting = begun(a_plan(a_stage(steps=(a_step("s1", ManualTask()),))))
    changed = replaced(waiting, a_plan(a_stage(steps=(a_step("s2"),))))
    assert stage(changed).phase is Phase.FAILED


def test_a_stage_that_vanished_while_it_ran_fails_and_is_not_replayed() -> None:
    changed = then(replaced(begun(two()), a_plan(a_stage("two", steps=(a_step("s2"),)))), finished("s1"))
    assert (stage(changed).phase, changed.run.phase) == (Phase.FAILED, Phase.FAILED)
    assert refusal(changed.plan, changed.run, replayed()) == "stage one is no longer in the pipeline"


def test_a_step_that_had_ended_may_vanish() -> None:
    both = a_stage(steps=(a_step("s1"), a_step("s2", needs=("s1",))))
    running = then(begun(a_plan(both)), finished("s1"))
    changed = replaced(running, a_plan(a_stage(steps=(a_step("s2"),))))
    assert node(changed, "s1").phase is Phase.SUCCEEDED
    assert then(changed, finished("s2")).run.phase is Phase.SUCCEEDED


def test_a_gate_behind_the_one_that_waits_is_the_new_one() -> None:
    waiting = begun(a_plan(a_stage(gates=(a_gate("g1"), a_gate("g2")))))
    changed = replaced(waiting, a_plan(a_stage(gates=(a_gate("g1"), a_gate("g3")))))
    passed = then(changed, approved(node="g1"))
    assert node(passed, "g3").phase is Phase.WAITING_PERSON
    assert "g2" not in stage(passed).nodes


def test_the_plan_is_changed_again_and_what_was_begun_stays_known() -> None:
    first = then(begun(two()), finished("s1"))
    once = replaced(first, two(a_stage(steps=(a_step("x"),)), a_stage("two", steps=(a_step("s2"),))))
    twice = replaced(once, two(a_stage("two", steps=(a_step("s2"),))), number=2)
    assert [one.key for one in twice.plan.retired] == ["one"]
    assert twice.plan.by_key["one"].by_key.keys() >= {"s1"}
    assert then(twice, finished("s2", execution=2)).run.phase is Phase.SUCCEEDED


def test_a_plan_that_does_not_know_what_has_begun_is_refused() -> None:
    first = begun(two())
    event = PlanReplaced(at=NOON, plan=replace(a_plan(a_stage("two")), id="run1b"), by="bob")
    assert refusal(first.plan, first.run, event) == "what has begun would be missing: one"
