"""What of a stage is shown: the order of its steps, their types, and where it is now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.dialects.flexdeploy.executions.step_order import order_of_steps
from chalicelib.dialects.flexdeploy.executions.types import gate_type, step_type
from chalicelib.dialects.flexdeploy.executions.words import current_gate, current_step, show_step
from chalicelib.kernel.definitions.gated.write import milliseconds, plain_number
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, StageExecution
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    DefinitionKind,
    ExternalApproval,
    GateWork,
    Group,
    Job,
    JobKind,
    ManualTask,
    Noop,
    Notify,
    Qualifier,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    Wait,
    Windows,
    Work,
)
from chalicelib.use_cases.travel.executions import ExecutedStage
from tests.builders import NOON


def a_step(key: str, *needs: str, work: Work | None = None, group: str | None = None) -> Node:
    return Node(key=key, name=f"step {key}", work=work or Noop(), needs=needs, group=group)


def a_stage(*steps: Node, gates: tuple[Node, ...] = (), **phases: Phase) -> ExecutedStage:
    """A stage whose nodes are in these phases."""
    nodes = {key: NodeState(phase=phase, began_at=NOON) for key, phase in phases.items()}
    execution = StageExecution(number=1, stage="p1", phase=Phase.RUNNING, began_at=NOON, nodes=nodes)
    stage = Stage(key="p1", name="Test", gates=gates, steps=steps)
    return ExecutedStage(id=10_002, run="r", place=1, environment=None, stage=stage, execution=execution)


def an_action(kind: JobKind) -> RunDefinition:
    return RunDefinition(kind=DefinitionKind.DEPLOYMENT_JOB, project="web", name="app", action=kind)


def test_steps_are_ordered_as_they_need_one_another_wherever_they_stand() -> None:
    steps = (a_step("last", "a", "b"), a_step("a"), a_step("b", "a"), a_step("beside", "a"))

    assert order_of_steps(a_stage(*steps).stage) == {"a": 1, "b": 2, "beside": 2, "last": 3}


def test_children_of_a_group_stand_below_it() -> None:
    group = a_step("g", "a", work=Group())
    stage = a_stage(a_step("a"), group, a_step("x", group="g"), a_step("y", group="g"), a_step("z", "x")).stage

    assert order_of_steps(stage) == {"a": 1, "g": 2, "x": 2.1, "y": 2.2, "z": 3}


@pytest.mark.parametrize(("count", "last"), [(9, 1.9), (10, 1.1), (12, 1.12)])
def test_over_nine_children_have_two_digits(count: int, last: float) -> None:
    children = [a_step(f"c{number}", group="g") for number in range(count)]
    orders = order_of_steps(a_stage(a_step("g", work=Group()), *children).stage)

    assert orders[f"c{count - 1}"] == last
    assert len(set(orders.values())) == count + 1


@pytest.mark.parametrize(("number", "shown"), [(1.0, "1"), (2.1, "2.1"), (1.01, "1.01"), (3, "3")])
def test_whole_numbers_have_no_fraction(number: float, shown: str) -> None:
    assert repr(plain_number(number)) == shown


def test_instants_are_milliseconds() -> None:
    assert milliseconds(datetime(2019, 2, 20, 21, 48, tzinfo=UTC)) == 1550699280000
    assert milliseconds(None) is None


def test_every_key_of_a_step_is_there() -> None:
    step = a_step("w", work=Wait(duration=timedelta(seconds=1234)))

    assert show_step(a_stage(step, w=Phase.WAITING_TIME), step) == {
        "stepName": "step w",
        "stepType": "STAGE_WAIT_STEP",
        "stepStatus": "SCHEDULED",
        "stepDescription": None,
        "waitDuration": 1234,
        "roleName": None,
        "cronExpression": None,
        "waitUntilDate": None,
        "stepOrder": 1,
    }


@pytest.mark.parametrize(
    ("work", "word"),
    [
        (Approval(), "STAGE_APPROVAL_GATE"),
        (ManualTask(), "STAGE_APPROVAL_GATE"),
        (ExternalApproval(system="s", ticket="t"), "STAGE_EXT_APPROVAL_GATE"),
        (TestResults(stage="p1", qualifier=Qualifier.ALL_PASSED), "STAGE_TEST_GATE"),
        (Schedule(cron="* * 12 * * ?"), "STAGE_SCHEDULED_GATE"),
        (Windows(any_of=()), "STAGE_SCHEDULED_GATE"),
        (Wait(), "STAGE_SCHEDULED_GATE"),
    ],
)
def test_a_gate_is_of_the_type(work: GateWork, word: str) -> None:
    assert gate_type(Node(key="g1", name="g", work=work)) == word


@pytest.mark.parametrize(
    ("work", "word"),
    [
        (an_action(JobKind.DEPLOY), "STAGE_DEPLOY_STEP"),
        (an_action(JobKind.SMOKE), "STAGE_TEST_STEP"),
        (an_action(JobKind.ERRAND), "STAGE_UTILITY_WF_STEP"),
        (an_action(JobKind.DESTROY), "STAGE_UTILITY_WF_STEP"),
        (RunDefinition(kind=DefinitionKind.BUILD, project="web", name="app"), "STAGE_UTILITY_WF_STEP"),
        (Job(kind=JobKind.SCRIPT), "STAGE_DEPLOY_STEP"),
        (Job(kind=JobKind.TASK), "STAGE_UTILITY_WF_STEP"),
        (Approval(), "STAGE_MANUAL_STEP"),
        (ManualTask(), "STAGE_MANUAL_STEP"),
        (Schedule(cron="* * 12 * * ?"), "STAGE_SCHEDULED_STEP"),
        (Wait(), "STAGE_WAIT_STEP"),
        (Notify(subject="s"), "STAGE_NOTIFICATION_STEP"),
        (Group(), "STAGE_GROUP_STEP"),
        (Noop(), "STAGE_UTILITY_WF_STEP"),
        (CallWebhook(url="https://example.org"), "STAGE_UTILITY_WF_STEP"),
        (TagRelease(namespace="n", application="a", tag="t"), "STAGE_UTILITY_WF_STEP"),
    ],
)
def test_a_step_is_of_the_type(work: Work, word: str) -> None:
    assert step_type(a_step("s", work=work)) == word


def test_the_current_gate_is_the_first_that_is_not_passed() -> None:
    gates = tuple(Node(key=f"g{number}", name=f"gate {number}", work=Approval()) for number in range(1, 4))

    assert current_gate(a_stage(gates=gates, g1=Phase.SUCCEEDED, g2=Phase.WAITING_PERSON)) == "gate 2"
    assert current_gate(a_stage(gates=gates, g1=Phase.SUCCEEDED, g2=Phase.REJECTED)) is None


@pytest.mark.parametrize(
    ("phases", "name"),
    [
        ({"a": Phase.RUNNING, "b": Phase.RUNNING}, "step a"),
        ({"a": Phase.WAITING_TIME}, None),
        ({"a": Phase.WAITING_TIME, "b": Phase.WAITING_PERSON}, "step b"),
        ({"a": Phase.SUCCEEDED, "g": Phase.RUNNING, "x": Phase.STARTING}, "step x"),
        ({"a": Phase.SUCCEEDED, "g": Phase.RUNNING, "x": Phase.WAITING_TIME}, None),
        ({"a": Phase.SUCCEEDED, "g": Phase.RUNNING, "x": Phase.SUCCEEDED}, "step g"),
        ({"a": Phase.SUCCEEDED, "g": Phase.SUCCEEDED, "x": Phase.SUCCEEDED}, None),
    ],
)
def test_the_current_step_is_one_that_is_under_way(phases: Any, name: str | None) -> None:  # noqa: ANN401 - phases by key
    stage = a_stage(a_step("a"), a_step("b"), a_step("g", work=Group()), a_step("x", group="g"), **phases)

    assert current_step(stage) == name
