"""Several teams that must all approve, and decisions that one person has taken upon themselves."""

from dataclasses import replace

import pytest

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.events import Approved, Claimed, ExternallyDecided, Rejected
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import DecidedBy, Plan, Policy
from chalicelib.kernel.plans.work import Approval, ExternalApproval, ManualTask, Work
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, then, with_policy
from tests.kernel.engine.acts import node

BOTH = DecidedBy(teams=("qa", "ops"), all_teams=True)


def decided_by(named: DecidedBy | None, work: Work | None = None, quorum: int = 1) -> Plan:
    gate = with_policy(a_gate("g1", work or Approval()), Policy(quorum=quorum))
    return a_plan(a_stage(gates=(replace(gate, decided_by=named),)))


def approved(by: str, *teams: str) -> Approved:
    return Approved(at=NOON, execution=1, node="g1", attempt=1, by=by, teams=teams)


def rejected(by: str, *teams: str) -> Rejected:
    return Rejected(at=NOON, execution=1, node="g1", attempt=1, by=by, teams=teams)


def claimed(by: str, *teams: str) -> Claimed:
    return Claimed(at=NOON, execution=1, node="g1", attempt=1, by=by, teams=teams)


def phase(at: Transition) -> Phase:
    return node(at, "g1").phase


def test_any_team_decides_where_not_all_must() -> None:
    waiting = begun(decided_by(replace(BOTH, all_teams=False)))
    assert phase(then(waiting, approved("bob", "qa"))) is Phase.SUCCEEDED


def test_each_team_must_approve_where_all_must() -> None:
    once = then(begun(decided_by(BOTH)), approved("bob", "qa"), approved("eve", "qa"))
    assert phase(once) is Phase.WAITING_PERSON
    assert phase(then(once, approved("zoe", "ops"))) is Phase.SUCCEEDED


def test_one_team_rejects_for_all() -> None:
    assert phase(then(begun(decided_by(BOTH)), rejected("bob", "qa"))) is Phase.REJECTED


def test_who_is_in_both_teams_speaks_for_both_at_once_or_one_after_the_other() -> None:
    waiting = begun(decided_by(BOTH))
    assert phase(then(waiting, approved("bob", "qa", "ops"))) is Phase.SUCCEEDED
    once = then(waiting, approved("bob", "qa"))
    assert refusal(once.plan, once.run, approved("bob", "qa")) == "bob has decided about g1 already"
    assert phase(then(once, approved("bob", "ops"))) is Phase.SUCCEEDED


def test_a_quorum_counts_besides() -> None:
    once = then(begun(decided_by(BOTH, quorum=2)), approved("bob", "qa", "ops"))
    assert phase(once) is Phase.WAITING_PERSON
    assert phase(then(once, approved("eve", "qa"))) is Phase.SUCCEEDED


def test_what_is_claimed_nobody_else_decides() -> None:
    waiting = then(begun(decided_by(DecidedBy(teams=("qa",)), ManualTask())), claimed("bob", "qa"))
    assert refusal(waiting.plan, waiting.run, approved("eve", "qa")) == "bob has claimed g1"
    assert refusal(waiting.plan, waiting.run, rejected("eve", "qa")) == "bob has claimed g1"
    assert refusal(waiting.plan, waiting.run, claimed("eve", "qa")) == "bob has claimed g1"
    assert refusal(waiting.plan, waiting.run, claimed("bob", "qa")) == "bob has claimed g1 already"
    assert phase(then(waiting, approved("bob", "qa"))) is Phase.SUCCEEDED


def test_a_claim_for_one_team_leaves_the_others_theirs() -> None:
    waiting = then(begun(decided_by(BOTH)), claimed("bob", "qa"))
    assert refusal(waiting.plan, waiting.run, approved("eve", "qa")) == "bob has claimed g1"
    assert refusal(waiting.plan, waiting.run, approved("eve", "ops")) is None


def test_a_claim_without_a_team_is_for_everybody() -> None:
    waiting = then(begun(decided_by(DecidedBy(users=("bob", "eve")))), claimed("bob"))
    assert refusal(waiting.plan, waiting.run, approved("eve")) == "bob has claimed g1"


@pytest.mark.parametrize("named", [None, DecidedBy(teams=("qa",))])
def test_what_another_system_decides_persons_do_only_where_some_are_named(named: DecidedBy | None) -> None:
    waiting = begun(decided_by(named, ExternalApproval(system="jira", ticket="OPS-1")))
    internally = then(waiting, approved("bob", "qa"))
    assert phase(internally) is (Phase.SUCCEEDED if named is not None else Phase.WAITING_PERSON)
    said = ExternallyDecided(at=NOON, execution=1, node="g1", attempt=1, ticket="OPS-1", approved=True)
    assert phase(then(waiting, said)) is Phase.SUCCEEDED


def test_a_claim_of_what_does_not_wait_is_refused() -> None:
    passed = then(begun(decided_by(None)), approved("bob"))
    assert refusal(passed.plan, passed.run, claimed("eve")) is not None
