"""What keeps a plan from being run: each defect with its place, all of them at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.kernel.plans.check import MAX_NODES, defects
from chalicelib.kernel.plans.plan import Node, Plan, Policy
from chalicelib.kernel.plans.work import Approval, Group, Job, JobKind, Schedule, Wait
from tests.builders import a_chain, a_gate, a_plan, a_stage, a_step, with_policy

SCRIPT = Job(kind=JobKind.SCRIPT, ask={"script": "true"})


def places(plan: Plan) -> list[str]:
    return [defect.path for defect in defects(plan)]


def test_a_plan_without_defects_can_be_run() -> None:
    assert defects(a_plan(a_chain(50))) == ()


@pytest.mark.parametrize(
    ("node", "path"),
    [
        (a_gate(work=SCRIPT), "type"),
        (a_gate(work=Schedule(cron="0 0 12 * *")), "cron"),
        (a_gate(work=Schedule(cron="0 0 0 30 2 ? *")), "cron"),
        (a_gate(work=Wait()), "duration"),
        (with_policy(a_gate(), Policy(attempts=2)), "attempts"),
        (with_policy(a_gate(work=Wait(duration=timedelta(1))), Policy(quorum=2)), "quorum"),
        (with_policy(a_gate(), Policy(precondition="release ==")), "precondition"),
        (with_policy(a_gate(), Policy(timeout=timedelta(0))), "timeout"),
    ],
)
def test_a_gate_s_defect_names_its_place(node: Node, path: str) -> None:
    (place,) = {one.rpartition(".")[0] for one in places(a_plan(a_stage(gates=(node,))))}
    assert place == "stages[0].gates[0]"
    assert path in str(defects(a_plan(a_stage(gates=(node,))))[0]) or path == "duration"


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ((a_step("s1", needs=("s9",)),), "stages[0].steps[0].needs[0]"),
        ((a_step("s1", needs=("s2",)), a_step("s2", needs=("s1",))), "stages[0].steps[0].needs"),
        ((a_step("s1", group="s2"), a_step("s2")), "stages[0].steps[0].group"),
        ((a_step("s1", Group(), group="s1"),), "stages[0].steps[0].group"),
        ((a_step("s1"), a_step("s1")), "stages[0]"),
    ],
)
def test_a_graph_s_defect_names_its_place(steps: tuple[Node, ...], place: str) -> None:
    assert places(a_plan(a_stage(steps=steps))) == [place]


def test_groups_stand_twenty_deep_and_no_deeper() -> None:
    def nested(depth: int) -> Plan:
        keys = [f"g{number}" for number in range(depth)]
        groups = [a_step(key, Group(), group=keys[i - 1] if i else None) for i, key in enumerate(keys)]
        return a_plan(a_stage(steps=(*groups, a_step("s", group=keys[-1]))))

    assert defects(nested(20)) == ()
    assert "20 deep" in defects(nested(21))[0].message


def test_a_plan_of_over_a_thousand_nodes_is_refused() -> None:
    (defect,) = defects(a_plan(a_chain(MAX_NODES + 1)))
    assert "more than 1000" in defect.message


def test_an_exclusive_stage_needs_an_environment() -> None:
    stage = a_stage(exclusive=True)
    homeless = type(stage)(key=stage.key, name=stage.name, steps=stage.steps, exclusive=True)
    assert places(a_plan(homeless)) == ["stages[0].exclusive"]


@pytest.mark.parametrize("wrong", [lambda: Policy(attempts=0), lambda: Policy(backoff=timedelta(-1))])
def test_all_defects_are_told_at_once(wrong: Callable[[], Policy]) -> None:
    plan = a_plan(
        a_stage(gates=(a_gate(work=Schedule(cron="x")),), steps=(with_policy(a_step(work=SCRIPT), wrong()),)),
        a_stage("two", gates=(a_gate(work=Approval()),), steps=(a_step("s1", needs=("s9",)),)),
    )
    found = places(plan)
    assert len(found) == 3
    assert found[-1] == "stages[1].steps[0].needs[0]"
