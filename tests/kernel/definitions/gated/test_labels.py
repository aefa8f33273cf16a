"""What people call the gates and steps of a run."""

from dataclasses import replace

from chalicelib.kernel.definitions.gated.labels import kept, labels_of
from chalicelib.kernel.definitions.gated.read import read_gated_pipeline
from chalicelib.kernel.plans.plan import Plan
from tests.builders import NOON
from tests.kernel.definitions.gated.given import API, Json, a_document, a_gate, a_stage, a_step, carried, planned


def labelled(document: Json) -> Plan:
    plan = planned(document, carried(), carried(API, "api"))
    return replace(plan, snapshot={**plan.snapshot, **kept(read_gated_pipeline(document, NOON))})


def listed(document: Json) -> list[tuple[str, str, float, str]]:
    """The nodes of the first stage that have a label, in the order of the plan."""
    plan = labelled(document)
    labels, stage = labels_of(plan), plan.stages[0]
    assert labels is not None
    of_stage = labels[stage.key]
    known = [(node.name, of_stage[node.key]) for node in stage.nodes if node.key in of_stage]
    return [(name, label.type.value, label.order, label.role) for name, label in known]


def test_gates_and_steps_have_their_types_orders_and_roles() -> None:
    steps = (a_step("DEPLOY_ALL", "all"), a_step("MANUAL", "look", roleName="testers", stepOrder=1))
    gates = (a_gate("APPROVAL", "ok", roleName="owners"), a_gate("EXT_APPROVAL", "change"))
    assert listed(a_document(a_stage(*steps, gates=gates))) == [
        ("ok", "STAGE_APPROVAL_GATE", 1, "owners"),
        ("change", "STAGE_EXT_APPROVAL_GATE", 2, ""),
        ("all", "STAGE_DEPLOY_ALL_STEP", 1, ""),
        ("look", "STAGE_MANUAL_STEP", 1, "testers"),
    ]


def test_children_of_a_group_follow_it() -> None:
    inner = [a_step("WAIT", f"w{number}", waitDuration=1) for number in range(2)]
    steps = (a_step("MANUAL", "first"), a_step("GROUP", "group", steps=inner, stepOrder=2))
    assert [(name, order) for name, _, order, _ in listed(a_document(a_stage(*steps)))] == [
        ("first", 1),
        ("group", 2),
        ("w0", 2.1),
        ("w1", 2.2),
    ]


def test_a_group_of_ten_counts_with_two_digits() -> None:
    inner = [a_step("WAIT", f"w{number}", waitDuration=1) for number in range(10)]
    orders = [order for _, _, order, _ in listed(a_document(a_stage(a_step("GROUP", "group", steps=inner))))]
    assert orders == [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.09, 1.1]


def test_another_plan_has_no_labels() -> None:
    assert labels_of(planned(a_document(a_stage()))) is None


def test_labels_of_a_plan_are_worked_out_once() -> None:
    plan = labelled(a_document(a_stage(a_step("MANUAL", "look"))))
    assert labels_of(plan) is labels_of(plan)
    assert labels_of(replace(plan, snapshot={})) is None
