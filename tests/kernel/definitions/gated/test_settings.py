"""What a run does of a pipeline of gates."""

from dataclasses import replace

from chalicelib.kernel.definitions.gated.read import read_gated_pipeline
from chalicelib.kernel.definitions.gated.settings import settings_of
from chalicelib.kernel.plans.plan import Concurrency, DecidedBy, Node, OverriddenBy, Stage
from chalicelib.kernel.plans.work import (
    Approval,
    ExternalApproval,
    Group,
    Impossible,
    Job,
    JobKind,
    ManualTask,
    Notify,
    Qualifier,
    RunDefinition,
    Schedule,
    TestResults,
    VersionRule,
    Wait,
)
from tests.builders import NOON
from tests.kernel.definitions.gated.given import (
    API,
    DEV,
    DOCS,
    PROD,
    WEB,
    a_document,
    a_gate,
    a_stage,
    a_step,
    around,
    carried,
    planned,
    stage_of,
)


def named(stage: Stage, name: str) -> Node:
    return next(node for node in stage.nodes if node.name == name)


def needs(stage: Stage, name: str) -> list[str]:
    return [stage.by_key[key].name for key in named(stage, name).needs]


def test_a_pipeline_supersedes_and_keeps_its_order() -> None:
    settings = settings_of(read_gated_pipeline(a_document(a_stage()), NOON), around())
    assert settings.concurrency is Concurrency.SUPERSEDE
    assert settings.ordered
    assert settings.gates_in_order
    assert settings.overridden_by is OverriddenBy.DECIDERS
    assert not settings.completion.deploys_train


def test_stages_are_travelled_by_their_sort_order_and_known_by_their_environment() -> None:
    stages = ({**a_stage(environment=PROD), "sortOrder": 2}, {**a_stage(), "sortOrder": 1})
    plan = planned(a_document(*stages))
    assert [(stage.key, stage.name, stage.environment) for stage in plan.stages] == [
        (f"e{DEV}", "Development", "dev"),
        (f"e{PROD}", "Production", "prod"),
    ]
    assert plan.stages[0].names == {"EnvironmentCode": "DEV"}


def test_equal_orders_run_side_by_side_after_all_of_the_order_before() -> None:
    steps = (
        a_step("MANUAL", "last", stepOrder=3),
        a_step("MANUAL", "first", stepOrder=1),
        a_step("MANUAL", "also first", stepOrder=1),
        a_step("MANUAL", "second", stepOrder=2.5),
    )
    stage = stage_of(*steps)
    assert needs(stage, "first") == needs(stage, "also first") == []
    assert needs(stage, "second") == ["first", "also first"]
    assert needs(stage, "last") == ["second"]


def test_steps_of_one_name_are_several() -> None:
    stage = stage_of(a_step("MANUAL", "same"), a_step("MANUAL", "same"))
    first, second = stage.steps
    assert first.key != second.key
    assert second.needs == (first.key,)


def test_keys_follow_from_names_not_from_places() -> None:
    before = stage_of(a_step("MANUAL", "a"), a_step("MANUAL", "b"))
    after = stage_of(a_step("MANUAL", "new"), a_step("MANUAL", "b"), a_step("MANUAL", "a"))
    assert {name: named(before, name).key for name in "ab"} == {name: named(after, name).key for name in "ab"}


def test_children_of_a_group_run_side_by_side_in_it() -> None:
    stage = stage_of(a_step("GROUP", "group", steps=[a_step("MANUAL", "x"), a_step("MANUAL", "y")]))
    group = named(stage, "group")
    assert isinstance(group.work, Group)
    assert [(named(stage, name).group, named(stage, name).needs) for name in "xy"] == [(group.key, ())] * 2


def test_a_deploy_of_all_goes_by_priority() -> None:
    snapshot = (carried(), carried(API, "api", 2), carried(DOCS, "docs"))
    stage = stage_of(a_step("DEPLOY_ALL", "all"), snapshot=snapshot)
    assert isinstance(named(stage, "all").work, Group)
    assert needs(stage, "deploy web 1.0") == needs(stage, "deploy docs 1.0") == []
    assert sorted(needs(stage, "deploy api 1.0")) == ["deploy docs 1.0", "deploy web 1.0"]
    work = named(stage, "deploy api 1.0").work
    assert isinstance(work, Job)
    assert work.kind is JobKind.SCRIPT
    assert work.ask["script"] == "deploy api"
    assert work.ask["environment"] == {"PROJECT": "api", "PROJECT_VERSION": "1.0"}


def test_a_project_without_a_script_is_deployed_by_its_job() -> None:
    stage = stage_of(a_step("DEPLOY", "it", projectId=WEB), snapshot=(replace(carried(), deploy=None),))
    work = named(stage, "it").work
    assert isinstance(work, RunDefinition)
    assert (work.project, work.environment, work.name) == ("web", "dev", "web")
    assert (work.version, work.tag) == (VersionRule.TAGGED, "1.0")


def test_what_is_not_in_the_snapshot_cannot_be_deployed() -> None:
    stage = stage_of(a_step("DEPLOY", "it", projectId=API))
    assert named(stage, "it").work == Impossible(reason=f"project {API} is not in the snapshot")


def test_groups_include_and_exclude_projects() -> None:
    snapshot = (
        replace(carried(), groups=("x",)),
        replace(carried(API, "api"), groups=("x", "y")),
        carried(DOCS, "docs"),
    )
    stage = stage_of(a_step("DEPLOY_ALL", "all", include=["x"], exclude=["y"]), snapshot=snapshot)
    assert [node.name for node in stage.steps] == ["all", "deploy web 1.0"]


def test_executing_all_deploys_and_runs_utilities_in_one_order() -> None:
    snapshot = (replace(carried(), utility="clean"), carried(API, "api", 2))
    stage = stage_of(a_step("EXECUTE_ALL", "all"), snapshot=snapshot)
    assert [node.name for node in stage.steps] == ["all", "deploy web 1.0", "utility web 1.0", "deploy api 1.0"]
    assert needs(stage, "deploy api 1.0") == ["deploy web 1.0", "utility web 1.0"]


def test_a_test_step_may_report_results() -> None:
    stage = stage_of(a_step("TEST_ALL", "all"), snapshot=(replace(carried(), test="pytest"),))
    work = named(stage, "test web 1.0").work
    assert isinstance(work, Job)
    assert work.ask["reports_tests"]


def test_steps_wait_and_notify() -> None:
    stage = stage_of(
        a_step("WAIT", "pause", waitDuration=5),
        a_step("SCHEDULED", "night", cronExpression="0 0 2 * * ?", roleName="owners"),
        a_step("NOTIFICATION", "mail", subject="done", message="well", roleName="testers"),
        a_step("MANUAL", "look", stepDescription="at the page", roleName="testers"),
        a_step("MANUAL", "maybe", precondition="SnapshotId > 1", onErrorContinue=True),
    )
    assert isinstance(named(stage, "pause").work, Wait)
    assert named(stage, "night").work == Schedule(cron="0 0 2 * * ?", timezone="Europe/Berlin")
    assert named(stage, "night").decided_by == DecidedBy(teams=("ops",))
    mail = named(stage, "mail").work
    assert mail == Notify(subject="done", message="well", to=("user:ada", "group:qa", "group:ops", "qa@example.com"))
    assert named(stage, "look").work == ManualTask(instructions="at the page")
    assert named(stage, "look").decided_by == DecidedBy(users=("ada",), teams=("qa", "ops"))
    assert named(stage, "maybe").decided_by == DecidedBy()
    assert named(stage, "maybe").policy.precondition == "SnapshotId > 1"
    assert named(stage, "maybe").policy.ignore_failure


def test_roles_of_the_pipeline_are_told_of_the_end_of_a_step_that_says_so() -> None:
    stage = stage_of(a_step("MANUAL", "a", notifyPipelineRoles=True), a_step("MANUAL", "b"))
    mail = named(stage, "notify of a")
    assert mail.needs == (named(stage, "a").key,)
    assert mail.policy.run_on_failure
    assert needs(stage, "b") == ["a"]


def test_gates_stand_in_their_order() -> None:
    gates = (
        a_gate("APPROVAL", "ok", roleName="testers", quorum=2, allTasksRequired=True, noSelfApproval=True),
        a_gate("SCHEDULED", "noon", cronExpression="0 0 12 * * ?", timezone="Asia/Tokyo"),
        a_gate("EXT_APPROVAL", "change", externalId="C-1"),
    )
    stages = (
        a_stage(gates=gates),
        a_stage(
            environment=PROD,
            gates=(a_gate("TEST", "tests", environmentId=DEV, qualifier="failed-at-most", value=3),),
        ),
    )
    first, second = planned(a_document(*stages)).stages
    assert [gate.work for gate in first.gates] == [
        Approval(no_self_approval=True),
        Schedule(cron="0 0 12 * * ?", timezone="Asia/Tokyo"),
        ExternalApproval(system="external system", ticket="C-1"),
    ]
    assert first.gates[0].policy.quorum == 2
    assert first.gates[0].decided_by == DecidedBy(users=("ada",), teams=("qa", "ops"), all_teams=True)
    assert second.gates[0].work == TestResults(stage=first.key, qualifier=Qualifier.FAILED_AT_MOST, value=3)
