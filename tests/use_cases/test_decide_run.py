"""Who is refused what, when a person decides about what waits in a run."""

import pytest

from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.role import ADMIN
from chalicelib.kernel.run import ActKind
from chalicelib.use_cases.decide_run import DecideNode, decide_node
from tests.builders import a_gate, a_plan, a_stage
from tests.use_cases.house import House

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


def test_a_decision_about_what_no_stage_has_is_not_found(house: House) -> None:
    with pytest.raises(NotFound, match="no node g2 in run run1"):
        decide_node(house.ports, approval("g2"))
