"""Who is refused what, when a person decides about what waits in a run."""

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Forbidden, NotFound
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from tests.builders import a_gate, a_plan, a_stage
from tests.use_cases.house import House

JOB = Principal(name="run1.1.s1.1", kind=PrincipalKind.JOB, roles=frozenset({role_in("web", Level.OWNER)}))
ROOT = Principal(name="root", roles=frozenset({ADMIN}))


def approval(node: str) -> DecideNode:
    return DecideNode(run="run1", kind=ActKind.APPROVED, by=ROOT, node=node)


@pytest.fixture
def house() -> House:
    """A house with a run that waits at its gate."""
    made = House()
    made.start(a_plan(a_stage(gates=(a_gate(),))))
    return made


def test_a_decision_made_again_is_a_conflict_also_when_the_run_has_ended_by_it(house: House) -> None:
    decide_node(house.ports, approval("g1"))
    assert house.runs.run("run1").is_final

    with pytest.raises(Conflict, match="g1 does not wait"):
        decide_node(house.ports, approval("g1"))


@pytest.mark.parametrize("kind", [ActKind.APPROVED, ActKind.REJECTED, ActKind.OVERRODE])
def test_no_job_decides_about_what_waits(house: House, kind: ActKind) -> None:
    with pytest.raises(Forbidden, match="a job decides about no run"):
        decide_node(house.ports, DecideNode(run="run1", kind=kind, by=JOB, node="g1"))


@pytest.mark.parametrize(
    "kind", [ActKind.CANCELLED, ActKind.RETRIED, ActKind.ABORTED, ActKind.REPLAYED, ActKind.PROMOTED]
)
def test_no_job_says_how_far_a_run_goes(house: House, kind: ActKind) -> None:
    before = house.runs.run("run1")
    with pytest.raises(Forbidden, match="a job decides about no run"):
        decide_run(house.ports, DecideRun(run="run1", kind=kind, by=JOB, stage="one"))
    assert house.runs.run("run1") == before


def test_a_decision_about_what_no_stage_has_is_not_found(house: House) -> None:
    with pytest.raises(NotFound, match="no node g2 in run run1"):
        decide_node(house.ports, approval("g2"))
