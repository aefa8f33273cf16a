"""A redeploy: what it takes over, what it asks again, and that it neither overtakes backwards nor is overtaken."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.engine.advance import Transition, advance
from chalicelib.kernel.engine.effects import CheckWatermark, PassGates
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.redeploy import redeploying_run
from chalicelib.kernel.plans.plan import Plan, Promotion
from chalicelib.kernel.plans.work import Wait
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, finished, later, then
from tests.kernel.engine.acts import (
    OLDER,
    approved,
    node,
    of_kind,
    overridden,
    overtaken,
    passed,
    phases,
    promoted,
    stage,
    starts,
)

SOON = a_gate("soon", Wait(duration=timedelta(seconds=60)))
GATED = a_stage(gates=(a_gate(), SOON))
PLAN = a_plan(GATED, a_stage("two", gates=(a_gate(),)), train=OLDER)


def deployed() -> Transition:
    """A run that deployed to the first stage and was superseded at the gate of the second."""
    first = then(then(begun(PLAN), approved()), now=later(60))
    done = then(first, passed(), finished(outputs={"release": "web/app-v1.0"}), now=later(60))
    return then(done, overtaken("two"), now=later(60))


def again(of: Plan) -> Plan:
    """The plan of a redeploy over the stages of another, whose first waits for a promotion."""
    first = replace(of.stages[0], promotion=Promotion.MANUAL)
    return replace(of, id="run2", stages=(first, *of.stages[1:]), redeploys=of.id)


def redeployed(of: Transition) -> Transition:
    plan = again(of.plan)
    return advance(plan, redeploying_run(plan, [(of.plan, of.run)]), (promoted("one", 0, at=later(90)),), later(90))


def test_approvals_stand_where_it_was_deployed_and_all_else_is_asked_again() -> None:
    assert deployed().run.phase is Phase.SUPERSEDED
    first = redeployed(deployed())
    assert phases(first) == {"g1": Phase.SUCCEEDED, "soon": Phase.WAITING_TIME}
    assert (node(first, "g1").reason, first.run.releases) == ("approved by bob in run run1", ("web/app-v1.0",))


def test_it_is_asked_for_approvals_where_it_was_never_deployed() -> None:
    second = then(then(redeployed(deployed()), now=later(150)), passed(), finished(), now=later(150))
    assert phases(second, 2) == {"g1": Phase.WAITING_PERSON}


def test_what_was_overridden_is_no_approval() -> None:
    plan = a_plan(a_stage(gates=(a_gate(),)))
    before = then(begun(plan), overridden(), finished(outcome=Outcome.FAILED))
    assert phases(redeployed(before)) == {"g1": Phase.WAITING_PERSON}


def test_an_approval_stands_for_the_same_gate_alone() -> None:
    before = deployed()
    changed = replace(again(PLAN), stages=(replace(GATED, gates=(replace(a_gate(), name="other"),)),))
    assert redeploying_run(changed, [(before.plan, before.run)]).standing == {}


def test_it_asks_for_no_mark_and_is_overtaken_by_none() -> None:
    first = redeployed(deployed())
    assert of_kind(first, CheckWatermark) == []
    opened = then(first, now=later(150))
    assert of_kind(opened, PassGates) == [PassGates(execution=1, stage="one")]
    assert then(opened, overtaken("one", execution=1), now=later(150)).run == opened.run
    assert starts(then(opened, passed(), now=later(150))) == ["s1"]


def test_approvals_stand_in_a_redeploy_of_a_redeploy() -> None:
    once = then(then(redeployed(deployed()), now=later(150)), passed(), finished(), now=later(150))
    plan = replace(again(PLAN), id="run3")
    third = redeploying_run(plan, [(PLAN, deployed().run), (once.plan, once.run)])
    assert third.standing["one"]["g1"].reason == "approved by bob in run run1"
    assert stage(begun(plan), 1).awaits_promotion
    assert third.began_at == NOON
