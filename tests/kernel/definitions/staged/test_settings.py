"""What a run does of a pipeline of stages."""

from dataclasses import replace
from datetime import time, timedelta, timezone

import pytest

from chalicelib.kernel.definitions.compile_pipeline import pipeline_defects
from chalicelib.kernel.definitions.definition import with_settings
from chalicelib.kernel.definitions.pipeline import GateType, PipelineDefinition, StepType
from chalicelib.kernel.definitions.staged.pipeline import (
    DeliveryStage,
    DeploymentWindow,
    StageApproval,
    StagedPipeline,
    StageGate,
    Target,
)
from chalicelib.kernel.definitions.staged.settings import Names, settings_of
from chalicelib.kernel.plans.plan import Concurrency, Promotion
from chalicelib.kernel.plans.work import Window
from chalicelib.kernel.trains.completion import Completion
from tests.builders import NOON
from tests.kernel.definitions.given import a_run_ask

NAMES = Names(script={"Deploy Web": "echo web"}.get, shared={"Integration": "int"}.get)
GATE = StageGate(
    approvals=(StageApproval(user="ann", description="looks"), StageApproval(group="cab", count=2)), checks=("tests",)
)
PIPELINE = StagedPipeline(
    name="Standard",
    stages=(
        DeliveryStage(name="Build", promotes=True),
        DeliveryStage(
            name="Integration",
            in_sequence=True,
            exclusive=True,
            targets=(
                Target(plan="Deploy Web", environment="Integration"),
                Target(plan="demo/app", environment="INTEGRATION"),
                Target(plan="Deploy Web", environment="Integration"),
            ),
        ),
        DeliveryStage(
            name="Production", gate=GATE, targets=(Target(plan="Deploy Web"), Target(plan="a", environment="b"))
        ),
    ),
)


def test_a_stage_is_entered_by_deploy_unless_the_one_before_promotes() -> None:
    phases = settings_of(PIPELINE, NAMES).phases

    assert [phase.promotion for phase in phases] == [Promotion.MANUAL, Promotion.AUTOMATIC, Promotion.MANUAL]
    assert [phase.environment for phase in phases] == ["", "int", ""]
    assert [phase.exclusive for phase in phases] == [False, True, False]


def test_each_target_is_a_step_a_script_or_a_deployment_job() -> None:
    first, second, third = settings_of(PIPELINE, NAMES).phases

    assert [step.type for step in first.steps] == [StepType.NOOP]
    assert [(step.name, step.type, step.needs) for step in second.steps] == [
        ("Deploy Web (Integration)", StepType.SCRIPT, ()),
        ("demo/app (INTEGRATION)", StepType.DEPLOY, ("Deploy Web (Integration)",)),
        ("Deploy Web (Integration) #2", StepType.SCRIPT, ("demo/app (INTEGRATION)",)),
    ]
    assert (second.steps[0].script, second.steps[1].deployment) == ("echo web", "demo/app")
    assert [(step.environment, step.needs) for step in third.steps] == [("", ()), ("b", ())]


def test_gates_are_approvals_and_checks() -> None:
    gates = settings_of(PIPELINE, NAMES).phases[2].gates

    assert [(gate.type, gate.user, gate.team, gate.quorum) for gate in gates] == [
        (GateType.APPROVAL, "ann", "", 1),
        (GateType.APPROVAL, "", "cab", 2),
        (GateType.EXTERNAL_APPROVAL, "", "", 1),
    ]


@pytest.mark.parametrize("keeps_order", [True, False])
def test_the_order_of_stages_is_the_pipelines_and_gates_have_none(*, keeps_order: bool) -> None:
    settings = settings_of(replace(PIPELINE, keeps_order=keeps_order), replace(NAMES, timezone="Europe/Berlin"))

    assert (settings.ordered, settings.gates_in_order, settings.timezone) == (keeps_order, False, "Europe/Berlin")


INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (
            DeploymentWindow(days=(0, 4), start=time(8), end=time(17, 30)),
            Window(opens="0 0 8 ? * MON,FRI", closes="0 30 17 ? * MON,FRI", timezone=""),
        ),
        (
            DeploymentWindow(days=(5, 6), start=time(22), end=time(4)),
            Window(opens="0 0 22 ? * SAT,SUN", closes="0 0 4 ? * MON,SUN", timezone=""),
        ),
        (
            DeploymentWindow(days=(0,), start=time(2), end=time(10, 0, 5), offset=INDIA),
            Window(opens="0 30 20 ? * SUN", closes="5 30 4 ? * MON", timezone="UTC"),
        ),
    ],
)
def test_a_window_opens_and_closes_by_crons(window: DeploymentWindow, expected: Window) -> None:
    stage = DeliveryStage(name="Live", gate=StageGate(windows=(window,)))
    (gate,) = settings_of(StagedPipeline(name="Nightly", stages=(stage,)), NAMES).phases[0].gates

    assert (gate.type, gate.windows) == (GateType.WINDOW, (expected,))


def test_the_variables_of_a_stage_are_given_to_its_scripts() -> None:
    targets = (Target(plan="Deploy Web"), Target(plan="demo/app"))
    stage = DeliveryStage(name="Test", variables={"size": "2"}, targets=targets)
    (phase,) = settings_of(StagedPipeline(name="x", stages=(stage,)), NAMES).phases

    assert [step.variables for step in phase.steps] == [{"size": "2"}, {}]


def test_the_variables_of_a_pipeline_are_given_too_where_its_stage_has_none_of_the_name() -> None:
    stage = DeliveryStage(name="Test", variables={"Size": "2"}, targets=(Target(plan="Deploy Web"),))
    pipeline = StagedPipeline(name="x", stages=(stage,), variables={"size": "1", "host": "h"})
    (phase,) = settings_of(pipeline, NAMES).phases

    assert phase.steps[0].variables == {"host": "h", "Size": "2"}


def test_a_target_is_a_step_for_each_of_its_servers_and_roles() -> None:
    target = Target(plan="Deploy Web", environment="Integration", servers=("a", "b", "a"), roles=("web",))
    targets = (target, Target(plan="demo/app", roles=("web", "db")))
    stage = DeliveryStage(name="Test", in_sequence=True, targets=targets)
    (phase,) = settings_of(StagedPipeline(name="x", stages=(stage,)), NAMES).phases

    assert [(step.name, step.server, step.role) for step in phase.steps] == [
        ("Deploy Web (Integration, a)", "a", ""),
        ("Deploy Web (Integration, b)", "b", ""),
        ("Deploy Web (Integration, web)", "", "web"),
        ("demo/app (web)", "", ""),
        ("demo/app (db)", "", ""),
    ]
    assert [step.needs for step in phase.steps[1:]] == [(step.name,) for step in phase.steps[:-1]]
    assert {step.environment for step in phase.steps} == {"int", ""}


def test_older_builds_are_left_alone_unless_the_pipeline_says_otherwise() -> None:
    assert settings_of(PIPELINE, NAMES).concurrency is Concurrency.PARALLEL
    assert settings_of(StagedPipeline(name="x", rejects_older=True), NAMES).concurrency is Concurrency.SUPERSEDE


def test_the_order_of_stages_and_what_follows_the_last_are_kept() -> None:
    staged = StagedPipeline(name="x", keeps_order=False, completion=Completion(creates_next=True))
    settings = settings_of(staged, NAMES)

    assert (settings.ordered, settings.completion) == (False, Completion(creates_next=True))


def test_what_a_pipeline_becomes_can_be_run() -> None:
    fresh = PipelineDefinition(id="p", project="web", name="standard", created_at=NOON)

    assert pipeline_defects(with_settings(fresh, settings_of(PIPELINE, NAMES)), a_run_ask()) == ()
