"""Lists of tasks, by every filter of them."""

import pytest

from tests.dialects.flexdeploy.walk import RELEASES, V1, V2
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World, peopled

TICKET = {
    "gateName": "change",
    "gateType": "STAGE_EXT_APPROVAL_GATE",
    "externalSystemType": "desk",
    "externalId": "C-1",
}
REVIEW = {"gateName": "review", "gateType": "STAGE_APPROVAL_GATE"}
LOOK = {"stepName": "look", "stepType": "STAGE_MANUAL_STEP"}
SNAPSHOTS = f"{RELEASES}/$release/snapshot"


@pytest.fixture(scope="module")
def world() -> World:
    """A snapshot of two projects in the second of two stages: a ticket was approved, a reviewer is asked."""
    made = peopled()
    for code in ("DEV", "LIVE"):
        coded = {"environmentCode": code, "environmentName": code.lower()}
        made.things[code] = str(made.done("POST", f"{V2}/topology/environment", coded)["environmentId"])
    for name in ("cart", "till", "cups"):
        made.things[name] = str(made.done("POST", f"{V2}/project", {"projectName": name, "folderId": 99})["projectId"])
    stages = [
        {"environmentId": int(made.things["DEV"]), "gates": [TICKET]},
        {"environmentId": int(made.things["LIVE"]), "gates": [REVIEW], "steps": [LOOK]},
    ]
    new = {"pipelineName": "careful", "definition": {"stages": stages}}
    made.things["pipeline"] = str(made.done("POST", f"{V1}/pipelines", new)["pipelineId"])
    made.done("POST", f"{V1}/pipelines/$pipeline/versions/1", {"action": "activate"})
    projects = [{"projectId": int(made.things[name])} for name in ("cart", "till")]
    planned = {"releaseName": "spring", "pipelineId": "#$pipeline", "projects": projects}
    made.things["release"] = str(made.done("POST", RELEASES, planned)["releaseId"])
    made.things["snapshot"] = str(made.done("POST", SNAPSHOTS, {"action": "createSnapshot"})["snapshotId"])
    made.house.work_off()
    said = {"action": "approve", "externalSystemType": "desk", "externalId": "C-1", "notes": "looks well"}
    made.done("POST", f"{V1}/tasks/approval", said)
    made.house.work_off()
    stage = made.done("GET", f"{SNAPSHOTS}/$snapshot/execution")["pipelineStageExecutions"][0]
    made.things["stage"] = str(stage["stageExecutionId"])
    return made


@pytest.mark.parametrize(
    ("query", "gates"),
    [
        ("", ["change", "review"]),
        ("environmentId=$DEV", ["change"]),
        ("environmentId=$LIVE", ["review"]),
        ("environmentId=7", []),
        ("pipelineStageExecId=$stage", ["change"]),
        ("pipelineStageExecId=7", []),
        ("projectId=$cart", ["change", "review"]),
        ("projectId=$cups", []),
        ("applicationId=$till", ["change", "review"]),
        ("applicationId=$cups", []),
        ("projectId=$cart&applicationId=$cups", []),
        ("externalId=C-1", ["change"]),
        ("externalId=C-2", []),
        ("externalSystemType=desk", ["change"]),
        ("externalSystemType=desk&externalId=C-1&environmentId=$DEV&notes=well", ["change"]),
        ("externalSystemType=jira", []),
        ("notes=well", ["change"]),
        ("notes=badly", []),
        ("workflowRequestId=1", []),
        ("folderRequestId=1", []),
        ("externalSystemId=1", []),
    ],
)
def test_approvals_are_found_by(world: World, query: str, gates: list[str]) -> None:
    found = world.done("GET", f"{V1}/tasks/approval?{query}")

    assert sorted(one["gateName"] for one in found) == gates


def test_manual_tasks_are_listed_by_themselves(world: World) -> None:
    assert world.done("GET", f"{V1}/tasks/manual") == []
    (review,) = world.done("GET", f"{V1}/tasks/approval?environmentId=$LIVE")
    world.done("POST", f"{V1}/tasks/approval/{review['taskId']}", {"action": "approve"})
    world.house.work_off()

    (look,) = world.done("GET", f"{V1}/tasks/manual?projectId=$cart&environmentId=$LIVE")

    assert (look["stepName"], look["gateName"], look["status"]) == ("look", None, "PENDING")
    assert world.ask("GET", f"{V1}/tasks/approval/{look['taskId']}", by=ADMIN).status == 404
    assert world.done("GET", f"{V1}/tasks/manual/{look['taskId']}") == look
