"""What FlexDeploy's clients may not say: refused with the place of every defect, and nothing of it is stored."""

from collections.abc import Mapping

import pytest

from tests.dialects.flexdeploy.walk import RELEASES, V1, V2
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World, peopled

BIG = 2**31
SNAPSHOTS = f"{RELEASES}/$release/snapshot"
STAGE = f"{SNAPSHOTS}/$snapshot/execution/stage/$live"
LOOK = {"stepName": "look", "stepType": "STAGE_MANUAL_STEP"}


def stage(*steps: Mapping[str, object], **said: object) -> dict[str, object]:
    return {"environmentId": "#$live", "steps": list(steps) or [LOOK], **said}


def step(kind: str, **said: object) -> dict[str, object]:
    return {"stepName": kind, "stepType": f"STAGE_{kind}_STEP", **said}


def gate(kind: str, **said: object) -> dict[str, object]:
    return {"gateName": kind, "gateType": f"STAGE_{kind}_GATE", **said}


@pytest.fixture(scope="module")
def world() -> World:
    """A release of one project on a pipeline of one stage, with a snapshot that waits in it."""
    made = peopled()
    coded = {"environmentCode": "LIVE", "environmentName": "Live"}
    made.things["live"] = str(made.done("POST", f"{V2}/topology/environment", coded)["environmentId"])
    for name in ("cart", "cups"):
        body = {"projectName": name, "folderId": 99}
        made.things[name] = str(made.done("POST", f"{V2}/project", body)["projectId"])
    new = {"pipelineName": "careful", "definition": {"stages": [stage()]}}
    made.things["pipeline"] = str(made.done("POST", f"{V1}/pipelines", new)["pipelineId"])
    made.done("POST", f"{V1}/pipelines/$pipeline/versions/1", {"action": "activate"})
    planned = {"releaseName": "spring", "pipelineId": "#$pipeline", "projects": [{"projectId": "#$cart"}]}
    made.things["release"] = str(made.done("POST", RELEASES, planned)["releaseId"])
    made.things["snapshot"] = str(made.done("POST", SNAPSHOTS, {"action": "createSnapshot"})["snapshotId"])
    made.house.work_off()
    return made


def refused(world: World, method: str, path: str, body: object = None) -> list[str]:
    """The places of what is refused; that nothing was stored, the audit log tells."""
    before = world.done("GET", "/api/v1/audit?page_size=200")
    answered = world.ask(method, path, body, by=ADMIN)
    assert answered.status == 400, answered.text
    assert world.done("GET", "/api/v1/audit?page_size=200") == before
    return [one["path"] for one in answered.json["details"]]


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ([stage(), stage()], ["stages[1].environmentId"]),
        ([stage(gates=[gate("SCHEDULED")])], ["stages[0].gates[0].cronExpression"]),
        ([stage(step("SCHEDULED"))], ["stages[0].steps[0].cronExpression"]),
        ([stage(step("SCHEDULED", cronExpression="0 0 0 31 2 ?"))], ["stages[0].steps[0].cronExpression"]),
        ([stage(step("MANUAL", precondition="a =="))], ["stages[0].steps[0].precondition"]),
        ([stage(step("WAIT"))], ["stages[0].steps[0].waitDuration"]),
        ([stage(step("WAIT", waitDuration=1, waitUntilDate=1))], ["stages[0].steps[0].waitDuration"]),
        ([stage(step("DEPLOY", projectId=BIG))], ["stages[0].steps[0].projectId"]),
        ([stage(step("DEPLOY", projectId=7))], ["stages[0].steps[0].projectId"]),
        ([{**stage(), "environmentId": 7}], ["stages[0].environmentId"]),
        (
            [stage(step("WAIT"), step("SCHEDULED"), gates=[gate("TEST"), gate("APPROVAL", roleName="nobody")])],
            [
                "stages[0].gates[0].environmentId",
                "stages[0].gates[1].roleName",
                "stages[0].steps[0].waitDuration",
                "stages[0].steps[1].cronExpression",
            ],
        ),
    ],
)
@pytest.mark.parametrize("way", ["a pipeline", "a version"])
def test_a_definition(world: World, way: str, said: list[object], places: list[str]) -> None:
    definition = {"stages": said}
    if way == "a pipeline":
        found = refused(world, "POST", f"{V1}/pipelines", {"pipelineName": "other", "definition": definition})
        assert [one.removeprefix("definition.") for one in found] == places
        assert world.done("GET", f"{V1}/pipelines?pipelineName=other") == []
    else:
        assert refused(world, "POST", f"{V1}/pipelines/$pipeline/versions", definition) == places


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ({"projects": []}, ["projects"]),
        ({"projects": [{"projectId": 7}]}, ["projects[0].projectId"]),
        ({"projects": [{"projectId": "#$cart"}] * 2}, ["projects[1].projectId"]),
        ({"pipelineId": 7}, ["pipelineId"]),
        ({"pipelineId": BIG, "projects": [{"projectId": BIG}]}, ["pipelineId", "projects[0].projectId"]),
        ({"timezone": "Mars"}, ["timezone"]),
        ({"scheduleBuildExpression": "0 0 0 31 2 ?"}, ["scheduleBuildExpression"]),
        ({"releaseStatus": "COMPLETED", "description": 7}, ["releaseStatus", "description"]),
        ({"releaseName": "", "roles": [{"users": ["ann"]}, 7]}, ["roles[0].roleName", "roles[1]"]),
        (
            {"releaseName": "a\n", "pipelineId": 7, "projects": [{"projectId": 7}], "roles": [{"roleName": ""}]},
            ["releaseName", "projects[0].projectId", "pipelineId", "roles[0].roleName"],
        ),
    ],
)
def test_a_release(world: World, said: dict[str, object], places: list[str]) -> None:
    usual = {"releaseName": "summer", "pipelineId": "#$pipeline", "projects": [{"projectId": "#$cart"}]}

    assert sorted(refused(world, "POST", RELEASES, {**usual, **said})) == sorted(places)

    if "releaseStatus" not in said:
        assert sorted(refused(world, "PATCH", f"{RELEASES}/$release", said)) == sorted(places)


@pytest.mark.parametrize(
    ("inputs", "places"),
    [
        ([{"projectId": "#$cups"}], ["[0].projectId"]),
        ([{"projectId": "#$cart", "packageName": "core"}], ["[0].packageName"]),
        ([{"projectId": "#$cart", "projectVersionId": 7}, {"projectId": 7}], ["[0].projectVersionId", "[1].projectId"]),
        (
            [{"projectId": BIG}, {"projectId": "#$cart", "projectStreamId": BIG}],
            ["[0].projectId", "[1].projectStreamId"],
        ),
    ],
)
def test_the_versions_of_a_snapshot(world: World, inputs: list[object], places: list[str]) -> None:
    body = {"action": "createSnapshot", "snapshotVersionInputs": inputs}

    assert refused(world, "POST", SNAPSHOTS, body) == [f"snapshotVersionInputs{one}" for one in places]


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"action": "makeSnapshot"}, ["action"]),
        ({"action": "copySnapshot"}, ["fromSnapshotId"]),
        ({"action": "createSnapshot", "fromSnapshotId": 7}, ["fromSnapshotId"]),
        (
            {"action": "copySnapshot", "snapshotVersionInputs": [{"projectId": "#$cart"}]},
            ["fromSnapshotId", "snapshotVersionInputs"],
        ),
    ],
)
def test_a_snapshot(world: World, body: dict[str, object], places: list[str]) -> None:
    assert refused(world, "POST", SNAPSHOTS, body) == places


@pytest.mark.parametrize(
    ("method", "path", "body", "places"),
    [
        ("POST", STAGE, {"action": "skip"}, ["action"]),
        ("POST", f"{STAGE}/step/look", {"action": "claim"}, ["action"]),
        ("POST", f"{STAGE}/testresults", {"testSetName": "", "passed": -1}, ["testSetName", "passed", "failed"]),
        (
            "POST",
            f"{STAGE}/testresults",
            {"testSetName": "all", "passed": 1, "failed": 0, "projectId": "#$cups"},
            ["projectId"],
        ),
        ("PUT", f"{STAGE}/info", {"projects": [{"projectId": "#$cups"}]}, ["projects[0].projectId"]),
        ("GET", f"{SNAPSHOTS}/x/execution?environmentId=y", None, ["snapshotId", "environmentId"]),
        ("GET", f"{SNAPSHOTS}/{BIG}/execution?environmentId={BIG}", None, ["snapshotId", "environmentId"]),
        ("GET", f"{V1}/tasks/approval?workflowRequestId=x&projectId=y", None, ["projectId", "workflowRequestId"]),
        (
            "POST",
            f"{V1}/tasks/approval",
            {"action": "claim", "externalId": ""},
            ["action", "externalSystemType", "externalId"],
        ),
        ("POST", f"{V2}/project", {"projectName": "x", "folderId": BIG}, ["folderId"]),
        (
            "POST",
            f"{V2}/workflowrequest/build",
            {"projectId": BIG, "environmentId": BIG},
            ["projectId", "environmentId"],
        ),
        (
            "POST",
            f"{V1}/admin/cron/test",
            {"expression": "0 0 25 * * ?", "timezone": "Mars", "from": "2026-01-01T00:00:00"},
            ["from", "expression", "timezone"],
        ),
    ],
)
def test_everything_else(world: World, method: str, path: str, body: object, places: list[str]) -> None:
    found = refused(world, method, path, body)
    assert sorted(one.partition(".")[0] if one.startswith("expression") else one for one in found) == sorted(places)
