"""The tree of a deployment's state, what jobs do to it, and the order of a project's environments."""

import pytest

from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import (
    DeploymentStage,
    DeploymentState,
    NodePath,
    StageState,
    StageStatus,
    StateCode,
    placed,
    providers_in,
    running_version,
    summary,
)
from chalicelib.kernel.projects.deployment_record import JobResult, after
from chalicelib.kernel.projects.project import Project, reordered
from tests.builders import NOON


def a_state(name: str = "demo/app", version: str = "1.0") -> DeploymentState:
    stage = StageState(version=version, inputs={"port": 80}, calculated_outputs={"url": "u"}, provides=("web",))
    return DeploymentState(name=name, release="demo/app", stages={DeploymentStage.DEPLOY: stage})


def a_result(action: JobKind, version: str = "2.0", *, went_well: bool = True) -> JobResult:
    return JobResult(
        action=action,
        deployment="demo/app",
        application="demo/app",
        version=version,
        went_well=went_well,
        at=NOON,
        by="ada",
        reason="" if went_well else "exit status 1",
        inputs={"port": 81},
        outputs={"url": "new"},
    )


def done(state: DeploymentState | None, result: JobResult) -> DeploymentState:
    left = after(state, result)
    assert left is not None
    return left


def code_of(state: DeploymentState) -> StateCode:
    return state.stages[DeploymentStage.DEPLOY].code


def test_a_state_at_the_root_replaces_the_whole_tree() -> None:
    new = DeploymentState(name="demo/app")
    assert placed(a_state(), NodePath(names=("demo/app",)), new) == new


def test_a_state_deep_in_the_tree_makes_what_lacks_on_the_way() -> None:
    path = NodePath(names=("root", "child", "grandchild"), root_stage=DeploymentStage.BUILD)
    root = placed(None, path, a_state("grandchild"))
    child = root.stages[DeploymentStage.BUILD].deployments["child"]
    assert child.stages[DeploymentStage.DEPLOY].deployments["grandchild"] == a_state("grandchild")


def test_a_state_deep_in_the_tree_leaves_its_siblings() -> None:
    path = NodePath(names=("demo/app", "one"), root_stage=DeploymentStage.DEPLOY)
    once = placed(a_state(), path, a_state("one"))
    root = placed(once, NodePath(names=("demo/app", "two"), root_stage=DeploymentStage.DEPLOY), a_state("two"))
    assert set(root.stages[DeploymentStage.DEPLOY].deployments) == {"one", "two"}
    assert running_version(root) == "1.0"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (NodePath(names=()), "path"),
        (NodePath(names=("a", "")), "path"),
        (NodePath(names=tuple("abcdefghijklmnopqrstuvwxyz")), "path"),
        (NodePath(names=("a", "b")), "root_stage"),
        (NodePath(names=("other",)), "state.name"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: NodePath, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        placed(None, path, a_state("b"))
    assert [defect.path for defect in refused.value.defects] == [place]


def test_a_deploy_leaves_version_inputs_and_outputs() -> None:
    stage = done(a_state(), a_result(JobKind.DEPLOY)).stages[DeploymentStage.DEPLOY]
    assert (stage.version, stage.inputs, stage.calculated_outputs) == ("2.0", {"port": 81}, {"url": "new"})
    assert stage.status == StageStatus(code=StateCode.OK, updated_at=NOON, updated_by="ada")


def test_a_first_deploy_makes_the_deployment() -> None:
    state = done(None, a_result(JobKind.DEPLOY))
    assert (state.name, state.release, running_version(state)) == ("demo/app", "demo/app", "2.0")


def test_a_failed_deploy_says_what_went_wrong() -> None:
    state = done(a_state(), a_result(JobKind.DEPLOY, went_well=False))
    status = state.stages[DeploymentStage.DEPLOY].status
    assert status is not None
    assert (status.code, status.data) == (StateCode.FAILURE, "exit status 1")


def test_a_failed_deploy_leaves_the_version_that_was_there() -> None:
    assert running_version(done(a_state(), a_result(JobKind.DEPLOY, went_well=False))) == "1.0"
    assert running_version(done(None, a_result(JobKind.DEPLOY, went_well=False))) == "2.0"


def test_what_the_runner_wrote_while_it_worked_stays() -> None:
    written = StageState(version="2.0", status=StageStatus(code=StateCode.OK), provides=("web",), inputs={"own": 1})
    state = DeploymentState(name="demo/app", release="demo/app", stages={DeploymentStage.DEPLOY: written})
    assert done(state, a_result(JobKind.DEPLOY)) == state


def test_what_a_destruction_took_away_stays_away() -> None:
    assert after(None, a_result(JobKind.DESTROY)) is None


def test_a_failed_smoke_test_leaves_the_version() -> None:
    state = done(a_state(), a_result(JobKind.SMOKE, went_well=False))
    assert (code_of(state), running_version(state)) == (StateCode.TEST_FAILURE, "1.0")


def test_a_destroyed_deployment_is_empty() -> None:
    state = done(a_state(), a_result(JobKind.DESTROY))
    assert (code_of(state), running_version(state)) == (StateCode.EMPTY, None)


def test_an_errand_changes_nothing() -> None:
    assert done(a_state(), a_result(JobKind.ERRAND)) == a_state()


def test_a_summary_has_versions_and_statuses_alone() -> None:
    stage = summary(a_state()).stages[DeploymentStage.DEPLOY]
    assert (stage.version, stage.code, stage.inputs) == ("1.0", StateCode.OK, {})


def test_providers_are_found_by_what_they_provide() -> None:
    assert providers_in([a_state("a"), a_state("b")]) == {"web": ("a", "b")}


def test_encoding_a_state_and_decoding_it_gives_it_back() -> None:
    path = NodePath(names=("demo/app", "one"), root_stage=DeploymentStage.DEPLOY)
    state = placed(done(a_state(), a_result(JobKind.DEPLOY)), path, a_state("one"))
    assert decode(DeploymentState, encode(DeploymentState, state)) == state


def test_an_order_names_every_environment_once() -> None:
    project = Project(name="web", environments=("a", "b"), created_at=NOON)
    assert reordered(project, ("b", "a")).environments == ("b", "a")
    with pytest.raises(Invalid) as refused:
        reordered(project, ("b", "x", "b"))
    assert [str(defect) for defect in refused.value.defects] == [
        "order[1]: no environment x in project web",
        "order[2]: environment b stands more than once",
        "order: environment a is missing",
    ]
