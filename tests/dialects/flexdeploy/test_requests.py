"""FlexDeploy's word for each phase of a workflow request, and requests that run to their end."""

from collections.abc import Mapping

import pytest

from chalicelib.dialects.flexdeploy.requests.statuses import request_status
from chalicelib.kernel.engine.phase import Phase
from tests.dialects.flexdeploy.walk import V1, V2
from tests.dialects.matrix.world import World, peopled

WORDS: Mapping[Phase, str] = {
    Phase.NEW: "INITIATED",
    Phase.WAITING_PERSON: "PENDING_APPROVAL",
    Phase.WAITING_TIME: "SCHEDULED",
    Phase.WAITING_LOCK: "READY",
    Phase.GATES: "SUBMITTED",
    Phase.PASSING: "SUBMITTED",
    Phase.STARTING: "SUBMITTED",
    Phase.QUEUED: "READY",
    Phase.RUNNING: "SUBMITTED",
    Phase.STOPPING: "SUBMITTED",
    Phase.SUCCEEDED: "COMPLETED",
    Phase.FAILED: "FAILED",
    Phase.BROKEN: "FAILED",
    Phase.REJECTED: "REJECTED",
    Phase.SKIPPED: "COMPLETED",
    Phase.OVERRIDDEN: "COMPLETED",
    Phase.CANCELLED: "ABORTED",
    Phase.SUPERSEDED: "ABORTED",
}


ATTRIBUTES = frozenset(
    (
        *("requestedBy", "packageName", "workflowRequestId", "projectVersionId", "folderRequestId"),
        *("requestedStartTime", "workflowRequestStatus", "stopOnPackageError", "workflowOverrideVersion"),
        *("releaseSnapshotId", "requestAllFiles", "releaseDefinitionId", "projectName", "folderPath", "flexFields"),
        *("projectId", "folderId", "folderName", "projectStreamId", "force", "projectVersionName"),
        *("projectWorkflowId", "environmentId", "folderVersionId", "exceptionToWindow", "requestStatus"),
    )
)


@pytest.mark.parametrize("phase", Phase)
def test_a_request_is_called(phase: Phase) -> None:
    assert request_status(phase) == WORDS[phase]


@pytest.fixture
def world() -> World:
    """A project of State that is built by a workflow without a script."""
    made = peopled()
    made.done("POST", "/api/v1/state/web/add-project")
    workflow = made.done("POST", f"{V1}/workflows", {"workflowName": "elsewhere", "workflowType": "BUILD"})
    (project,) = made.done("GET", f"{V2}/project?projectName=web")["items"]
    made.things["project"] = str(project["projectId"])
    named = [{"projectWorkflowType": "BUILD", "workflowId": workflow["workflowId"]}]
    made.done("PATCH", f"{V2}/project/$project", {"projectWorkflows": named})
    return made


def test_a_request_runs_in_its_project_and_makes_a_version(world: World) -> None:
    made = world.done("POST", f"{V2}/workflowrequest/build", {"projectId": "$project"})
    world.house.work_off()

    ended = world.done("GET", f"{V2}/workflowrequest/{made['workflowRequestId']}")
    runs = world.done("GET", "/api/v1/pipelines/by-project/web/executions/")
    versions = world.done("GET", f"{V2}/project/$project/version")["items"]
    assert (ended["requestStatus"], ended["workflowRequestStatus"]) == ("COMPLETED", "COMPLETED")
    assert [one["status"] for one in runs] == ["ok"]
    assert [one["projectVersionName"] for one in versions] == [ended["projectVersionName"]]


def test_a_request_has_every_attribute_of_the_documentation(world: World) -> None:
    outer = world.done("POST", f"{V2}/folder", {"folderName": "shops"})["folderId"]
    inner = world.done("POST", f"{V2}/folder", {"folderName": "north", "parentFolderId": outer})["folderId"]
    own = world.done("POST", f"{V2}/workflowrequest/build", {"projectId": "$project"})
    world.done("PATCH", f"{V2}/project/$project", {"folderId": inner})

    made = world.done("GET", f"{V2}/workflowrequest/{own['workflowRequestId']}")

    assert made.keys() >= ATTRIBUTES
    assert (own["folderName"], own["folderPath"]) == ("web", "FlexDeploy/web")
    assert (made["folderName"], made["folderPath"], made["folderId"]) == ("north", "FlexDeploy/shops/north", inner)


def test_a_repeated_request_builds_once(world: World) -> None:
    made = [
        world.done("POST", f"{V2}/workflowrequest/build", {"projectId": "$project"}, Idempotency_Key="k") for _ in "ab"
    ]

    assert made[0] == made[1]
    assert len(world.done("GET", f"{V2}/project/$project/version")["items"]) == 1


def test_a_deploy_is_seen_in_state_and_its_history_as_any_deploy(world: World) -> None:
    script = {"workflowName": "ship", "workflowType": "DEPLOY", "script": "ship"}
    workflow = world.done("POST", f"{V1}/workflows", script)["workflowId"]
    named = [{"projectWorkflowType": "DEPLOY", "workflowId": workflow}]
    world.done("PATCH", f"{V2}/project/$project", {"projectWorkflows": named})
    version = world.done("POST", f"{V2}/project/$project/version", {"projectVersionName": "1.4.2"})["projectVersionId"]
    live = {"environmentCode": "LIVE", "environmentName": "Live site"}
    place = world.done("POST", f"{V2}/topology/environment", live)["environmentId"]
    body = {"projectId": "$project", "environmentId": place, "projectVersionId": version, "forceDeploy": True}
    made = world.done("POST", f"{V2}/workflowrequest/deploy", body)
    world.house.work_off()
    (lease,) = world.house.lease(slots=9)
    assert isinstance(given := lease.job.ask["environment"], Mapping)
    assert given["FORCE"] == "true"
    world.house.finish(lease)
    world.house.work_off()

    ended = world.done("GET", f"{V2}/workflowrequest/{made['workflowRequestId']}")
    deployments = "/api/v1/state/web/environments/live-site/deployments"
    (change,) = world.done("GET", f"{deployments}/history?deployment=web")
    assert ended["requestStatus"] == "COMPLETED"
    assert world.done("GET", f"{deployments}/?deployment=web")["stages"]["deploy"]["version"] == "1.4.2"
    assert change["release_id"] == "_/web-v1.4.2"
