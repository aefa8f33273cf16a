"""How a run gets into a stage: by itself or by a person, now or at a time, in order or not; and under a newer plan."""

from dataclasses import replace

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.effects import WakeAt
from chalicelib.kernel.engine.events import Outcome, PlanReplaced, PromotionMode
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Concurrency, Plan, Promotion, Stage
from chalicelib.kernel.plans.work import Approval
from tests.builders import NOON, a_gate, a_plan, begun, finished, later, started, then
from tests.kernel.engine.acts import (
    aborted,
    approved,
    cancelled,
    forward,
    node,
    of_kind,
    phases,
    promoted,
    rejected,
    replayed,
    retried,
    stage,
    starts,
    step,
)

FAILED = Outcome.FAILED
ONE, TWO, THREE = (Stage(key=key, name=key, steps=(step("s1"),)) for key in ("one", "two", "three"))
GATED = replace(ONE, gates=(a_gate(),), promotion=Promotion.MANUAL)


def manual(one: Stage) -> Stage:
    return replace(one, promotion=Promotion.MANUAL)


def waiting(*, ordered: bool = True) -> Transition:
    """A run that waits for its promotion into the second of three stages, or into either of the other two."""
    return then(begun(a_plan(ONE, manual(TWO), manual(THREE), ordered=ordered)), finished())


def test_a_stage_that_went_well_is_followed_by_the_next() -> None:
    second = then(begun(a_plan(ONE, TWO)), finished())
    assert (stage(second, 2).stage, starts(second)) == ("two", ["s1"])


def test_a_stage_that_failed_is_followed_by_nothing() -> None:
    ended = then(begun(a_plan(ONE, TWO)), finished(outcome=Outcome.FAILED))
    assert (ended.run.phase, ended.run.executions) == (Phase.FAILED, 1)


def test_a_run_waits_before_a_stage_of_manual_promotion() -> None:
    at = waiting()
    assert (at.run.phase, stage(at, 2).phase, starts(at)) == (Phase.RUNNING, Phase.WAITING_PERSON, [])
    sent = then(at, promoted("two", 1))
    assert starts(sent) == ["s1"]


def test_the_first_stage_waits_for_its_promotion_too() -> None:
    first = begun(a_plan(manual(ONE)))
    assert (stage(first).phase, starts(first)) == (Phase.WAITING_PERSON, [])
    assert starts(then(first, promoted("one", 0))) == ["s1"]


def test_approvals_are_gathered_before_the_promotion() -> None:
    first = begun(a_plan(GATED))
    assert node(first, "g1").phase is Phase.WAITING_PERSON
    through = then(first, approved())
    assert (stage(through).phase, starts(through)) == (Phase.WAITING_PERSON, [])
    assert starts(then(through, promoted("one", 0))) == ["s1"]


def test_a_promotion_that_is_given_first_waits_for_the_gates() -> None:
    given = then(begun(a_plan(GATED)), promoted("one", 0))
    assert (stage(given).phase, starts(given)) == (Phase.GATES, [])
    assert starts(then(given, approved())) == ["s1"]


def test_who_approved_a_gate_for_two_persons_does_not_promote_behind_it() -> None:
    guard = Approval(no_self_approval=True)
    first = then(begun(a_plan(replace(GATED, gates=(a_gate(work=guard),)))), approved())
    assert refusal(first.plan, first.run, promoted("one", 0)) == "bob approved g1 and may not promote what it guards"
    assert starts(then(first, replace(promoted("one", 0), by="eve"))) == ["s1"]


def test_a_promotion_for_later_waits_for_the_gates_and_for_its_time() -> None:
    given = then(begun(a_plan(GATED)), promoted("one", 0, begin_at=later(60)))
    early = then(given, approved())
    assert (stage(early).phase, of_kind(early, WakeAt)) == (Phase.WAITING_TIME, [WakeAt(at=later(60))])
    assert starts(then(early, now=later(60))) == ["s1"]
    late = then(given, now=later(61))
    assert (stage(late).phase, starts(late)) == (Phase.GATES, [])
    assert starts(then(late, approved(at=later(70)), now=later(70))) == ["s1"]


def test_what_is_rejected_before_its_promotion_goes_no_further() -> None:
    ended = then(begun(a_plan(GATED)), rejected())
    assert ended.run.phase is Phase.REJECTED
    again = then(ended, retried())
    assert (node(again, "g1", 2).phase, stage(again, 2).awaits_promotion) == (Phase.WAITING_PERSON, True)


def test_approvals_stand_when_a_cancelled_run_is_retried() -> None:
    again = then(begun(a_plan(GATED)), approved(), cancelled(), retried())
    assert (node(again, "g1", 2).phase, starts(again)) == (Phase.SUCCEEDED, [])
    assert starts(then(again, promoted("one", 1))) == ["s1"]


def test_where_order_is_not_enforced_every_stage_is_open_for_approvals_at_once() -> None:
    first = begun(a_plan(manual(ONE), replace(GATED, key="two", name="two"), ordered=False))
    assert [one.phase for one in first.run.stages] == [Phase.WAITING_PERSON, Phase.GATES]
    assert starts(then(first, approved(execution=2), promoted("two", 0))) == ["s1"]


def test_stages_that_nobody_promoted_are_closed_when_the_run_ends() -> None:
    gated = (replace(GATED, key=key, name=key) for key in ("one", "two"))
    first = begun(a_plan(*gated, manual(THREE), ordered=False))
    over = then(first, approved(execution=2), promoted("three", 0), finished(execution=3))
    assert (over.run.phase, over.run.reason) == (Phase.SUCCEEDED, "")
    assert [(one.phase, dict(phases(over, one.number))) for one in over.run.stages] == [
        (Phase.SKIPPED, {}),
        (Phase.SKIPPED, {"g1": Phase.SUCCEEDED}),
        (Phase.SUCCEEDED, {"s1": Phase.SUCCEEDED}),
    ]


def test_a_stage_that_was_closed_opens_again_with_its_approvals() -> None:
    plan = a_plan(ONE, replace(GATED, key="two", name="two"))
    failed = then(begun(plan), finished(), approved(execution=2), replayed(1), finished("s1", FAILED, execution=3))
    assert (failed.run.phase, stage(failed, 2).phase) == (Phase.FAILED, Phase.SKIPPED)
    again = then(failed, retried(), finished(execution=4))
    assert (stage(again, 5).stage, phases(again, 5)) == ("two", {"g1": Phase.SUCCEEDED})
    assert starts(then(again, promoted("two", 4))) == ["s1"]


def test_a_run_of_the_last_stage_ends() -> None:
    third = then(waiting(), promoted("two", 1), finished(execution=2), promoted("three", 2))
    assert then(third, finished(execution=3)).run.phase is Phase.SUCCEEDED


def test_a_promotion_at_a_time_begins_then() -> None:
    sent = then(waiting(), promoted("two", 1, begin_at=later(60)))
    assert (stage(sent, 2).phase, of_kind(sent, WakeAt)) == (Phase.WAITING_TIME, [WakeAt(at=later(60))])
    assert starts(then(sent, now=later(59))) == []
    begun_then = then(sent, now=later(60))
    assert (starts(begun_then), node(begun_then, "s1", 2).began_at) == (["s1"], later(60))


def test_a_promotion_for_later_is_brought_forward() -> None:
    sent = then(waiting(), promoted("two", 1, begin_at=later(60)))
    assert starts(then(sent, forward("two", 2, at=later(1)))) == ["s1"]
    sooner = then(sent, forward("two", 2, begin_at=later(30), at=later(1)))
    assert (stage(sooner, 2).phase, of_kind(sooner, WakeAt)) == (Phase.WAITING_TIME, [WakeAt(at=later(30))])
    assert starts(then(sooner, now=later(30))) == ["s1"]


def test_a_promotion_for_later_is_not_put_off() -> None:
    sent = then(waiting(), promoted("two", 1, begin_at=later(60)))
    for begin_at in (later(60), later(90)):
        again = forward("two", 2, begin_at=begin_at, at=later(1))
        assert refusal(sent.plan, sent.run, again) == "stage two begins at 2026-06-01T12:01:00+00:00 already"


def test_bringing_forward_told_twice_is_once() -> None:
    sooner = forward("two", 2, at=later(1))
    over = then(waiting(), promoted("two", 1, begin_at=later(60)), sooner, finished(execution=2, at=later(2)))
    assert then(over, sooner).run == over.run


def test_what_is_brought_forward_waits_for_its_gates_is_refused_at_them_or_overrides_them() -> None:
    sent = then(begun(a_plan(GATED)), promoted("one", 0, begin_at=later(60)))
    now = then(sent, forward("one", 1, at=later(1)))
    assert (stage(now).until, starts(now), starts(then(now, approved()))) == (None, [], ["s1"])
    if_met, forced = (
        forward("one", 1, mode=mode, at=later(1)) for mode in (PromotionMode.IF_MET, PromotionMode.FORCED)
    )
    assert refusal(sent.plan, sent.run, if_met) == "gate g1 is not met: it is undecided"
    assert starts(then(sent, forced)) == ["s1"]


def test_a_promotion_for_later_can_be_aborted() -> None:
    sent = then(waiting(), promoted("two", 1, begin_at=later(60)))
    assert then(sent, aborted(2)).run.phase is Phase.CANCELLED


def test_a_promotion_told_twice_is_one() -> None:
    sent = then(waiting(), promoted("two", 1))
    over = then(sent, finished(execution=2))
    assert then(over, promoted("two", 1)).run == over.run


def test_a_promotion_told_twice_is_one_where_order_is_not_enforced_too() -> None:
    over = then(waiting(ordered=False), promoted("two", 1), finished(execution=2))
    assert then(over, promoted("two", 1)).run == over.run


def test_where_order_is_enforced_no_stage_is_left_out() -> None:
    at = waiting()
    assert then(at, promoted("three", 1)).run == at.run
    assert refusal(at.plan, at.run, promoted("three", 1)) == "stage two has not gone well before"


def test_where_order_is_not_enforced_a_stage_may_be_left_out() -> None:
    sent = then(waiting(ordered=False), promoted("three", 1))
    assert then(sent, finished(execution=3)).run.phase is Phase.SUCCEEDED


def test_a_run_may_be_sent_back_and_then_waits_where_it_waited() -> None:
    second = then(waiting(), promoted("two", 1), finished(execution=2))
    back = then(second, promoted("one", 2), finished(execution=4))
    assert not back.run.is_final
    assert refusal(back.plan, back.run, promoted("three", 3)) is None


def test_a_stage_under_way_takes_no_promotion() -> None:
    first = begun(a_plan(ONE, manual(TWO)))
    assert refusal(first.plan, first.run, promoted("one", 1)) == "stage one is under way"
    assert refusal(first.plan, first.run, promoted("nowhere", 1)) == "no stage nowhere in the plan"


def test_a_run_that_ended_or_is_stopped_takes_no_promotion() -> None:
    ended = then(waiting(), cancelled())
    assert then(ended, promoted("two", 1)).run == ended.run
    told = then(then(waiting(), promoted("two", 1), started(execution=2)), cancelled())
    assert then(told, promoted("three", 2)).run == told.run


def newer(at: Transition, *stages: Stage, **changed: object) -> PlanReplaced:
    plan: Plan = replace(at.plan, id="plan2", stages=stages, **changed)  # type: ignore[arg-type]  # fields of Plan, by name
    return PlanReplaced(at=NOON, plan=plan, by="bob")


def test_a_new_plan_counts_for_stages_not_begun() -> None:
    first = begun(a_plan(ONE, TWO))
    changed = then(first, newer(first, ONE, manual(TWO)))
    assert (changed.run.plan, changed.plan.id) == ("plan2", "plan2")
    assert starts(then(changed, finished())) == []


def test_a_new_plan_may_not_drop_a_step_that_has_begun() -> None:
    first = begun(a_plan(ONE, TWO))
    event = newer(first, replace(ONE, steps=()), TWO)
    refused = then(first, event)
    assert (refused.run, refused.plan) == (first.run, first.plan)
    assert refusal(first.plan, first.run, event) == "what has begun would be missing: one/s1"


def test_a_new_plan_may_not_drop_a_stage_that_has_begun() -> None:
    first = begun(a_plan(ONE, TWO))
    assert then(first, newer(first, TWO)).run == first.run


def test_a_new_plan_keeps_the_runs_place_among_others() -> None:
    first = begun(a_plan(ONE, TWO))
    event = newer(first, ONE, concurrency=Concurrency.QUEUE)
    assert refusal(first.plan, first.run, event) == "a new plan may differ in its stages alone"


def test_an_old_plan_told_again_does_not_come_back() -> None:
    first = begun(a_plan(ONE, TWO))
    second = newer(first, ONE, manual(TWO))
    third = replace(second, plan=replace(second.plan, id="plan3", stages=(ONE,)))
    changed = then(first, second, third, second)
    assert changed.run.plan == "plan3"
    assert then(changed, second, replace(second, plan=first.plan)).run == changed.run


def test_an_ended_run_takes_no_new_plan() -> None:
    ended = then(begun(a_plan(ONE)), finished())
    assert then(ended, newer(ended, ONE, TWO)).run == ended.run
