"""What is gathered before a promotion: approvals that are taken back, gates that refuse or are overridden."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.events import Act, PromotionMode
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.plans.plan import Promotion
from chalicelib.kernel.plans.work import Wait
from tests.builders import a_gate, a_plan, a_stage, begun, finished, later, then
from tests.kernel.engine.acts import (
    OLDER,
    approved,
    cancelled,
    lock_taken,
    node,
    passed,
    phases,
    promoted,
    rejected,
    revoked,
    stage,
    starts,
    step,
)

IF_MET, FORCED = PromotionMode.IF_MET, PromotionMode.FORCED
GATED = replace(a_stage(gates=(a_gate("g1"), a_gate("g2"))), promotion=Promotion.MANUAL)
NEXT = replace(a_stage("two", gates=(a_gate(),)), promotion=Promotion.MANUAL)
PLAN = a_plan(GATED, NEXT)


def through() -> Transition:
    """A run with both gates approved, not promoted yet."""
    return then(begun(PLAN), approved(), approved(node="g2"))


def no(at: Transition, event: Act) -> str | None:
    """Why an act is refused, which then changes nothing."""
    said = refusal(at.plan, at.run, event)
    assert (then(at, event).run == at.run) is (said is not None)
    return said


def test_an_approval_is_taken_back_and_the_gate_waits_anew() -> None:
    again = then(through(), revoked())
    assert (stage(again).phase, phases(again)) == (
        Phase.GATES,
        {"g1": Phase.WAITING_PERSON, "g2": Phase.SUCCEEDED},
    )
    assert starts(then(again, promoted("one", 0))) == []
    assert starts(then(again, promoted("one", 0), approved("eve"))) == ["s1"]


def test_who_took_back_may_approve_again() -> None:
    back = then(through(), revoked())
    assert node(then(back, approved(at=later(1))), "g1").phase is Phase.SUCCEEDED


def test_what_was_taken_back_is_not_given_again_by_its_old_word() -> None:
    back = then(through(), revoked())
    assert no(back, approved()) == "bob has taken this back"
    assert no(back, revoked()) == "bob has not approved g1"


def test_a_gate_that_waits_for_more_loses_an_approval() -> None:
    quorum = replace(GATED.gates[0], policy=replace(GATED.gates[0].policy, quorum=2))
    first = then(begun(a_plan(replace(GATED, gates=(quorum,)))), approved(), revoked())
    assert node(then(first, approved("eve")), "g1").phase is Phase.WAITING_PERSON
    assert node(then(first, approved("eve"), approved("ada")), "g1").phase is Phase.SUCCEEDED


def test_nobody_takes_back_what_they_did_not_give() -> None:
    assert no(through(), revoked("eve")) == "eve has not approved g1"
    assert no(through(), revoked(node="g9")) == "g9 of stage execution 1 is not open"


@pytest.mark.parametrize("exclusive", [False, True])
def test_an_approval_stays_once_gates_and_promotion_are_given(*, exclusive: bool) -> None:
    place = replace(GATED, exclusive=exclusive, environment="production")
    begins = then(begun(a_plan(place)), approved(), approved(node="g2"), promoted("one", 0))
    assert no(begins, revoked()) == "g1 has passed: its approval can no longer be taken back"


def test_an_approval_is_taken_back_before_the_time_of_its_promotion() -> None:
    waits = then(through(), promoted("one", 0, begin_at=later(60)))
    back = then(waits, revoked())
    assert starts(then(back, now=later(60))) == []


def test_a_gate_behind_one_that_opened_again_goes_on_by_itself() -> None:
    first = then(begun(PLAN), approved(), revoked())
    assert node(first, "g2").phase is Phase.WAITING_PERSON
    assert then(first, rejected(node="g2")).run.phase is Phase.REJECTED
    assert starts(then(first, approved(node="g2"), promoted("one", 0), approved("eve"))) == ["s1"]


def test_gates_without_order_open_together_and_are_met_in_any() -> None:
    first = begun(a_plan(replace(GATED, gates_in_order=False)))
    assert phases(first) == {"g1": Phase.WAITING_PERSON, "g2": Phase.WAITING_PERSON}
    assert starts(then(first, approved(node="g2"), promoted("one", 0))) == []
    assert starts(then(first, approved(node="g2"), promoted("one", 0), approved("eve"))) == ["s1"]


def test_a_promotion_now_or_not_at_all_is_refused_and_names_the_gate() -> None:
    first = begun(PLAN)
    assert no(first, promoted("one", 0, mode=IF_MET)) == "gate g1 is not met: it is undecided"
    assert no(then(first, approved()), promoted("one", 0, mode=IF_MET)) == "gate g2 is not met: it is undecided"
    assert starts(then(through(), promoted("one", 0, mode=IF_MET))) == ["s1"]


def test_a_promotion_now_or_not_at_all_says_when_a_gate_opens() -> None:
    soon = a_gate(work=Wait(duration=timedelta(seconds=60)))
    first = begun(a_plan(replace(GATED, gates=(soon,))))
    said = "gate g1 is not met: opens at 2026-06-01T12:01:00+00:00"
    assert no(first, promoted("one", 0, mode=IF_MET)) == said
    assert refusal(first.plan, first.run, promoted("one", 0, mode=IF_MET, at=later(60))) is None


def test_a_stage_that_ran_before_is_asked_for_its_gates_anew() -> None:
    over = then(through(), promoted("one", 0), finished())
    assert no(over, promoted("one", 1, mode=IF_MET)) == "gate g1 is not met: it is undecided"


def test_a_forced_promotion_overrides_the_gates_that_are_not_met_and_tells_it() -> None:
    forced = then(then(begun(PLAN), approved()), promoted("one", 0, mode=FORCED))
    assert starts(forced) == ["s1"]
    assert (node(forced, "g2").phase, node(forced, "g2").reason) == (Phase.OVERRIDDEN, "overridden by bob")
    told = [(act.kind, act.node) for act in forced.run.acts]
    assert told == [(ActKind.APPROVED, "g1"), (ActKind.FORCED, "one"), (ActKind.OVERRODE, "g2")]


def test_a_forced_promotion_leaves_out_a_stage() -> None:
    first = begun(PLAN)
    assert no(first, promoted("two", 0)) == "stage one has not gone well before"
    forced = then(first, promoted("two", 0, mode=FORCED))
    assert (starts(forced), stage(forced, 2).stage) == (["s1"], "two")
    over = then(forced, finished(execution=2))
    assert (over.run.phase, stage(over, 1).phase) == (Phase.SUCCEEDED, Phase.SKIPPED)


def test_a_forced_promotion_asks_for_the_mark_and_the_lock_all_the_same() -> None:
    place = replace(GATED, exclusive=True, environment="production")
    forced = then(begun(a_plan(place, train=OLDER)), promoted("one", 0, mode=FORCED))
    assert stage(forced).phase is Phase.PASSING
    assert starts(then(forced, passed(), lock_taken())) == ["s1"]


def test_force_revives_no_run_that_has_ended() -> None:
    ended = then(begun(a_plan(replace(GATED, steps=(step("a"),)))), cancelled())
    assert no(ended, promoted("one", 1, mode=FORCED)) == "the run is cancelled: it cannot be promoted; redeploy it"
