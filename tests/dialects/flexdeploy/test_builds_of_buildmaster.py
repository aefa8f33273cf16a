"""A build that BuildMaster's clients make of a release of gates: FlexDeploy's clients see it, and let it go."""

from typing import Any

import pytest

from tests.dialects.flexdeploy.walk import RELEASES, V1, V2
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World, peopled

LOOK = {"stepName": "look", "stepType": "STAGE_MANUAL_STEP"}
REVIEW = {"gateName": "review", "gateType": "STAGE_APPROVAL_GATE"}


@pytest.fixture
def world() -> World:
    """A release of gates, and a build of it by BuildMaster."""
    made = peopled()
    made.done("POST", "/api/v1/state/web/add-project")
    (project,) = made.done("GET", f"{V2}/project?projectName=web")["items"]
    coded = {"environmentCode": "LIVE", "environmentName": "Live"}
    place = made.done("POST", f"{V2}/topology/environment", coded)["environmentId"]
    definition = {"stages": [{"environmentId": place, "gates": [REVIEW], "steps": [LOOK]}]}
    pipeline = made.done("POST", f"{V1}/pipelines", {"pipelineName": "careful", "definition": definition})["pipelineId"]
    made.done("POST", f"{V1}/pipelines/{pipeline}/versions/1", {"action": "activate"})
    planned = {"releaseName": "spring", "pipelineId": pipeline, "projects": [{"projectId": project["projectId"]}]}
    release = made.done("POST", RELEASES, planned)["releaseId"]
    build = made.done("POST", "/api/releases/builds/create", {"releaseId": release})["id"]
    made.things |= {"release": str(release), "build": str(build), "live": str(place)}
    made.house.work_off()
    return made


STAGE = f"{RELEASES}/$release/snapshot/$build/execution/stage/$live"


def stage(world: World) -> dict[str, Any]:
    """The only stage of its execution."""
    (found,) = world.done("GET", f"{RELEASES}/$release/snapshot/$build/execution")["pipelineStageExecutions"]
    assert isinstance(found, dict)
    return found


def test_it_waits_for_a_deploy_by_either_api(world: World) -> None:
    world.done("POST", f"{STAGE}/gate/review", {"action": "approve"})
    world.house.work_off()
    assert stage(world)["stageExecutionStatus"] == "GATES_COMPLETED"

    world.done("POST", STAGE, {"action": "deploy"})
    world.house.work_off()
    assert (stage(world)["stageExecutionStatus"], stage(world)["currentStepName"]) == ("RUNNING_STEPS", "look")
    (deployment,) = world.done("GET", "/api/releases/builds/deployments?buildId=$build")
    assert deployment["status"] in ("pending", "executing")


def test_what_is_under_way_is_not_deployed_a_second_time(world: World) -> None:
    world.done("POST", f"{STAGE}/gate/review", {"action": "approve"})
    world.done("POST", "/api/releases/builds/deploy", {"buildId": "$build"})
    world.house.work_off()
    assert world.ask("POST", STAGE, {"action": "deploy"}, by=ADMIN).status == 409
