"""Values that no program could be given are refused by the APIs of other systems too, before anything begins."""

import pytest

from tests.dialects.flexdeploy.walk import V1, V2
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import peopled

UNFIT = pytest.mark.parametrize("value", ["a\0b", "x" * 130_000])


@UNFIT
@pytest.mark.parametrize("is_sensitive", [False, True])
def test_variables_of_a_scope(value: str, *, is_sensitive: bool) -> None:
    world = peopled()
    said = {"value": value, "sensitive": True} if is_sensitive else value
    assert world.ask("PUT", "/api/variables/global", {"Token": said}, by=ADMIN).status == 400
    assert world.done("GET", "/api/variables/global") == {}


@UNFIT
def test_inputs_of_a_workflow_request(value: str) -> None:
    world = peopled()
    world.done("POST", "/api/v1/state/web/add-project")
    workflow = world.done("POST", f"{V1}/workflows", {"workflowName": "else", "workflowType": "BUILD"})
    (project,) = world.done("GET", f"{V2}/project?projectName=web")["items"]
    named = [{"projectWorkflowType": "BUILD", "workflowId": workflow["workflowId"]}]
    place = f"{V2}/project/{project['projectId']}"
    world.done("PATCH", place, {"projectWorkflows": named})
    asked = {"projectId": project["projectId"], "inputs": [{"code": "LEVEL", "value": value}]}

    assert world.ask("POST", f"{V2}/workflowrequest/build", asked, by=ADMIN).status == 400
    assert world.done("GET", "/api/v1/pipelines/by-project/web/executions/") == []


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("body", [None, b"", b" ", b"null", b"[]"])
def test_no_body_takes_no_variable_away(method: str, body: bytes | None) -> None:
    world = peopled()
    world.done("PUT", "/api/variables/global", {"Host": "a"})
    assert world.ask(method, "/api/variables/global", body, by=ADMIN).status == 400
    assert world.done("GET", "/api/variables/global") == {"Host": "a"}
    world.done(method, "/api/variables/global", {})
    assert world.done("GET", "/api/variables/global") == {}
