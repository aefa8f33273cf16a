"""Stories of a snapshot on a pipeline of gates amid which runner and server die: queue handlers and sweep die with it.

One snapshot travels in peace, then another one amid kills: by FlexDeploy's calls, to the end of the pipeline.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.walks.api import Ask, Json, eventually
from tests.walks.site import Site

REST = "/flexdeploy/rest"
PATIENCE = 300.0
"""Seconds for a stage: the lease of a dead runner has to end, and what was owed comes again."""

SHIP = """
echo "$ENVIRONMENT $SLIPWAY_RUN $SLIPWAY_ATTEMPT $SLIPWAY_JOB" >> {folder}/shipped.txt
while [ -e {folder}/hold ]; do sleep 0.1; done
"""
EVERY_SECOND = {"gateName": "second", "gateType": "STAGE_SCHEDULED_GATE", "cronExpression": "* * * * * ?"}
REVIEW = {"gateName": "review", "gateType": "STAGE_APPROVAL_GATE"}
DEPLOY = {"stepName": "deploy", "stepType": "STAGE_DEPLOY_ALL_STEP"}
WAIT = {"stepName": "a while", "stepType": "STAGE_WAIT_STEP", "waitDuration": 2}
TOGETHER = {"stepName": "together", "stepType": "STAGE_GROUP_STEP", "steps": [WAIT, DEPLOY]}
LOOK = {"stepName": "look", "stepType": "STAGE_MANUAL_STEP"}


@dataclass(frozen=True, kw_only=True)
class GatedKilled:
    """What the executions of both snapshots say at their end, the lines of their scripts, and what State has then."""

    peaceful: Json
    harmed: Json
    shipped: list[str]
    state: list[Json]


@dataclass(frozen=True, kw_only=True)
class Train:
    """A release on a platform. dev, live: ids of its environments."""

    site: Site
    release: int
    dev: int
    live: int

    def begin(self) -> int:
        """The id of a new snapshot."""
        made = _call(self.site, "POST", f"{REST}/v1/releases/{self.release}/snapshot", {"action": "createSnapshot"})
        return int(made["snapshotId"])

    def path(self, snapshot: int) -> str:
        """Of its execution."""
        return f"{REST}/v1/releases/{self.release}/snapshot/{snapshot}/execution"

    def execution(self, snapshot: int) -> Json:
        """How far it is; nothing before it has begun."""
        answer = self.site.asks(Ask(method="GET", path=self.path(snapshot)))
        return answer.json if answer.status == 200 else {"pipelineStageExecutions": []}

    def until(self, snapshot: int, environment: int, claim: Callable[[Json], bool]) -> None:
        """Returns as soon as the claim holds of a stage."""

        def holds() -> bool:
            stages = self.execution(snapshot)["pipelineStageExecutions"]
            return any(claim(one) for one in stages if one["environmentId"] == environment)

        eventually(holds, PATIENCE)

    def act(self, snapshot: int, environment: int, place: str, action: str) -> None:
        """Something is done to a stage, or to a gate or step in it: again, if its answer was lost."""
        path = f"{self.path(snapshot)}/stage/{environment}{place}"
        eventually(
            lambda: self.site.asks(Ask(method="POST", path=path, body={"action": action})).status in (200, 202, 409)
        )


def gated_killed(site: Site) -> GatedKilled:
    """One snapshot in peace, and one amid kills."""
    train = _laid(site)
    peaceful = _travelled(train, train.begin())
    hold = site.folder / "hold"
    hold.touch()
    snapshot, known = train.begin(), len(site.lines("shipped.txt"))
    site.kill("server")
    eventually(lambda: len(site.lines("shipped.txt")) > known, PATIENCE)
    site.kill("runner")
    hold.unlink()
    # What its runner had begun nobody knows: it is not run again by itself.
    train.until(snapshot, train.dev, lambda stage: stage["stageExecutionStatus"] == "FAILED")
    train.act(snapshot, train.dev, "", "replay")
    site.kill("server")
    harmed = _travelled(train, snapshot, partial(site.kill, "server"), partial(site.kill, "runner"))
    state = site.get("/api/v1/state/site/environments/live-site/deployments/history?deployment=site")
    return GatedKilled(peaceful=peaceful, harmed=harmed, shipped=site.lines("shipped.txt"), state=state)


def _travelled(train: Train, snapshot: int, *kills: Callable[[], object]) -> Json:
    """The execution of a snapshot at its end. kills: done at its gate, and at the step behind."""
    at_gate, at_step = kills or (lambda: None, lambda: None)
    train.until(snapshot, train.live, lambda stage: stage["currentGateName"] == "review")
    at_gate()
    train.act(snapshot, train.live, "/gate/review", "approve")
    at_gate()
    train.until(snapshot, train.live, lambda stage: stage["currentStepName"] == "look")
    at_step()
    train.act(snapshot, train.live, "/step/look", "approve")
    at_gate()
    eventually(lambda: train.execution(snapshot)["pipelineExecutionStatus"] != "RUNNING", PATIENCE)
    return train.execution(snapshot)


def _laid(site: Site) -> Train:
    ask = partial(_call, site, "POST")
    script = {"workflowName": "ship", "workflowType": "DEPLOY", "script": SHIP.format(folder=site.folder)}
    ship = ask(f"{REST}/v1/workflows", script)["workflowId"]
    workflows = [{"projectWorkflowType": "DEPLOY", "workflowId": ship}]
    body = {"projectName": "Site", "folderId": 99, "projectWorkflows": workflows}
    project = ask(f"{REST}/v2/project", body)["projectId"]
    dev, live = (
        ask(f"{REST}/v1/topology/environment", {"environmentCode": code, "environmentName": name})["environmentId"]
        for code, name in (("DEV", "Dev site"), ("LIVE", "Live site"))
    )
    stages = [
        {"environmentId": dev, "gates": [EVERY_SECOND], "steps": [DEPLOY]},
        {"environmentId": live, "gates": [REVIEW], "steps": [TOGETHER, LOOK]},
    ]
    pipeline = ask(f"{REST}/v1/pipelines", {"pipelineName": "careful", "definition": {"stages": stages}})["pipelineId"]
    ask(f"{REST}/v1/pipelines/{pipeline}/versions/1", {"action": "activate"})
    planned = {"releaseName": "spring", "pipelineId": pipeline, "projects": [{"projectId": project}]}
    release = ask(f"{REST}/v1/releases", planned)["releaseId"]
    return Train(site=site, release=int(release), dev=int(dev), live=int(live))


def _call(site: Site, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    answer = site.asks(Ask(method=method, path=path, body=body))
    assert answer.status in (200, 201, 202), answer
    return answer.json
