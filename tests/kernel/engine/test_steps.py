"""Steps: when they begin, what they are skipped or broken by, what they spoil and what goes on in spite of it."""

from datetime import timedelta

from chalicelib.kernel.engine.effects import StartStep, StopStep
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.phase import BAD, Phase
from chalicelib.kernel.plans.work import DefinitionKind, JobKind, Notify, RunDefinition, TagRelease, Wait, Work
from chalicelib.kernel.plans.work import Job as JobWork
from tests.builders import NOON, a_plan, a_stage, begun, finished, later, started, then
from tests.kernel.engine.acts import approved, node, of_kind, overridden, phases, starts, step, stops

FAILED, BROKEN = Outcome.FAILED, Outcome.BROKEN


def test_steps_without_needs_begin_together() -> None:
    assert starts(begun(a_plan(a_stage(steps=(step("a"), step("b")))))) == ["a", "b"]


def test_a_step_begins_when_all_it_needs_went_well() -> None:
    first = begun(a_plan(a_stage(steps=(step("c", "a", "b"), step("a"), step("b")))))
    half = then(first, finished("a"))
    assert starts(half) == []
    assert starts(then(half, finished("b"))) == ["c"]


def test_a_run_ends_well_when_its_steps_did() -> None:
    ended = then(begun(a_plan()), started(), finished(outputs={"release": "web/app-v1"}, at=later(5)), now=later(6))
    assert (ended.run.phase, ended.run.ended_at, ended.run.releases) == (Phase.SUCCEEDED, later(6), ("web/app-v1",))
    assert node(ended, "s1").ended_at == later(5)


def test_a_failed_step_holds_back_what_has_not_begun_and_waits_for_what_has() -> None:
    first = begun(a_plan(a_stage(steps=(step("a"), step("b"), step("c", "b")))))
    failed = then(first, finished("a", FAILED))
    assert not failed.run.is_final
    ended = then(failed, finished("b"))
    assert (ended.run.phase, ended.run.reason) == (Phase.FAILED, "step a")
    assert "c" not in phases(ended)


def test_an_ignored_failure_lets_others_go_on_and_is_shown() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", ignore_failure=True), step("b", "a")))))
    failed = then(first, finished("a", FAILED))
    assert starts(failed) == ["b"]
    ended = then(failed, finished("b"))
    assert (ended.run.phase, node(ended, "a").phase) == (Phase.SUCCEEDED, Phase.FAILED)


def test_a_cancelled_child_is_not_an_ignored_failure() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", ignore_failure=True),))))
    assert then(first, finished("a", Outcome.CANCELLED)).run.phase is Phase.CANCELLED


def test_a_cleanup_runs_although_something_failed_and_others_do_not() -> None:
    steps = (step("deploy"), step("smoke", "deploy"), step("cleanup", "smoke", run_on_failure=True))
    failed = then(begun(a_plan(a_stage(steps=steps))), finished("deploy", FAILED))
    assert starts(failed) == ["cleanup"]
    assert then(failed, finished("cleanup")).run.phase is Phase.FAILED


def test_a_cleanup_runs_when_all_went_well_too() -> None:
    steps = (step("deploy"), step("cleanup", "deploy", run_on_failure=True))
    assert starts(then(begun(a_plan(a_stage(steps=steps))), finished("deploy"))) == ["cleanup"]


def test_a_cleanup_waits_for_an_attempt_still_to_come() -> None:
    steps = (step("deploy", attempts=2), step("cleanup", "deploy", run_on_failure=True))
    failed = then(begun(a_plan(a_stage(steps=steps))), finished("deploy", FAILED))
    assert starts(failed) == ["deploy"]
    assert starts(then(failed, finished("deploy", FAILED, attempt=2))) == ["cleanup"]


def test_broken_is_worse_than_failed() -> None:
    first = begun(a_plan(a_stage(steps=(step("a"), step("b")))))
    assert then(first, finished("a", FAILED), finished("b", BROKEN)).run.phase is Phase.BROKEN


def test_a_precondition_that_holds_lets_a_step_begin() -> None:
    assert starts(begun(a_plan(a_stage(steps=(step("a", precondition="run_nr == 1 and started_by == 'ada'"),))))) == [
        "a"
    ]


def test_a_step_skipped_by_its_precondition_counts_as_good() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", precondition="1 > 2"), step("b", "a")))))
    assert (node(first, "a").phase, starts(first)) == (Phase.SKIPPED, ["b"])


def test_a_precondition_knows_what_went_well_before() -> None:
    steps = (step("a", precondition="False"), step("b", "a", precondition="'a' in succeeded"))
    assert starts(begun(a_plan(a_stage(steps=steps)))) == ["b"]


def test_a_broken_precondition_breaks_the_step_and_is_not_tried_again() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", precondition="oops", attempts=3),))))
    assert (first.run.phase, starts(first)) == (Phase.BROKEN, [])
    assert "oops" in first.run.reason


def test_a_broken_precondition_holds_back_the_steps_after_it() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", precondition="1"), step("b", "a")))))
    assert (first.run.phase, starts(first)) == (Phase.BROKEN, [])


def test_a_step_over_its_time_is_stopped_and_has_failed_once_it_stopped() -> None:
    first = then(begun(a_plan(a_stage(steps=(step("a", timeout=timedelta(seconds=10)),)))), started("a"))
    late = then(first, now=later(10))
    assert (node(late, "a").phase, stops(late)) == (Phase.STOPPING, ["a"])
    ended = then(late, finished("a", Outcome.CANCELLED, at=later(12)), now=later(12))
    assert (ended.run.phase, ended.run.reason) == (Phase.FAILED, "step a: timed out after 0:00:10")


def test_what_a_step_over_its_time_still_deployed_is_recorded() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", timeout=timedelta(seconds=10)),))))
    late = then(first, finished("a", outputs={"release": "web/app-v1"}, at=later(10)), now=later(10))
    assert (node(late, "a").phase, late.run.releases) == (Phase.FAILED, ("web/app-v1",))


def test_an_attempt_that_timed_out_is_followed_by_the_next_once_it_stopped() -> None:
    first = begun(a_plan(a_stage(steps=(step("a", timeout=timedelta(seconds=10), attempts=2),))))
    late = then(first, now=later(10))
    assert starts(late) == []
    again = then(late, finished("a", Outcome.CANCELLED, at=later(12)), now=later(12))
    assert (starts(again), node(again, "a").attempt) == (["a"], 2)


def test_a_finish_that_comes_before_its_start_counts() -> None:
    ended = then(begun(a_plan()), finished(), started())
    assert ended.run.phase is Phase.SUCCEEDED


def test_a_step_may_wait_and_ask_people_as_a_gate_does() -> None:
    steps = (step("a", work=Wait(duration=timedelta(seconds=5))), step("b", "a"))
    first = begun(a_plan(a_stage(steps=steps)))
    assert starts(then(first, now=later(5))) == ["b"]
    assert starts(then(first, overridden("a"))) == ["b"]
    assert then(first, approved(node="a")).run == first.run


def test_a_child_run_is_started_and_ends_its_node_in_its_outcome() -> None:
    work = RunDefinition(kind=DefinitionKind.PIPELINE, project="web", name="roll-out")
    first = begun(a_plan(a_stage(steps=(step("a", work=work),))))
    assert first.effects == (StartStep(execution=1, node="a", attempt=1),)
    assert then(first, started("a"), finished("a", Outcome.REJECTED)).run.phase is Phase.REJECTED


def test_a_child_run_over_its_time_is_stopped() -> None:
    work = RunDefinition(kind=DefinitionKind.PIPELINE, project="web", name="roll-out")
    first = begun(a_plan(a_stage(steps=(step("a", work=work, timeout=timedelta(seconds=9)),))))
    late = then(first, started("a"), now=later(9))
    assert of_kind(late, StopStep) == [StopStep(execution=1, node="a", attempt=1)]


def test_jobs_tags_and_notices_are_asked_for_alike() -> None:
    works: tuple[Work, ...] = (
        JobWork(kind=JobKind.SCRIPT),
        TagRelease(namespace="web", application="app", tag="x"),
        Notify(subject="hi"),
    )
    steps = tuple(step(f"s{place}", work=work) for place, work in enumerate(works))
    assert starts(begun(a_plan(a_stage(steps=steps)))) == ["s0", "s1", "s2"]


def test_the_release_deployed_last_is_known_to_later_steps() -> None:
    steps = (step("a"), step("b", "a", precondition="release == 'web/app-v1'"))
    first = begun(a_plan(a_stage(steps=steps)))
    assert starts(then(first, finished("a", outputs={"release": "web/app-v1"}))) == ["b"]


def test_a_thousand_needs_and_a_step_that_waits_for_them_all_are_no_burden() -> None:
    many = tuple(step(f"s{number}") for number in range(999))
    plan = a_plan(a_stage(steps=(*many, step("last", *(one.key for one in many)))))
    first = begun(plan)
    ended = then(first, *(finished(one.key) for one in many), now=NOON)
    assert starts(ended) == ["last"]


def test_every_outcome_is_the_final_phase_of_its_name() -> None:
    assert {Phase(one) for one in Outcome} == BAD | {Phase.SUCCEEDED}
