"""Who may promote behind gates that are not met, and what is left behind when it is refused."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL, Level, role_in
from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Forbidden
from chalicelib.kernel.plans.plan import OverriddenBy, Promotion
from chalicelib.kernel.plans.work import Approval
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from tests.builders import a_gate, a_plan, a_stage
from tests.use_cases.house import House


def a_person(name: str, level: Level, *groups: str) -> Principal:
    return Principal(
        name=name,
        kind=PrincipalKind.USER,
        roles=frozenset({role_in("web", level)}),
        groups=frozenset(groups),
        scopes=frozenset({ALL}),
    )


WRITER, OWNER = a_person("walt", Level.WRITE), a_person("olga", Level.OWNER)
LEAD = a_person("lea", Level.WRITE, "leads")
ROOT = Principal(name="root", roles=frozenset({ADMIN}))
GATED = replace(a_stage(gates=(a_gate(work=Approval(team="leads")),)), promotion=Promotion.MANUAL)
NEXT = replace(a_stage("two"), promotion=Promotion.MANUAL)


def a_house(overridden_by: OverriddenBy = OverriddenBy.OWNERS) -> House:
    house = House()
    house.start(replace(a_plan(GATED, NEXT), overridden_by=overridden_by))
    return house


def promote(house: House, by: Principal, mode: PromotionMode, stage: str = "one") -> Phase:
    """The phase of the stage after the promotion."""
    command = DecideRun(run="run1", kind=ActKind.PROMOTED, by=by, stage=stage, mode=mode)
    latest = decide_run(house.ports, command).run.latest(stage)
    assert latest is not None
    return latest.phase


def audited(house: House) -> list[tuple[str, str]]:
    return [(one.by, one.act) for one in house.audits.kept.values()]


@pytest.mark.parametrize("by", [WRITER, OWNER, ROOT])
def test_a_promotion_that_is_refused_leaves_nothing_behind(by: Principal) -> None:
    house = a_house()
    before = house.runs.run("run1")
    with pytest.raises(Conflict, match="gate g1 is not met"):
        promote(house, by, PromotionMode.IF_MET)
    assert house.runs.run("run1") == before


def test_owners_promote_past_gates_and_the_audit_log_tells_it() -> None:
    house = a_house()
    assert promote(house, OWNER, PromotionMode.FORCED) is Phase.SUCCEEDED
    assert {("olga", "forced"), ("olga", "overrode")} <= set(audited(house))


def test_others_may_not_and_the_audit_log_tells_that_too() -> None:
    house = a_house()
    with pytest.raises(Forbidden, match="only an owner of web may override g1"):
        promote(house, LEAD, PromotionMode.FORCED)
    with pytest.raises(Forbidden, match="only an owner of web may enter stage two now: stage one has not gone well"):
        promote(house, LEAD, PromotionMode.FORCED, "two")
    assert ("lea", "refused-decision") in audited(house)


def test_where_the_deciders_override_the_gates_team_and_admins_do() -> None:
    with pytest.raises(Forbidden, match="only team leads or an admin may override g1"):
        promote(a_house(OverriddenBy.DECIDERS), OWNER, PromotionMode.FORCED)
    for by in (LEAD, ROOT):
        assert promote(a_house(OverriddenBy.DECIDERS), by, PromotionMode.FORCED) is Phase.SUCCEEDED
    with pytest.raises(Forbidden, match="only an admin may enter stage two now"):
        promote(a_house(OverriddenBy.DECIDERS), LEAD, PromotionMode.FORCED, "two")


def test_a_decider_overrides_no_gate_of_a_run_that_they_began_where_it_forbids_that() -> None:
    gate = a_gate(work=Approval(team="leads", no_self_approval=True))
    for override in (
        lambda house, by: promote(house, by, PromotionMode.FORCED),
        lambda house, by: decide_node(house.ports, DecideNode(run="run1", kind=ActKind.OVERRODE, by=by, node="g1")),
    ):
        house = House()
        begun = replace(a_plan(replace(GATED, gates=(gate,)), NEXT), begun_by=("user:lea",))
        house.start(replace(begun, overridden_by=OverriddenBy.DECIDERS))
        with pytest.raises(Forbidden, match="lea began this run and may not approve g1"):
            override(house, LEAD)
        override(house, a_person("liv", Level.WRITE, "leads"))


def test_the_same_hold_for_a_gate_that_is_overridden_alone() -> None:
    house = a_house(OverriddenBy.DECIDERS)
    with pytest.raises(Forbidden, match="only team leads or an admin may override g1"):
        decide_node(house.ports, DecideNode(run="run1", kind=ActKind.OVERRODE, by=OWNER))
    assert decide_node(house.ports, DecideNode(run="run1", kind=ActKind.OVERRODE, by=LEAD)).run.stages[0].nodes


def test_force_where_nothing_is_to_be_overridden_is_for_every_writer() -> None:
    house = a_house()
    decide_node(house.ports, DecideNode(run="run1", kind=ActKind.APPROVED, by=LEAD))
    assert promote(house, WRITER, PromotionMode.FORCED) is Phase.SUCCEEDED
    assert ("walt", "promoted") in audited(house)


def test_an_approval_is_taken_back_by_whoever_gave_it() -> None:
    house = a_house()
    decide_node(house.ports, DecideNode(run="run1", kind=ActKind.APPROVED, by=LEAD))
    with pytest.raises(Conflict, match="walt has not approved g1"):
        decide_node(house.ports, DecideNode(run="run1", kind=ActKind.REVOKED, by=WRITER, node="g1"))
    decide_node(house.ports, DecideNode(run="run1", kind=ActKind.REVOKED, by=LEAD, node="g1"))
    with pytest.raises(Conflict, match="gate g1 is not met"):
        promote(house, WRITER, PromotionMode.IF_MET)
