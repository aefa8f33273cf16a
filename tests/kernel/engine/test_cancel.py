"""Cancelling a run and aborting a stage: what only waits ends at once, what works is stopped first."""

from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.effects import Occasion, StartStep
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, finished, later, started, then
from tests.kernel.engine.acts import (
    aborted,
    announced,
    approved,
    cancelled,
    node,
    of_kind,
    performed,
    phases,
    promoted,
    replayed,
    retried,
    stage,
    starts,
    step,
    stops,
)


def test_a_run_that_waits_for_a_person_is_cancelled_at_once() -> None:
    ended = then(begun(a_plan(a_stage(gates=(a_gate(),)))), cancelled())
    assert (ended.run.phase, ended.run.reason) == (Phase.CANCELLED, "cancelled by bob")
    assert phases(ended) == {"g1": Phase.CANCELLED}
    assert (Occasion.RUN_ENDED, 0, "") in announced(ended)


def test_a_run_that_works_is_cancelled_once_its_work_has_stopped() -> None:
    told = then(begun(a_plan(a_stage(steps=(step("a"), step("b"))))), started("a"), cancelled())
    assert (stops(told), stage(told).phase, told.run.is_final) == (["a", "b"], Phase.STOPPING, False)
    half = then(told, finished("a", Outcome.CANCELLED))
    assert not half.run.is_final
    assert then(half, finished("b", Outcome.CANCELLED)).run.phase is Phase.CANCELLED


def test_work_that_ends_well_while_it_is_stopped_was_cancelled_all_the_same() -> None:
    ended = then(begun(a_plan()), started(), cancelled(), finished(outputs={"release": "web/app-v1"}))
    assert (node(ended, "s1").phase, ended.run.releases) == (Phase.CANCELLED, ("web/app-v1",))


def test_a_stop_is_asked_for_until_it_is_answered() -> None:
    told = then(begun(a_plan()), started(), cancelled())
    assert stops(then(told, now=later(29))) == []
    assert stops(then(told, now=later(30))) == ["s1"]


def test_a_step_that_starts_while_it_is_stopped_goes_on_stopping() -> None:
    told = then(begun(a_plan()), cancelled(), started())
    assert (node(told, "s1").phase, node(told, "s1").reference) == (Phase.STOPPING, "job-s1-1")


def test_what_was_begun_and_cancelled_in_one_fold_is_stopped_and_never_started() -> None:
    plan = a_plan()
    told = advance(plan, new_run(plan), (cancelled(),), NOON)
    assert (starts(told), stops(told)) == ([], ["s1"])


def test_nothing_starts_after_a_cancel() -> None:
    told = then(begun(a_plan(a_stage(steps=(step("a"), step("b", "a"))))), started("a"), cancelled())
    after = then(told, approved(), promoted("one", 1), replayed(), finished("a"))
    assert of_kind(after, StartStep) == []
    assert after.run.phase is Phase.CANCELLED


def test_a_run_is_cancelled_once() -> None:
    told = then(begun(a_plan()), started(), cancelled())
    assert then(told, cancelled()).run == told.run
    assert refusal(told.plan, told.run, cancelled()) == "the run is being stopped already"


def test_a_cancel_meant_for_the_run_before_it_was_reopened_is_stale() -> None:
    failed = then(begun(a_plan()), finished(outcome=Outcome.FAILED))
    again = then(failed, retried())
    assert then(again, cancelled(retries=0)).run == again.run
    assert then(again, cancelled(retries=1)).run.ending is Phase.CANCELLED


def test_an_ended_run_is_not_cancelled() -> None:
    ended = then(begun(a_plan()), finished())
    assert then(ended, cancelled()).run == ended.run


def test_an_aborted_stage_ends_the_run_as_cancelled() -> None:
    plan = a_plan(a_stage("one"), a_stage("two", (step("t"),)))
    told = then(begun(plan), started(), aborted())
    assert stops(told) == ["s1"]
    ended = then(told, finished(outcome=Outcome.CANCELLED))
    assert (ended.run.phase, ended.run.reason, starts(ended)) == (Phase.CANCELLED, "aborted by bob", [])


def test_another_stage_goes_on_when_one_is_aborted() -> None:
    plan = a_plan(a_stage("one"), a_stage("two", (step("t"),)))
    both = then(begun(plan), finished(), replayed(1))
    told = then(both, aborted(3))
    assert (stops(told), node(told, "t", 2).phase) == (["s1"], Phase.STARTING)


def test_aborting_twice_is_aborting_once() -> None:
    told = then(begun(a_plan()), started(), aborted())
    assert then(told, aborted()).run == told.run


def test_who_did_what_when_is_remembered_and_audited() -> None:
    told = then(begun(a_plan(a_stage(gates=(a_gate(),)))), approved(at=later(3)), now=later(4))
    assert [(one.kind, one.by, one.at, one.node) for one in told.run.acts] == [("approved", "bob", later(3), "g1")]
    assert "run1/act/0" in [one.effect for one in performed(told)]


CREATED_AND_REMOVED = (
    step("create"),
    step("work", "create"),
    step("report", "work"),
    step("remove", "report", run_on_failure=True, run_on_cancel=True),
    step("mourn", "report", run_on_failure=True),
)
"""A cluster, of which something has to be removed whatever becomes of the work, and something said of a failure."""


def at_work() -> Transition:
    return then(begun(a_plan(a_stage(steps=CREATED_AND_REMOVED))), finished("create"), started("work"))


def test_a_cancelled_run_stops_what_runs_and_then_cleans_up() -> None:
    killed = then(at_work(), cancelled())
    assert (stops(killed), starts(killed), killed.run.is_final) == (["work"], [], False)

    cleaning = then(killed, finished("work", Outcome.CANCELLED))
    assert (starts(cleaning), cleaning.run.is_final) == (["remove"], False)

    ended = then(cleaning, finished("remove"))
    assert (ended.run.phase, ended.run.reason) == (Phase.CANCELLED, "cancelled by bob")
    assert {"report", "mourn"}.isdisjoint(phases(ended))


def test_what_cleans_up_already_is_not_stopped_by_a_cancel() -> None:
    failed = then(at_work(), finished("work", Outcome.FAILED))
    assert starts(failed) == ["remove", "mourn"]

    killed = then(failed, started("remove"), started("mourn"), cancelled())
    assert stops(killed) == ["mourn"]
    ended = then(killed, finished("mourn", Outcome.CANCELLED), finished("remove"))
    assert ended.run.phase is Phase.CANCELLED


def test_a_cancel_at_once_cleans_nothing_up_also_as_a_second_one() -> None:
    at_once = then(at_work(), cancelled(at_once=True))
    assert then(at_once, finished("work", Outcome.CANCELLED)).run.phase is Phase.CANCELLED

    killed = then(at_work(), cancelled())
    cleaning = then(killed, finished("work", Outcome.CANCELLED), started("remove"))
    again = then(cleaning, cancelled(at_once=True))
    assert stops(again) == ["remove"]
    assert then(again, finished("remove", Outcome.CANCELLED)).run.phase is Phase.CANCELLED


def test_what_cleans_up_is_tried_again_as_often_as_it_says() -> None:
    steps = (step("work"), step("remove", "work", attempts=2, run_on_cancel=True))
    killed = then(begun(a_plan(a_stage(steps=steps))), started("work"), cancelled())
    failed = then(killed, finished("work", Outcome.CANCELLED), finished("remove", Outcome.FAILED))
    assert starts(failed) == ["remove"]
    assert then(failed, finished("remove", attempt=2)).run.phase is Phase.CANCELLED


def test_where_nothing_had_begun_nothing_is_cleaned_up() -> None:
    waiting = begun(a_plan(a_stage(gates=(a_gate(),), steps=CREATED_AND_REMOVED)))
    assert then(waiting, cancelled()).run.phase is Phase.CANCELLED


def test_a_retry_of_a_cancelled_run_cleans_up_anew() -> None:
    killed = then(at_work(), cancelled())
    ended = then(killed, finished("work", Outcome.CANCELLED), finished("remove"))
    again = then(ended, retried())
    assert (starts(again), phases(again)["create"]) == (["work"], Phase.SUCCEEDED)
    done = then(again, finished("work", execution=2), finished("report", execution=2))
    assert starts(done) == ["remove", "mourn"]
