"""The two call sequences of the Jenkins plugin 3.x: its test of a connection, and a build that it makes and follows."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.dialects.flexdeploy.walk import RELEASES, V1, V2, basic
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS
from tests.dialects.matrix.world import PASSWORD, World, peopled
from tests.http.house import Answered

LARGEST = 2_147_483_647
ROOT = 99
ENDED = frozenset({"ABORTED", "COMPLETED", "REJECTED", "FAILED"})


class Plugin:
    """The plugin with a user's name and password. It reads ids as integers of 32 bits and takes no other."""

    def __init__(self, world: World, password: str = PASSWORD) -> None:
        self._world = world
        self._authorization = basic("jenkins", password)

    def connects(self) -> bool:
        """Whether FlexDeploy is found at the address: request 1 is not there, and that in its words."""
        answered = self._ask("GET", f"{V2}/workflowrequest/1")
        return answered.status == 404 and "WorkflowRequest not found" in answered.text

    def is_refused(self) -> bool:
        return self._ask("GET", f"{V2}/workflowrequest/1").status in (401, 403)

    def folder(self, path: str) -> int:
        """The folder of a path such as `FlexDeploy/a/b/Project`, below the root that it knows."""
        number = ROOT
        for name in path.split("/")[1:-1]:
            items = self._items(f"folder?folderName={name}&parentFolderId={number}")
            exact = [one for one in items if one["folderName"] == name] if len(items) > 1 else items
            number = _id(exact[0], "folderId")
        return number

    def project(self, path: str) -> int:
        name = path.rpartition("/")[2]
        return _id(self._items(f"project?projectName={name}&folderId={self.folder(path)}")[0], "projectId")

    def environment(self, code: str) -> int:
        return _id(self._items(f"topology/environment?environmentCode={code.upper()}")[0], "environmentId")

    def branch(self, project: int, name: str) -> int:
        return _id(self._items(f"project/{project}/branch?branchName={name}")[0], "projectBranchId")

    def release(self, name: str, project: int) -> int:
        found = self._good("GET", f"{RELEASES}?releaseName={name}")
        assert isinstance(found, list)
        assert len(found) == 1
        assert any(_id(one, "projectId") == project for one in found[0]["projects"])
        return _id(found[0], "releaseId")

    def workflow_version(self, project: int, number: str) -> int:
        shown = self._good("GET", f"{V2}/project/{project}")
        (workflow,) = (one for one in shown["projectWorkflows"] if one["projectWorkflowType"] == "BUILD")
        versions = self._good("GET", f"{V2}/workflow/{_id(workflow, 'workflowId')}")["workflowVersions"]
        (version,) = (one for one in versions if one["workflowVersion"] == number)
        return _id(version, "workflowVersionId")

    def build(self, body: Mapping[str, object]) -> int:
        answered = self._ask("POST", f"{V2}/workflowrequest/build", body)
        assert answered.status == 201, answered.text
        return _id(answered.json, "workflowRequestId")

    def status(self, request: int) -> str:
        return str(self._good("GET", f"{V2}/workflowrequest/{request}")["requestStatus"])

    def read(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """What is not of the plugin's own calls."""
        return self._good("GET", path)

    def _items(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._good("GET", f"{V2}/{path}")["items"]
        return found

    def _good(self, method: str, path: str) -> Any:  # noqa: ANN401 - JSON
        answered = self._ask(method, path)
        assert answered.status == 200, answered.text
        return answered.json

    def _ask(self, method: str, path: str, body: object = None) -> Answered:
        return self._world.ask(
            method, path, body, by=ANONYMOUS, Authorization=self._authorization, Content_type="application/json"
        )


def _id(found: Mapping[str, Any], name: str) -> int:
    number = found[name]
    assert type(number) is int
    assert number <= LARGEST
    return number


@pytest.fixture
def world() -> World:
    """A project in folders, with a workflow, a release and an environment; its user may write in it."""
    made = peopled()
    workflow = made.done("POST", f"{V1}/workflows", {"workflowName": "build", "workflowType": "BUILD"})
    outer = made.done("POST", f"{V2}/folder", {"folderName": "shops", "parentFolderId": ROOT})["folderId"]
    for name in ("north of shops", "shops"):
        made.done("POST", f"{V2}/folder", {"folderName": name, "parentFolderId": outer})
    inner = made.done("GET", f"{V2}/folder?folderName=shops&parentFolderId={outer}")["items"][0]["folderId"]
    workflows = [{"projectWorkflowType": "BUILD", "workflowId": workflow["workflowId"]}]
    body = {"projectName": "Cart", "folderId": inner, "projectWorkflows": workflows}
    project = made.done("POST", f"{V2}/project", body)["projectId"]
    environment = {"environmentCode": "DEV", "environmentName": "Development"}
    place = made.done("POST", f"{V1}/topology/environment", environment)["environmentId"]
    pipeline = {"pipelineName": "p", "definition": {"stages": [{"environmentId": place}]}}
    number = made.done("POST", f"{V1}/pipelines", pipeline)["pipelineId"]
    made.done("POST", f"{V1}/pipelines/{number}/versions/1", {"action": "activate"})
    release = {"releaseName": "spring", "pipelineId": number, "projects": [{"projectId": project}]}
    made.done("POST", RELEASES, release)
    roles = ["project:cart:global:write"]
    made.done("POST", "/api/v1/users", {"name": "jenkins", "password": PASSWORD, "roles": roles}, by=ADMIN)
    return made


def test_the_plugin_tests_its_connection(world: World) -> None:
    assert Plugin(world).connects()


def test_the_plugin_knows_a_wrong_password_from_a_wrong_address(world: World) -> None:
    assert Plugin(world, "not this one").is_refused()


def test_the_plugin_makes_a_build_of_a_release_and_follows_it_to_its_end(world: World) -> None:
    plugin = Plugin(world)
    project = plugin.project("FlexDeploy/shops/shops/Cart")
    request = plugin.build(
        {
            "projectId": project,
            "environmentId": plugin.environment("dev"),
            "force": False,
            "projectStreamId": plugin.branch(project, "main"),
            "releaseDefId": plugin.release("spring", project),
            "workflowVersionOverrideId": plugin.workflow_version(project, "1.0"),
            "packageName": "all",
            "issueNumbers": ["S-1"],
            "inputs": [{"code": "LEVEL", "value": "full"}],
            "flexFields": [{"code": "TICKET", "value": "S-1"}],
            "buildFileInputs": [{"projectObjectId": 1, "scmRevision": "abc", "fromPackageObjectId": 2}],
        }
    )
    world.house.work_off()

    assert request > 10_000
    assert plugin.status(request) in ENDED
    assert plugin.status(request) == "COMPLETED"
    ended = plugin.read(f"{V2}/workflowrequest/{request}")
    path = f"{RELEASES}/{ended['releaseDefinitionId']}/snapshot"
    (snapshot,) = plugin.read(path)
    assert snapshot["snapshotId"] == ended["releaseSnapshotId"]
    assert [one["projectVersionId"] for one in snapshot["snapshotVersions"]] == [ended["projectVersionId"]]


def test_the_plugin_makes_the_least_build(world: World) -> None:
    plugin = Plugin(world)
    project = plugin.project("FlexDeploy/shops/shops/Cart")
    branch = plugin.branch(project, "main")
    least = {"projectId": project, "environmentId": plugin.environment("DEV"), "force": True}

    assert plugin.build({**least, "projectStreamId": branch}) > 10_000
