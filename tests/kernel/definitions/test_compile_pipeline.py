"""What a pipeline becomes as a plan, and which of its defects are told where."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.definitions.compile_pipeline import compile_pipeline, pipeline_defects
from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineDefinition,
    PipelineGate,
    PipelinePhase,
    PipelineStep,
    StepType,
)
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import Concurrency, Train
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    DefinitionKind,
    Group,
    Job,
    JobKind,
    Noop,
    Notify,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    VersionRule,
    Wait,
    Work,
)
from tests.kernel.definitions.given import a_phase, a_pipeline, a_run_ask, noop


def works_of(*steps: PipelineStep) -> list[Work]:
    plan = compile_pipeline(a_pipeline(a_phase(*steps)), a_run_ask())
    return [node.work for node in plan.stages[0].steps]


def defects_of(definition: PipelineDefinition) -> dict[str, str]:
    return {defect.path: defect.message for defect in pipeline_defects(definition, a_run_ask())}


def test_a_build_step_runs_the_build_of_its_phases_environment() -> None:
    (work,) = works_of(PipelineStep(type=StepType.BUILD, build="app"))
    assert work == RunDefinition(kind=DefinitionKind.BUILD, project="web", environment="staging", name="app")


@pytest.mark.parametrize(
    ("type_", "action"),
    [
        (StepType.DEPLOY, JobKind.DEPLOY),
        (StepType.RUN_SMOKE, JobKind.SMOKE),
        (StepType.RUN_DESTROY, JobKind.DESTROY),
        (StepType.RUN_ERRAND, JobKind.ERRAND),
    ],
)
def test_each_step_about_a_deployment_runs_its_job_with_that_action(type_: StepType, action: JobKind) -> None:
    step = PipelineStep(type=type_, environment="production", deployment="demo/app", errand_name="backup")
    (work,) = works_of(step)
    assert isinstance(work, RunDefinition)
    assert (work.kind, work.environment, work.name) == (DefinitionKind.DEPLOYMENT_JOB, "production", "demo/app")
    errand = "backup" if type_ is StepType.RUN_ERRAND else ""
    assert (work.action, work.errand, work.wait) == (action, errand, True)


def test_a_deploy_step_says_which_version_it_takes() -> None:
    step = PipelineStep(
        type=StepType.DEPLOY,
        deployment="app",
        update_version=VersionRule.FROM_DEPLOYMENT,
        update_version_deployment="base",
        update_version_environment="qa",
    )
    (work,) = works_of(step)
    assert isinstance(work, RunDefinition)
    assert (work.version, work.of_deployment, work.of_environment) == (VersionRule.FROM_DEPLOYMENT, "base", "qa")


def test_a_pipeline_trigger_waits_only_when_it_says_so() -> None:
    works = works_of(
        PipelineStep(type=StepType.PIPELINE_TRIGGER, pipeline="other"),
        PipelineStep(type=StepType.PIPELINE_TRIGGER, pipeline="other", wait_for_pipeline=True),
    )
    assert [work.wait for work in works if isinstance(work, RunDefinition)] == [False, True]


def test_the_other_types_become_their_works() -> None:
    assert works_of(
        PipelineStep(type=StepType.WEBHOOK_TRIGGER, webhook_url="https://example.org/x"),
        PipelineStep(type=StepType.CONFIRMATION, team="ops", user="ada"),
        PipelineStep(type=StepType.TAG_RELEASE, tag="stable", namespace="demo", application="app"),
        PipelineStep(type=StepType.WAIT, seconds=5),
        PipelineStep(type=StepType.SCHEDULE, cron="0 0 12 * * ?"),
        PipelineStep(type=StepType.NOTIFY, subject="hi", to=("a@b.c",)),
        PipelineStep(type=StepType.SCRIPT, script="true"),
        PipelineStep(type=StepType.SCRIPT, script="true", no_network=True),
        PipelineStep(type=StepType.SCRIPT, script="true", api_token=True),
        PipelineStep(type=StepType.GROUP, steps=(PipelineStep(type=StepType.NOOP),)),
    ) == [
        CallWebhook(url="https://example.org/x"),
        Approval(team="ops", user="ada"),
        TagRelease(namespace="demo", application="app", tag="stable"),
        Wait(duration=timedelta(seconds=5)),
        Schedule(cron="0 0 12 * * ?"),
        Notify(subject="hi", to=("a@b.c",)),
        Job(kind=JobKind.SCRIPT, ask={"script": "true", "environment": {}, "secrets": {}}),
        Job(kind=JobKind.SCRIPT, ask={"script": "true", "environment": {}, "secrets": {}, "network": False}),
        Job(kind=JobKind.SCRIPT, ask={"script": "true", "environment": {}, "secrets": {}, "api_token": True}),
        Group(),
        Noop(),
    ]


def test_gates_open_in_order_before_the_steps() -> None:
    gates = (
        PipelineGate(type=GateType.APPROVAL, name="ok?", team="ops", quorum=2, no_self_approval=True),
        PipelineGate(type=GateType.SCHEDULE, cron="0 0 12 * * ?"),
        PipelineGate(type=GateType.TEST, phase="first"),
    )
    phases = (
        PipelinePhase(name="first", steps=(noop("a"),)),
        PipelinePhase(name="second", environment="production", exclusive=True, gates=gates, steps=(noop("b"),)),
    )
    stage = compile_pipeline(a_pipeline(*phases), a_run_ask()).stages[1]
    assert (stage.name, stage.environment, stage.exclusive) == ("second", "production", True)
    assert [gate.key for gate in stage.gates] == ["g1", "g2", "g3"]
    assert stage.gates[0].policy.quorum == 2
    assert stage.gates[0].work == Approval(team="ops", no_self_approval=True)
    assert isinstance(stage.gates[2].work, TestResults)
    assert stage.gates[2].work.stage == "p1"


def test_a_tag_is_written_after_its_step_and_before_those_that_need_it() -> None:
    step = PipelineStep(name="a", type=StepType.NOOP, tag="stable", namespace="demo", application="app")
    plan = compile_pipeline(a_pipeline(a_phase(step, noop("b", "a"))), a_run_ask())
    needs = {node.key: node.needs for node in plan.stages[0].steps}
    assert needs == {"s1": (), "s1-tag": ("s1",), "s2": ("s1-tag",)}


def test_a_step_whose_failure_is_ignored_is_tagged_only_when_it_went_well() -> None:
    step = PipelineStep(
        name="a", type=StepType.NOOP, tag="stable", namespace="demo", application="app", ignore_failure=True
    )
    plan = compile_pipeline(a_pipeline(a_phase(step)), a_run_ask())
    assert plan.stages[0].steps[1].policy.precondition == "'a' in succeeded"


def test_the_steps_of_a_group_name_it() -> None:
    group = PipelineStep(name="g", type=StepType.GROUP, steps=(noop("x"), noop("y", "x")))
    plan = compile_pipeline(a_pipeline(a_phase(group, noop("after", "g"))), a_run_ask())
    assert [(node.key, node.group, node.needs) for node in plan.stages[0].steps] == [
        ("s1", None, ()),
        ("s2", "s1", ()),
        ("s3", "s1", ("s2",)),
        ("s4", None, ("s1",)),
    ]


def test_what_is_done_already_is_not_done_again() -> None:
    definition = a_pipeline(a_phase(PipelineStep(type=StepType.BUILD, build="app"), noop("b")))
    plan = compile_pipeline(definition, a_run_ask(), frozenset({"phases[0].steps[0]"}))
    assert plan.stages[0].steps[0].work == Noop()


def test_a_superseding_pipeline_is_a_train_of_its_runs() -> None:
    plan = compile_pipeline(a_pipeline(concurrency=Concurrency.SUPERSEDE), a_run_ask(number=7))
    assert plan.train == Train(name="pipeline/web/release", number=7)


@pytest.mark.parametrize("concurrency", Concurrency)
def test_the_pipeline_says_whether_the_snapshots_of_a_train_supersede_one_another(concurrency: Concurrency) -> None:
    train, pipeline = Train(name="spring", number=3), a_pipeline(concurrency=concurrency)
    asked = a_run_ask(number=7)
    plan = compile_pipeline(pipeline, replace(asked, beginning=replace(asked.beginning, train=train)))
    assert plan.train == (train if pipeline.supersedes else None)
    assert (plan.number, pipeline.supersedes) == (7, concurrency is Concurrency.SUPERSEDE)


def test_all_defects_are_told_at_once_each_by_its_place() -> None:
    phases = (
        PipelinePhase(
            name="one",
            exclusive=True,
            gates=(
                PipelineGate(type=GateType.SCHEDULE, cron="nonsense", precondition="1 +"),
                PipelineGate(type=GateType.APPROVAL, quorum=0),
                PipelineGate(type=GateType.TEST, phase="nowhere"),
            ),
            steps=(
                PipelineStep(name="a", type=StepType.BUILD),
                PipelineStep(name="b", type=StepType.NOOP, needs=("a", "nobody")),
                PipelineStep(name="c", type=StepType.WAIT),
                PipelineStep(name="d", type=StepType.GROUP, steps=(PipelineStep(type=StepType.SCRIPT, attempts=0),)),
                PipelineStep(type=StepType.NOOP, steps=(noop("inner"),)),
                PipelineStep(type=StepType.WEBHOOK_TRIGGER, webhook_url="ftp://x"),
            ),
        ),
        PipelinePhase(name="one"),
    )
    assert set(defects_of(replace(a_pipeline(*phases), timezone="Mars/Base"))) == {
        "timezone",
        "phases[0].exclusive",
        "phases[0].gates[0].cron",
        "phases[0].gates[0].precondition",
        "phases[0].gates[1].quorum",
        "phases[0].gates[2].phase",
        "phases[0].steps[0].build",
        "phases[0].steps[0].environment",
        "phases[0].steps[1].needs[1]",
        "phases[0].steps[2].seconds",
        "phases[0].steps[3].steps[0].script",
        "phases[0].steps[3].steps[0].attempts",
        "phases[0].steps[4].steps",
        "phases[0].steps[5].webhook_url",
        "phases[1].name",
        "phases[1].steps",
    }


def test_a_cycle_is_named_by_its_steps() -> None:
    definition = a_pipeline(a_phase(noop("a", "c"), noop("b", "a"), noop("c", "b")))
    assert defects_of(definition) == {"phases[0].steps[0].needs": "steps wait for one another: a -> c -> b -> a"}


def test_a_step_that_waits_for_the_group_it_stands_in_waits_for_itself() -> None:
    group = PipelineStep(name="g", type=StepType.GROUP, steps=(noop("x", "y"),))
    definition = a_pipeline(a_phase(group, noop("y", "g")))
    assert defects_of(definition) == {"phases[0].steps[0].needs": "steps wait for one another: g -> x -> y -> g"}


def test_a_schedule_that_never_fires_again_is_a_defect() -> None:
    step = PipelineStep(type=StepType.SCHEDULE, cron="0 0 12 1 1 ? 2020")
    assert defects_of(a_pipeline(a_phase(step))) == {"phases[0].steps[0].cron": "never fires again"}


def test_more_than_a_thousand_nodes_are_refused() -> None:
    steps = tuple(PipelineStep(type=StepType.NOOP) for _ in range(1001))
    with pytest.raises(Invalid, match="1001 gates and steps, more than 1000"):
        compile_pipeline(a_pipeline(a_phase(*steps)), a_run_ask())


def test_a_plan_that_does_not_fit_into_an_item_is_refused() -> None:
    steps = tuple(PipelineStep(type=StepType.SCRIPT, script="x" * 90_000) for _ in range(4))
    with pytest.raises(Invalid, match="bytes, more than"):
        compile_pipeline(a_pipeline(a_phase(*steps)), a_run_ask())
