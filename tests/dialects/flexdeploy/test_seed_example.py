"""The example of the documentation: defined, run to that state, and shown equal to it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tests.dialects.flexdeploy.walk import RELEASES, V1, V2
from tests.dialects.matrix.callers import ADMIN, RUNNER
from tests.dialects.matrix.world import World, peopled

UNTIL = 1_900_000_000_000
"""An instant ahead: that of the example was in 2019."""

NOON = "* * 12 * * ?"


def a_gate(name: str, kind: str, **said: object) -> dict[str, object]:
    return {"gateName": name, "gateType": f"STAGE_{kind}_GATE", **said}


def a_step(name: str, kind: str, **said: object) -> dict[str, object]:
    return {"stepName": name, "stepType": f"STAGE_{kind}_STEP", **said}


def stages(environments: list[int]) -> list[dict[str, object]]:
    """The stages of the example's pipeline."""
    ticket = {"externalSystemType": "desk", "externalId": "C-1"}
    gates_of_e = [
        a_gate("asdf", "EXT_APPROVAL", **ticket),
        a_gate(
            "qwewerq", "SCHEDULED", gateDescription="qwerqwerqwerqwerqwer", cronExpression=NOON, roleName="asdfasdfasdf"
        ),
        a_gate("arraswer", "APPROVAL", gateDescription="asdferasdf"),
    ]
    group = a_step("ggg", "GROUP", stepOrder=2, steps=[a_step("d2", "DEPLOY_ALL")])
    steps_of_d = [
        a_step("s", "DEPLOY_ALL", stepOrder=1),
        a_step("d22", "DEPLOY_ALL", stepOrder=2),
        group,
        a_step("test1", "TEST_ALL", stepOrder=3),
    ]
    waits = [
        a_step("44321", "WAIT", waitUntilDate=UNTIL, stepOrder=1),
        a_step("1234", "WAIT", waitDuration=1234, stepOrder=1),
    ]
    tests = a_gate("test", "TEST", environmentId=environments[1], roleName="asdfasdftest")
    named = (
        {"gates": gates_of_e, "steps": [a_step("asdfasdf", "DEPLOY_ALL")]},
        {"gates": [], "steps": steps_of_d},
        {"gates": [tests], "steps": waits},
    )
    places = enumerate(zip(environments, named, strict=True), start=1)
    return [{"environmentId": number, "sortOrder": order, **stage} for order, (number, stage) in places]


def shown_gate(name: str, kind: str, order: int, **said: object) -> dict[str, object]:
    usual = {"gateDescription": None, "cronExpression": None, "roleName": None}
    status = {"gateName": name, "gateType": f"STAGE_{kind}_GATE", "gateStatus": "SUCCESSFUL", "gateOrder": order}
    return {**status, **usual, **said}


def shown_step(name: str, kind: str, order: float, status: str = "SUCCESSFUL", **said: object) -> dict[str, object]:
    usual = dict.fromkeys(("stepDescription", "waitDuration", "roleName", "cronExpression", "waitUntilDate"))
    named = {"stepName": name, "stepType": f"STAGE_{kind}_STEP", "stepStatus": status, "stepOrder": order}
    return {**usual, **named, **said}


SHOWN_GATES: Sequence[Sequence[Mapping[str, object]]] = (
    [
        shown_gate("asdf", "EXT_APPROVAL", 1),
        shown_gate(
            "qwewerq",
            "SCHEDULED",
            2,
            gateDescription="qwerqwerqwerqwerqwer",
            cronExpression=NOON,
            roleName="asdfasdfasdf",
        ),
        shown_gate("arraswer", "APPROVAL", 3, gateDescription="asdferasdf"),
    ],
    [],
    [shown_gate("test", "TEST", 1, roleName="asdfasdftest")],
)
SHOWN_STEPS: Sequence[Sequence[Mapping[str, object]]] = (
    [shown_step("asdfasdf", "DEPLOY_ALL", 1)],
    [
        shown_step("s", "DEPLOY_ALL", 1),
        shown_step("d22", "DEPLOY_ALL", 2),
        shown_step("ggg", "GROUP", 2),
        shown_step("d2", "DEPLOY_ALL", 2.1),
        shown_step("test1", "TEST_ALL", 3),
    ],
    [
        shown_step("44321", "WAIT", 1, "SCHEDULED", waitUntilDate=UNTIL),
        shown_step("1234", "WAIT", 1, "SCHEDULED", waitDuration=1234),
    ],
)


def test_the_example_of_the_documentation_comes_back_equal() -> None:
    world = peopled()
    environments = [_environment(world, code) for code in "EDG"]
    path = _travelling(world, environments)

    _to_the_last_stage(world, path, environments)

    shown = world.done("GET", path)
    expected = {
        "pipelineExecutionId": shown["pipelineExecutionId"],
        "snapshotId": int(world.things["snapshot"]),
        "pipelineExecutionStatus": "RUNNING",
        "pipelineStageExecutions": [
            {
                "environmentId": environments[place],
                "environmentCode": code,
                "stageExecutionStatus": "RUNNING_STEPS" if code == "G" else "SUCCESSFUL",
                "environmentName": code.lower(),
                "currentGateName": None,
                "currentStepName": None,
                "stageExecutionId": shown["pipelineStageExecutions"][place]["stageExecutionId"],
                "stepExecutions": SHOWN_STEPS[place],
                "environmentSortOrder": place + 1,
                "gateExecutions": SHOWN_GATES[place],
            }
            for place, code in enumerate("EDG")
        ],
    }
    assert shown == expected
    assert repr(shown["pipelineStageExecutions"][1]["stepExecutions"][3]["stepOrder"]) == "2.1"
    assert repr(shown["pipelineStageExecutions"][1]["stepExecutions"][0]["stepOrder"]) == "1"


def _environment(world: World, code: str) -> int:
    body = {"environmentCode": code, "environmentName": code.lower()}
    return int(world.done("POST", f"{V1}/topology/environment", body)["environmentId"])


def _travelling(world: World, environments: list[int]) -> str:
    """The path of the execution of a snapshot whose project has a script to be deployed by and one to be tested by."""
    workflows = [{"projectWorkflowType": kind, "workflowId": _workflow(world, kind)} for kind in ("DEPLOY", "TEST")]
    body = {"projectName": "shop", "folderId": 99, "projectWorkflows": workflows}
    project = world.done("POST", f"{V2}/project", body)["projectId"]
    roles = [{"roleName": name, "users": ["owner"]} for name in ("asdfasdfasdf", "asdfasdftest")]
    definition = {"stages": stages(environments), "roles": roles}
    pipeline = world.done("POST", f"{V1}/pipelines", {"pipelineName": "p", "definition": definition})["pipelineId"]
    world.done("POST", f"{V1}/pipelines/{pipeline}/versions/1", {"action": "activate"})
    release = {"releaseName": "r", "pipelineId": pipeline, "projects": [{"projectId": project}]}
    made = world.done("POST", RELEASES, release)["releaseId"]
    snapshot = world.done("POST", f"{RELEASES}/{made}/snapshot", {"action": "createSnapshot"})["snapshotId"]
    world.things["snapshot"] = str(snapshot)
    world.house.work_off()
    return f"{RELEASES}/{made}/snapshot/{snapshot}/execution"


def _workflow(world: World, kind: str) -> int:
    body = {"workflowName": kind, "workflowType": kind, "script": "echo it is done"}
    return int(world.done("POST", f"{V1}/workflows", body)["workflowId"])


def _to_the_last_stage(world: World, path: str, environments: list[int]) -> None:
    ticket = {"action": "approve", "externalSystemType": "desk", "externalId": "C-1"}
    world.done("POST", f"{V1}/tasks/approval", ticket)
    world.house.work_off()
    _wait_a_second(world)
    world.done("POST", f"{path}/stage/{environments[0]}/gate/arraswer", {"action": "approve"})
    _do_jobs(world)
    results = {"testSetName": "all", "passed": 9, "failed": 0}
    world.done("POST", f"{path}/stage/{environments[1]}/testresults", results)
    _do_jobs(world)


def _wait_a_second(world: World) -> None:
    world.house.world.move(timedelta(seconds=2))
    world.house.work_off()


def _do_jobs(world: World) -> None:
    """A runner does all that there is to do, job after job."""
    world.house.work_off()
    for turn in range(30):
        body: dict[str, Any] = {"runner": "r1", "nonce": f"nonce-of-a-lease-{turn:04}", "slots": 1}
        leases = world.done("POST", "/api/v1/jobs/lease", body, by=RUNNER)["leases"]
        for lease in leases:
            held = {"token": lease["token"], "number": 1, "nonce": f"end-of-a-lease-{turn:06}", "outcome": "succeeded"}
            world.done("POST", f"/api/v1/jobs/{lease['job']['id']}/finish", held, by=ADMIN)
        world.house.work_off()
        if not leases:
            return
