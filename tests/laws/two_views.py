"""One train as BuildMaster, FlexDeploy, State and our own API show it over HTTP, and what is done to it by their calls.

A release of a pipeline of gates: each stage has a gate for a person, a script that deploys, and work by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.dialects.flexdeploy.walk import RELEASES, V1, V2
from tests.dialects.matrix.callers import ADMIN, RUNNER
from tests.dialects.matrix.world import World, peopled
from tests.http.house import Answered

STAGES = ("DEV", "LIVE")
BUILDS = "/api/releases/builds"
Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A snapshot in each view. execution: FlexDeploy's stages, none before there are any. runs: State's, oldest first.

    build, deployments: BuildMaster's. native: our own API's.
    """

    build: Json
    native: Json
    status: str
    execution: Sequence[Json]
    deployments: Sequence[Json]
    runs: Sequence[Json]


@dataclass
class TwoViews:
    """A world with one train. carried: the number of the snapshot that a script brought last, by environment."""

    world: World = field(default_factory=peopled)
    carried: dict[str, str] = field(default_factory=dict)
    turn: int = 0

    def __post_init__(self) -> None:
        self.world.done("POST", "/api/v1/state/web/add-project")
        named = [{"environmentCode": code, "environmentName": code.lower()} for code in STAGES]
        made = [self.world.done("POST", f"{V1}/topology/environment", one) for one in named]
        self.environments = [int(one["environmentId"]) for one in made]
        (web,) = self.world.done("GET", f"{V2}/project?projectName=web")["items"]
        script = {"workflowName": "ship", "workflowType": "DEPLOY", "script": "true"}
        ship = self.world.done("POST", f"{V1}/workflows", script)["workflowId"]
        workflows = [{"projectWorkflowType": "DEPLOY", "workflowId": ship}]
        self.world.done("PATCH", f"{V2}/project/{web['projectId']}", {"projectWorkflows": workflows})
        body = {"releaseName": "1.0", "pipelineId": self._pipeline(), "projects": [{"projectId": web["projectId"]}]}
        self.release = int(self.world.done("POST", RELEASES, body)["releaseId"])
        self.path = f"{RELEASES}/{self.release}"

    def _pipeline(self) -> int:
        stages = [
            {
                "environmentId": number,
                "gates": [{"gateName": "go", "gateType": "STAGE_APPROVAL_GATE"}],
                "steps": [
                    {"stepName": "ship", "stepType": "STAGE_DEPLOY_ALL_STEP"},
                    {"stepName": "look", "stepType": "STAGE_MANUAL_STEP"},
                ],
            }
            for number in self.environments
        ]
        body = {"pipelineName": "careful", "definition": {"stages": stages}}
        pipeline = int(self.world.done("POST", f"{V1}/pipelines", body)["pipelineId"])
        self.world.done("POST", f"{V1}/pipelines/{pipeline}/versions/1", {"action": "activate"})
        return pipeline

    def call(self, method: str, path: str, body: Json | None = None) -> Answered:
        """Call something that may be refused, and let what follows come to rest."""
        answered = self.world.ask(method, path, body, by=ADMIN)
        assert answered.status < 500, f"{method} {path}: {answered.text}"
        self.world.house.work_off()
        return answered

    def snapshot(self) -> Answered:
        """Make a snapshot as FlexDeploy's clients do."""
        return self.call("POST", f"{self.path}/snapshot", {"action": "createSnapshot"})

    def build(self) -> Answered:
        """Make a build as BuildMaster's clients do."""
        return self.call("POST", f"{BUILDS}/create", {"releaseId": self.release})

    def decide(self, snapshot: int, place: int, what: str, action: str) -> Answered:
        """Decide about a gate or step of a stage. what: as the path names it."""
        stage = f"{self.path}/snapshot/{snapshot}/execution/stage/{self.environments[place]}"
        return self.call("POST", f"{stage}/{what}".rstrip("/"), {"action": action})

    def do_jobs(self, outcome: str) -> None:
        """Let a runner do all jobs that there are, one way."""
        while leases := self._lease():
            for lease in leases:
                job = lease["job"]
                held = {"token": lease["token"], "number": lease["number"], "nonce": f"end-of-a-lease-{self.turn:06}"}
                self.world.done("POST", f"/api/v1/jobs/{job['id']}/finish", {**held, "outcome": outcome})
                self.world.house.work_off()
                if outcome == "succeeded":
                    self.carried[job["environment"]] = self._number_of(job["run"])

    def _lease(self) -> Sequence[Json]:
        self.turn += 1
        body = {"runner": "r1", "nonce": f"nonce-of-a-lease-{self.turn:04}", "slots": 1}
        leases: Sequence[Json] = self.world.done("POST", "/api/v1/jobs/lease", body, by=RUNNER)["leases"]
        return leases

    def _number_of(self, run: str) -> str:
        return next(str(one["number"]) for one in self.native() if run in one["runs"])

    def native(self) -> Sequence[Json]:
        """The snapshots in our own API, newest first."""
        items: Sequence[Json] = self.world.done("GET", f"/api/v1/trains/{self.release}/snapshots")["items"]
        return items

    def ids(self) -> Sequence[Sequence[int]]:
        """The ids of the snapshots in each view, newest first."""
        of_flexdeploy = self.world.done("GET", f"{self.path}/snapshot")
        of_buildmaster = self.world.done("GET", f"{BUILDS}?releaseId={self.release}")
        return (
            [one["snapshotId"] for one in of_flexdeploy],
            [one["id"] for one in of_buildmaster],
            [one["id"] for one in self.native()],
        )

    def seen(self) -> Sequence[Seen]:
        """Every snapshot in every view, oldest first."""
        builds = {one["id"]: one for one in self.world.done("GET", f"{BUILDS}?releaseId={self.release}")}
        deployments = self.world.done("GET", f"{BUILDS}/deployments?releaseId={self.release}")
        runs = {one["id"]: one for one in self.world.done("GET", "/api/v1/projects/web/runs?page_size=200")}
        found = []
        for one in reversed(self.native()):
            shown = self.world.ask("GET", f"{self.path}/snapshot/{one['id']}/execution", by=ADMIN)
            assert shown.status in (200, 404)
            told = shown.json if shown.status == 200 else {}
            found.append(
                Seen(
                    build=builds[one["id"]],
                    native=one,
                    status=told.get("pipelineExecutionStatus", ""),
                    execution=told.get("pipelineStageExecutions", ()),
                    deployments=[each for each in deployments if each["buildId"] == one["id"]],
                    runs=[runs[run] for run in one["runs"] if run in runs],
                )
            )
        return found

    def deployed(self) -> Mapping[str, str]:
        """The version that State shows in each environment that a script brought something to."""
        environments = self.world.done("GET", "/api/v1/state/web/")["environments"]
        found = {name: one["deployments"].get("web") for name, one in environments.items()}
        shown = {name: one["stages"]["deploy"] for name, one in found.items() if one is not None}
        return {name: one["version"] for name, one in shown.items() if one["status"]["status"] == "ok"}
