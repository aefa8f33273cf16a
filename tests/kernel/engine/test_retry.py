"""Trying again: a step's further attempts, a run that goes on where it ended, a stage that is done again."""

from datetime import timedelta

from chalicelib.kernel.engine.effects import WHOLE_RUN, WakeAt
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Concurrency, Promotion, Stage
from chalicelib.kernel.plans.work import DefinitionKind, Group
from tests.builders import a_gate, a_plan, a_stage, begun, finished, later, started, then
from tests.kernel.engine.acts import (
    PolicyFields,
    aborted,
    approved,
    cancelled,
    lock_taken,
    node,
    of_kind,
    overridden,
    phases,
    promoted,
    replayed,
    retried,
    stage,
    starts,
    step,
)

FAILED, BROKEN = Outcome.FAILED, Outcome.BROKEN
FOUR_SECONDS = timedelta(seconds=4)


def test_a_failed_step_is_tried_as_often_as_its_policy_says() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", attempts=2),))))
    again = then(first, finished("a", FAILED))
    assert (starts(again), node(again, "a").attempt) == (["a"], 2)
    assert then(again, finished("a", BROKEN, attempt=2)).run.phase is Phase.BROKEN


def test_a_step_that_went_well_the_second_time_went_well() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", attempts=2),))))
    assert then(first, finished("a", FAILED), finished("a", attempt=2)).run.phase is Phase.SUCCEEDED


def test_rejected_and_cancelled_work_is_not_tried_again() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", attempts=2),))))
    assert then(first, finished("a", Outcome.REJECTED)).run.phase is Phase.REJECTED
    assert then(first, finished("a", Outcome.CANCELLED)).run.phase is Phase.CANCELLED


def test_the_pause_between_attempts_doubles() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", attempts=3, backoff=FOUR_SECONDS),))))
    paused = then(first, finished("a", FAILED))
    assert (starts(paused), of_kind(paused, WakeAt)) == ([], [WakeAt(at=later(4))])
    assert starts(then(paused, now=later(3.999))) == []
    again = then(paused, now=later(4))
    assert starts(again) == ["a"]
    assert node(then(again, finished("a", FAILED, attempt=2, at=later(5))), "a").until == later(13)


def test_a_timeout_counts_from_the_attempts_own_beginning() -> None:
    policy = PolicyFields(attempts=2, backoff=FOUR_SECONDS, timeout=timedelta(seconds=2))
    paused = then(begun(a_plan(a_stage(steps=(step("a", **policy),)))), finished("a", FAILED))
    again = then(paused, now=later(4))
    assert starts(again) == ["a"]
    assert node(then(again, now=later(5)), "a").phase is Phase.STARTING
    assert node(then(again, now=later(6)), "a").phase is Phase.STOPPING


def test_words_of_an_earlier_attempt_change_nothing() -> None:
    again = then(begun(a_plan(a_stage(steps=(step("a", attempts=2),)))), finished("a", FAILED))
    assert then(again, finished("a"), started("a")).run == again.run


def test_a_pause_can_be_overridden_or_stopped() -> None:
    steps = (step("a", attempts=2, backoff=FOUR_SECONDS), step("b", "a"))
    paused = then(begun(a_plan(a_stage(steps=steps))), finished("a", FAILED))
    assert starts(then(paused, overridden("a", attempt=2))) == ["b"]
    assert then(paused, overridden("a", attempt=1)).run == paused.run
    assert then(paused, cancelled()).run.phase is Phase.CANCELLED


def test_a_retried_run_keeps_what_went_well() -> None:
    plan = a_plan(a_stage("one", gates=(a_gate(),), steps=(step("a"), step("b", "a"), step("c", "b"))))
    failed = then(begun(plan), approved(), finished("a"), finished("b", FAILED))
    again = then(failed, retried())
    assert (starts(again), stage(again, 2).attempt, again.run.retries) == (["b"], 2, 1)
    assert (node(again, "g1", 2).phase, node(again, "a", 2).phase) == (Phase.SUCCEEDED, Phase.SUCCEEDED)
    assert stage(again, 1).phase is Phase.FAILED
    ended = then(again, finished("b", execution=2), finished("c", execution=2))
    assert ended.run.phase is Phase.SUCCEEDED


def test_a_retried_run_goes_on_into_the_stages_behind() -> None:
    plan = a_plan(a_stage("one"), a_stage("two", (step("t"),)))
    failed = then(begun(plan), finished(outcome=FAILED))
    assert starts(then(failed, retried(), finished(execution=2))) == ["t"]


def test_a_cleanup_runs_again_after_what_it_cleans_up() -> None:
    plan = a_plan(a_stage(steps=(step("a"), step("b", "a", run_on_failure=True))))
    failed = then(begun(plan), finished("a", FAILED), finished("b"))
    again = then(failed, retried())
    assert starts(again) == ["a"]
    assert starts(then(again, finished("a", execution=2))) == ["b"]


def test_what_came_after_an_ignored_failure_is_done_again_after_it() -> None:
    steps = (step("a", ignore_failure=True), step("b", "a"), step("c", "b"))
    failed = then(begun(a_plan(a_stage(steps=steps))), finished("a", FAILED), finished("b"), finished("c", FAILED))
    assert starts(then(failed, retried())) == ["a"]


def test_a_retried_group_keeps_its_good_steps_and_a_good_group_all_of_its() -> None:
    steps = (
        step("g", work=Group()),
        step("a", group="g", ignore_failure=True),
        step("h", "g", work=Group()),
        step("b", group="h"),
        step("c", group="h"),
    )
    failed = then(begun(a_plan(a_stage(steps=steps))), finished("a", FAILED), finished("b"), finished("c", FAILED))
    again = then(failed, retried())
    assert starts(again) == ["c"]
    assert phases(again, 2) == {
        "g": Phase.SUCCEEDED,
        "a": Phase.FAILED,
        "b": Phase.SUCCEEDED,
        "h": Phase.RUNNING,
        "c": Phase.STARTING,
    }


def test_a_run_that_went_well_has_nothing_to_retry() -> None:
    ended = then(begun(a_plan()), finished())
    assert then(ended, retried()).run == ended.run
    assert refusal(ended.plan, ended.run, retried()) == "the run is succeeded: only what ended badly can be retried"


def test_a_retry_told_twice_is_one() -> None:
    failed = then(begun(a_plan()), finished(outcome=FAILED))
    again = then(failed, retried())
    assert then(again, retried()).run == again.run
    twice = then(again, finished(execution=2, outcome=FAILED))
    assert then(twice, retried(0)).run == twice.run
    assert then(twice, retried(1)).run.executions == 3


def test_a_run_cancelled_before_it_began_begins_when_retried() -> None:
    ended = then(begun(a_plan(concurrency=Concurrency.QUEUE)), cancelled())
    assert (ended.run.phase, ended.run.stages) == (Phase.CANCELLED, ())
    again = then(ended, retried(), lock_taken(WHOLE_RUN, attempt=1))
    assert starts(again) == ["s1"]


def test_a_run_cancelled_while_it_waited_for_promotion_waits_again_when_retried() -> None:
    manual = Stage(key="two", name="two", steps=(step("t"),), promotion=Promotion.MANUAL)
    ended = then(begun(a_plan(a_stage("one"), manual)), finished(), cancelled())
    assert ended.run.phase is Phase.CANCELLED
    again = then(ended, retried())
    assert (again.run.phase, stage(again, 3).phase) == (Phase.RUNNING, Phase.WAITING_PERSON)
    assert starts(again) == []
    assert starts(then(again, promoted("two", 2))) == ["t"]


def test_a_replay_does_the_whole_stage_again_from_its_first_gate() -> None:
    plan = a_plan(a_stage(gates=(a_gate(),)))
    ended = then(begun(plan), approved(), finished(outcome=FAILED))
    again = then(ended, replayed())
    assert (stage(again, 2).attempt, phases(again, 2)) == (2, {"g1": Phase.WAITING_PERSON})
    assert not again.run.is_final
    over = then(again, approved(execution=2), finished(execution=2))
    assert over.run.phase is Phase.SUCCEEDED


def test_a_replay_told_twice_is_one() -> None:
    ended = then(begun(a_plan()), finished(outcome=FAILED))
    again = then(ended, replayed(1))
    over = then(again, finished(execution=2))
    assert then(over, replayed(1)).run == over.run


def test_a_run_that_went_well_is_not_replayed_but_redeployed() -> None:
    ended = then(begun(a_plan()), finished())
    assert then(ended, replayed()).run == ended.run
    assert refusal(ended.plan, ended.run, replayed()) == "the run has succeeded: redeploy it"


def test_a_build_or_a_job_that_went_well_is_run_again_under_its_own_id() -> None:
    ended = then(begun(a_plan(kind=DefinitionKind.DEPLOYMENT_JOB)), finished())
    assert then(ended, replayed(), finished(execution=2, outcome=FAILED)).run.phase is Phase.FAILED


def test_a_replay_before_the_run_ended_may_fail_it() -> None:
    plan = a_plan(a_stage("one"), a_stage("two", (step("t"),)))
    second = then(begun(plan), finished(), replayed(1), finished("t", execution=2))
    assert then(second, finished(execution=3, outcome=FAILED)).run.phase is Phase.FAILED


def test_a_run_goes_on_behind_the_stages_that_went_well_before_a_replay() -> None:
    plan = a_plan(a_stage("one"), a_stage("two", (step("t"),)), a_stage("three", (step("u"),)))
    second = then(begun(plan), finished(), replayed(1), finished("t", execution=2))
    assert not second.run.is_final
    assert starts(then(second, finished(execution=3))) == ["u"]


def test_a_replayed_stage_does_not_mend_a_later_one() -> None:
    plan = a_plan(a_stage("one"), a_stage("two", (step("t"),)))
    failed = then(begun(plan), finished(), finished("t", FAILED, execution=2))
    over = then(failed, replayed(1), finished(execution=3))
    assert (over.run.phase, over.run.reason) == (Phase.FAILED, "step t")


def test_an_aborted_stage_can_be_replayed() -> None:
    ended = then(begun(a_plan()), aborted(), finished(outcome=Outcome.CANCELLED))
    assert ended.run.phase is Phase.CANCELLED
    assert starts(then(ended, replayed())) == ["s1"]


def test_a_stage_under_way_is_not_replayed() -> None:
    first = begun(a_plan())
    assert then(first, replayed()).run == first.run
