"""Gates: who and what opens them, and what closes them for good."""

from datetime import UTC, datetime, timedelta
from typing import Unpack

import pytest

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.effects import Audit, Occasion, WakeAt
from chalicelib.kernel.engine.events import ExternallyDecided, TestsReported
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Plan, Policy
from chalicelib.kernel.plans.work import (
    Approval,
    ExternalApproval,
    ManualTask,
    Qualifier,
    Schedule,
    TestResults,
    Ticket,
    Wait,
    Work,
)
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, finished, later, then, with_policy
from tests.kernel.engine.acts import (
    PolicyFields,
    announced,
    approved,
    node,
    of_kind,
    overridden,
    phases,
    rejected,
    stage,
    starts,
)


def behind(work: Work, **policy: Unpack[PolicyFields]) -> Plan:
    """A plan of one step behind one gate."""
    return a_plan(a_stage(gates=(with_policy(a_gate("g1", work), Policy(**policy)),)))


def is_open(at: Transition) -> bool:
    return "s1" in stage(at).nodes


def test_an_approved_gate_lets_the_steps_begin() -> None:
    waiting = begun(behind(Approval()))
    assert (node(waiting, "g1").phase, starts(waiting)) == (Phase.WAITING_PERSON, [])

    opened = then(waiting, approved())

    assert starts(opened) == ["s1"]
    assert node(opened, "g1").reason == "approved by bob"


def test_a_waiting_gate_is_announced_once() -> None:
    waiting = begun(behind(Approval()))
    assert announced(waiting) == [(Occasion.PERSON_AWAITED, 1, "g1")]
    assert announced(then(waiting)) == []


def test_a_quorum_needs_that_many_persons() -> None:
    waiting = begun(behind(Approval(), quorum=2))
    once = then(waiting, approved("bob"), approved("bob"))
    assert not is_open(once)
    assert is_open(then(once, approved("eve")))


def test_who_started_the_run_may_not_approve_it_where_that_is_forbidden() -> None:
    waiting = begun(behind(Approval(no_self_approval=True)))
    refused = then(waiting, approved("ada"))
    assert refused.run == waiting.run
    assert refusal(waiting.plan, waiting.run, approved("ada")) == "ada started this run and may not approve g1"
    assert is_open(then(waiting, approved("bob")))


def test_who_started_the_run_may_reject_it_all_the_same() -> None:
    told = then(begun(behind(Approval(no_self_approval=True))), rejected("ada"))
    assert told.run.phase is Phase.REJECTED


def test_an_approval_expires() -> None:
    waiting = begun(behind(Approval(expires_after=timedelta(minutes=1))))
    late = then(waiting, now=later(60))
    assert (node(late, "g1").phase, late.run.phase) == (Phase.FAILED, Phase.FAILED)
    assert late.run.reason == "gate g1: no decision within 0:01:00"


def test_the_end_of_an_approval_s_time_is_woken_for_once() -> None:
    waiting = begun(behind(Approval(expires_after=timedelta(seconds=3)), quorum=2))
    assert of_kind(waiting, WakeAt) == [WakeAt(at=later(3))]
    assert of_kind(then(waiting, approved()), WakeAt) == []


def test_an_approval_given_in_time_counts_although_it_is_handled_late() -> None:
    waiting = begun(behind(Approval(expires_after=timedelta(minutes=1))))
    assert is_open(then(waiting, approved(at=later(59)), now=later(600)))
    assert not is_open(then(waiting, approved(at=later(60)), now=later(600)))


def test_a_rejection_ends_the_run_with_its_notes() -> None:
    told = then(begun(behind(Approval(), quorum=2)), approved("eve"), rejected(notes="not today"))
    assert told.run.phase is Phase.REJECTED
    assert told.run.reason == "gate g1: rejected by bob: not today"
    assert starts(told) == []


def test_an_ignored_rejection_opens_the_gate() -> None:
    told = then(begun(behind(Approval(), ignore_failure=True)), rejected())
    assert (node(told, "g1").phase, starts(told)) == (Phase.REJECTED, ["s1"])


def test_nobody_decides_twice() -> None:
    once = then(begun(behind(Approval(), quorum=2)), approved("bob"))
    again = then(once, rejected("bob"))
    assert again.run == once.run
    assert refusal(once.plan, once.run, rejected("bob")) == "bob has decided about g1 already"


def test_gates_open_in_order() -> None:
    plan = a_plan(a_stage(gates=(a_gate("g1"), a_gate("g2"))))
    early = then(begun(plan), approved(node="g2"))
    assert phases(early) == {"g1": Phase.WAITING_PERSON}
    assert phases(then(early, approved()))["g2"] is Phase.WAITING_PERSON


def test_a_gate_is_known_to_the_precondition_of_the_next() -> None:
    second = with_policy(a_gate("g2"), Policy(precondition="'g1' in succeeded"))
    opened = then(begun(a_plan(a_stage(gates=(a_gate("g1"), second)))), approved())
    assert node(opened, "g2").phase is Phase.WAITING_PERSON


def test_a_manual_task_is_done_by_saying_so() -> None:
    assert is_open(then(begun(behind(ManualTask(instructions="unplug it"))), approved()))


def test_an_overridden_gate_is_open_and_says_by_whom() -> None:
    opened = then(begun(behind(Schedule(cron="0 0 0 1 1 ? 2030"))), overridden())
    assert node(opened, "g1").phase is Phase.OVERRIDDEN
    assert node(opened, "g1").reason == "overridden by root"
    assert is_open(opened)


def test_what_does_not_wait_cannot_be_overridden() -> None:
    opened = then(begun(behind(Approval())), approved())
    assert then(opened, overridden("s1")).run == opened.run
    assert refusal(opened.plan, opened.run, overridden("s1")) == "s1 is starting: only what waits can be overridden"


def test_a_schedule_opens_at_the_next_fire_in_its_zone() -> None:
    waiting = begun(behind(Schedule(cron="0 30 9 * * ?", timezone="America/New_York")))
    fire = datetime(2026, 6, 1, 13, 30, tzinfo=UTC)
    assert node(waiting, "g1").until == fire
    assert of_kind(waiting, WakeAt) == [WakeAt(at=fire)]
    assert not is_open(then(waiting, now=fire - timedelta(seconds=1)))
    assert is_open(then(waiting, now=fire))


def test_the_earliest_of_several_crons_counts() -> None:
    waiting = begun(behind(Schedule(cron="0 0 18 * * ?; 0 15 12 * * ?")))
    assert node(waiting, "g1").until == later(15 * 60)


def test_a_schedule_that_never_fires_again_is_broken() -> None:
    assert begun(behind(Schedule(cron="0 0 0 1 1 ? 2020"))).run.phase is Phase.BROKEN


@pytest.mark.parametrize("wait", [Wait(duration=timedelta(minutes=5)), Wait(until=later(300))])
def test_a_wait_ends_after_its_length_or_at_its_instant(wait: Wait) -> None:
    waiting = begun(behind(wait))
    assert not is_open(then(waiting, now=later(299)))
    opened = then(waiting, now=later(1000))
    assert node(opened, "g1").ended_at == later(300)
    assert is_open(opened)


def test_a_wait_until_a_past_instant_is_over_at_once() -> None:
    opened = begun(behind(Wait(until=later(-10))))
    assert (node(opened, "g1").phase, node(opened, "g1").ended_at) == (Phase.SUCCEEDED, NOON)


def test_a_wait_that_times_out_first_has_failed_however_late_one_looks() -> None:
    waiting = begun(behind(Wait(duration=timedelta(minutes=5)), timeout=timedelta(minutes=1)))
    assert then(waiting, now=later(60)).run.phase is Phase.FAILED
    assert then(waiting, now=later(600)).run.phase is Phase.FAILED


def decided(ticket: str, *, approved: bool) -> ExternallyDecided:
    return ExternallyDecided(at=NOON, execution=1, node="g1", attempt=1, ticket=ticket, approved=approved, by="eve")


def test_a_system_outside_decides_about_its_own_ticket() -> None:
    waiting = begun(behind(ExternalApproval(system="jira", ticket="OPS-1")))
    assert then(waiting, decided("OPS-2", approved=True)).run == waiting.run
    assert is_open(then(waiting, decided("OPS-1", approved=True)))
    assert then(waiting, decided("OPS-1", approved=False)).run.reason == "gate g1: rejected by eve in jira"


def test_a_gate_of_several_tickets_opens_once_all_are_approved_and_fails_once_one_is_rejected() -> None:
    others = (Ticket(system="jira", id="OPS-2"), Ticket(system="snow", id="CHG-1"))
    waiting = begun(behind(ExternalApproval(system="jira", ticket="OPS-1", others=others)))
    half = then(waiting, decided("CHG-1", approved=True), decided("OPS-1", approved=True))
    assert not is_open(half)
    assert is_open(then(half, decided("OPS-2", approved=True)))
    assert then(half, decided("OPS-2", approved=False)).run.reason == "gate g1: rejected by eve in jira"
    assert [one.by for one in half.run.acts] == ["eve in snow", "eve in jira"]
    again = then(half, decided("CHG-1", approved=True))
    assert again.run.acts == half.run.acts


def test_the_decision_of_a_system_outside_is_remembered_and_audited() -> None:
    waiting = begun(behind(ExternalApproval(system="jira", ticket="OPS-1")))
    told = then(waiting, decided("OPS-1", approved=True), decided("OPS-1", approved=True))
    assert [(one.kind, one.by) for one in told.run.acts] == [("approved", "eve in jira")]
    assert of_kind(told, Audit) == [Audit(act=0)]


def test_a_person_has_no_say_in_an_external_approval() -> None:
    waiting = begun(behind(ExternalApproval(system="jira", ticket="OPS-1")))
    assert then(waiting, approved()).run == waiting.run


def reported(failed: int, at: int = 0, name: str = "unit") -> TestsReported:
    return TestsReported(at=later(at), stage="one", name=name, passed=8, failed=failed)


def test_a_test_gate_opens_by_the_results_of_its_stage() -> None:
    waiting = begun(behind(TestResults(stage="one", qualifier=Qualifier.ALL_PASSED)))
    assert not is_open(waiting)
    assert is_open(then(waiting, reported(0)))
    assert then(waiting, reported(2)).run.phase is Phase.FAILED


def test_results_reported_before_a_test_gate_count() -> None:
    gates = (a_gate("g0"), a_gate("g1", TestResults(stage="one", qualifier=Qualifier.ALL_PASSED)))
    waiting = then(begun(a_plan(a_stage(gates=gates))), reported(0))
    assert is_open(then(waiting, approved(node="g0")))


def test_the_last_word_of_a_test_set_counts_and_an_old_one_told_again_does_not() -> None:
    waiting = begun(behind(Approval()))
    told = then(waiting, reported(3, 1), reported(0, 2), reported(3, 1), reported(1, 1, "smoke"))
    assert {(one.name, one.failed) for one in told.run.results} == {("unit", 0), ("smoke", 1)}


def test_a_precondition_that_does_not_hold_skips_the_gate() -> None:
    opened = begun(behind(Approval(), precondition="environment == 'production'"))
    assert (node(opened, "g1").phase, is_open(opened)) == (Phase.SKIPPED, True)


def test_a_broken_precondition_never_opens_a_gate() -> None:
    broken = begun(behind(Approval(), precondition="nonsense > 1"))
    assert (broken.run.phase, is_open(broken)) == (Phase.BROKEN, False)


def test_a_late_finish_of_the_step_cannot_come_before_its_gate() -> None:
    waiting = begun(behind(Approval()))
    assert then(waiting, finished()).run == waiting.run
