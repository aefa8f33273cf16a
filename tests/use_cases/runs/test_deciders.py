"""Whose word counts at a gate that is for a role: its members and administrators, for the teams they are in."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, ALL, Level, role_in
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Forbidden
from chalicelib.kernel.plans.plan import DecidedBy, OverriddenBy
from chalicelib.kernel.plans.work import Approval, Schedule, Work
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from tests.builders import a_gate, a_plan, a_stage
from tests.use_cases.house import House

ROOT = Principal(name="root", roles=frozenset({ADMIN}))
OWNER = Principal(name="olga", roles=frozenset({role_in("web", Level.OWNER)}), scopes=frozenset({ALL}))
ADA = Principal(name="ada", scopes=frozenset({ALL}))
QA = Principal(name="quin", groups=frozenset({"qa"}), scopes=frozenset({ALL}))
OPS = Principal(name="otto", groups=frozenset({"ops"}), scopes=frozenset({ALL}))
BOTH = Principal(name="bea", groups=frozenset({"qa", "ops"}), scopes=frozenset({ALL}))
ROLE = DecidedBy(users=("ada",), teams=("qa", "ops"))


def at_gate(named: DecidedBy, work: Work | None = None) -> House:
    house = House()
    gate = replace(a_gate("g1", work or Approval()), decided_by=named)
    house.start(replace(a_plan(a_stage(gates=(gate,))), overridden_by=OverriddenBy.DECIDERS))
    return house


def decide(house: House, by: Principal, kind: ActKind = ActKind.APPROVED, team: str = "") -> Phase:
    command = DecideNode(run="run1", kind=kind, by=by, node="g1", team=team)
    return decide_node(house.ports, command).run.stages[0].nodes["g1"].phase


@pytest.mark.parametrize("by", [ROOT, ADA, QA, OPS])
def test_any_member_and_an_administrator_may_approve(by: Principal) -> None:
    assert decide(at_gate(ROLE), by) is Phase.SUCCEEDED


def test_an_owner_of_the_project_who_is_no_member_may_not() -> None:
    with pytest.raises(Forbidden, match="g1 is for user ada or team qa or team ops to decide"):
        decide(at_gate(ROLE), OWNER)


def test_a_gate_without_a_role_is_for_administrators() -> None:
    house = at_gate(DecidedBy())
    for by in (OWNER, ADA, QA):
        with pytest.raises(Forbidden, match="g1 is for an admin to decide"):
            decide(house, by)
    assert decide(house, ROOT) is Phase.SUCCEEDED


def test_a_role_overrides_what_waits_for_a_time_and_nobody_else_does() -> None:
    work = Schedule(cron="0 0 12 1 1 ? 2090")
    with pytest.raises(Forbidden, match="only user ada or team qa or team ops or an admin may override g1"):
        decide(at_gate(ROLE, work), OWNER, ActKind.OVERRODE)
    assert decide(at_gate(ROLE, work), QA, ActKind.OVERRODE) is Phase.OVERRIDDEN
    assert decide(at_gate(ROLE, work), ROOT, ActKind.OVERRODE) is Phase.OVERRIDDEN
    with pytest.raises(Forbidden, match="only an admin may override g1"):
        decide(at_gate(DecidedBy(), work), OWNER, ActKind.OVERRODE)


def test_each_team_approves_where_all_must_and_an_administrator_for_all() -> None:
    house = at_gate(replace(ROLE, all_teams=True))
    assert decide(house, QA) is Phase.WAITING_PERSON
    assert decide(house, OPS) is Phase.SUCCEEDED
    assert decide(at_gate(replace(ROLE, all_teams=True)), ROOT) is Phase.SUCCEEDED


def test_who_is_in_two_teams_may_speak_for_one() -> None:
    house = at_gate(replace(ROLE, all_teams=True))
    assert decide(house, BOTH, team="qa") is Phase.WAITING_PERSON
    with pytest.raises(Forbidden, match="quin does not decide about g1 for team ops"):
        decide(house, QA, team="ops")
    assert decide(house, BOTH, team="ops") is Phase.SUCCEEDED


def test_what_is_claimed_others_do_not_decide() -> None:
    house = at_gate(ROLE)
    decide(house, QA, ActKind.CLAIMED, team="qa")
    with pytest.raises(Conflict, match="quin has claimed g1"):
        decide(house, BOTH, team="qa")
    assert decide(house, QA) is Phase.SUCCEEDED


def test_who_may_not_decide_claims_nothing() -> None:
    with pytest.raises(Forbidden):
        decide(at_gate(ROLE), OWNER, ActKind.CLAIMED)
