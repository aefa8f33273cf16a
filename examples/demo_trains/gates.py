"""The second half: a snapshot of the same application travels a pipeline of gates, as FlexDeploy's clients see it."""

from examples.demo.__main__ import check
from examples.demo_trains.flexdeploy import FlexDeploy, Travel, basic

SCRIPT = """mkdir -p "$folder/gated"
echo "shop $PROJECT_VERSION" > "$folder/gated/page.txt"
"""
PASSWORD = "correct horse"  # noqa: S105 - of the demo


def step(name, kind, **said):
    """A step of a definition."""
    return {"stepName": name, "stepType": f"STAGE_{kind}_STEP", **said}


def definition(integration, production):
    """A group, then an approval, the next second of the clock, and a look by hand."""
    together = step("together", "GROUP", steps=[step("ship", "DEPLOY_ALL"), step("breathe", "WAIT", waitDuration=1)])
    gates = [
        {"gateName": "review", "gateType": "STAGE_APPROVAL_GATE", "roleName": "reviewers"},
        {"gateName": "next second", "gateType": "STAGE_SCHEDULED_GATE", "cronExpression": "* * * * * ?"},
    ]
    steps = [step("ship", "DEPLOY_ALL"), step("look", "MANUAL", roleName="reviewers")]
    return {
        "roles": [{"roleName": "reviewers", "users": ["tess"]}],
        "stages": [
            {"environmentId": integration, "steps": [together]},
            {"environmentId": production, "gates": gates, "steps": steps},
        ],
    }


class Gates:
    """The story. demo: the first half, whose application and folder these are."""

    def __init__(self, demo):
        self.demo = demo
        token = demo.prints("token", "issue", "--label", "gates").strip()
        address = demo.platform.door.address
        self.api = FlexDeploy(address, f"Bearer {token}")
        self.tess = FlexDeploy(address, basic("tess", PASSWORD))
        self.project, self.release, self.production = 0, 0, 0

    def plan(self):
        """A reviewer, a workflow, a pipeline and a release."""
        api = self.api
        api.post("v2/administration/security/user", userName="tess", password=PASSWORD)
        workflow = api.post("v1/workflows", workflowName="ship", workflowType="DEPLOY", script=SCRIPT)["workflowId"]
        (found,) = api.get("v2/project", projectName="Web Shop")["items"]
        self.project = found["projectId"]
        check("BuildMaster's application is a project, with the same id", self.project == self.demo.application)
        workflows = [{"projectWorkflowType": "DEPLOY", "workflowId": workflow}]
        api.patch(f"v2/project/{self.project}", projectWorkflows=workflows)
        places = [self._environment(name) for name in ("Integration", "Production")]
        self.production = places[1]
        pipeline = api.post("v1/pipelines", pipelineName="Careful", definition=definition(*places))["pipelineId"]
        made = api.post(f"v1/pipelines/{pipeline}/versions/1", action="activate")
        check("a version of the pipeline is active", made["status"] == "ACTIVE")
        projects = [{"projectId": self.project}]
        planned = api.post("v1/releases", releaseName="spring", pipelineId=pipeline, projects=projects)
        self.release = planned["releaseId"]

    def snapshot(self, version):
        """A snapshot of a version of the project, on its way."""
        made = self.api.post(f"v2/project/{self.project}/version", projectVersionName=version)
        carried = [{"projectId": self.project, "projectVersionId": made["projectVersionId"]}]
        path = f"v1/releases/{self.release}/snapshot"
        shown = self.api.post(path, action="createSnapshot", snapshotVersionInputs=carried)
        return Travel(self.api, self.release, shown["snapshotId"])

    def decide(self, travel, what, name, action, **said):
        """What the reviewer says of a gate or step of production."""
        path = f"{travel.path}/stage/{self.production}/{what}/{name}"
        return self.tess.post(path, action=action, **said)

    def travel(self):
        """It is integrated in a group, approved, rejected by hand, and replayed."""
        first = self.snapshot("2.0.0")
        first.once("Production", "RUNNING_GATES", "review")
        steps = [(one["stepName"], one["stepOrder"]) for one in first.stages()["Integration"]["stepExecutions"]]
        check(f"the group ran side by side: {steps}", steps == [("together", 1), ("ship", 1.1), ("breathe", 1.2)])
        check("its page is integrated", self.demo.page("gated") == "shop 2.0.0")
        check("who is no reviewer is asked in vain", self._refused(first) == 403)
        self.decide(first, "gate", "review", "approve", notes="reads well")
        first.once("Production", "RUNNING_STEPS", "look")
        check("`why` asks the reviewer", "approval by user tess" in self.demo.prints("why", "web-shop/Careful#1"))
        self.decide(first, "step", "look", "reject", notes="the colours")
        before = first.once("Production", "FAILED")
        self.api.post(f"{first.path}/stage/{self.production}", action="replay")
        again = first.once("Production", "RUNNING_GATES", "review")
        check("a replay is another execution", again["stageExecutionId"] != before["stageExecutionId"])
        self.decide(first, "gate", "review", "approve")
        first.once("Production", "RUNNING_STEPS", "look")
        self.decide(first, "step", "look", "approve")
        first.once("Production", "SUCCESSFUL")

    def overtake(self):
        """Two wait at the same gate; the younger is approved, and the older is out of date."""
        older, younger = self.snapshot("2.0.1"), self.snapshot("2.0.2")
        for travel in (older, younger):
            travel.once("Production", "RUNNING_GATES", "review")
        tasks = self.tess.get("v1/tasks/approval")
        check("the reviewer has two tasks", {one["snapshotId"] for one in tasks} == {older.id, younger.id})
        task = next(one["taskId"] for one in tasks if one["snapshotId"] == younger.id)
        self.tess.post(f"v1/tasks/approval/{task}", action="approve")
        older.once("Production", "OUT_OF_DATE")
        said = self.demo.prints("why", "web-shop/Careful#2")
        check("`why` says by whom it was overtaken", "web-shop/Careful#3" in said)
        younger.once("Production", "RUNNING_STEPS", "look")
        self.decide(younger, "step", "look", "approve")
        younger.once("Production", "SUCCESSFUL")
        return {one.id: status for one, status in ((older, "active"), (younger, "deployed"))}

    def views(self, statuses):
        """All three APIs and the command line tell the same story."""
        builds = {one["id"]: one for one in self.demo.api.releases("POST", "/builds", releaseId=self.release)}
        check("BuildMaster has three builds, with the same ids", len(builds) == 3 and statuses.keys() <= builds.keys())
        found = {number: builds[number]["status"] for number in statuses}
        check(f"and as far: {found}", found == statuses)
        executions = self.demo.platform.ask("GET", "/api/v1/pipelines/by-project/web-shop/by-name/Careful/executions/")
        found = [(one["run_nr"], one["status"]) for one in executions]
        check(f"State's executions: {found}", found == [(3, "ok"), (2, "failed"), (1, "ok")])
        listed = self.demo.prints("snapshot", "list", "web-shop/spring")
        check("the command line lists them", all(str(number) in listed for number in builds))
        check("the youngest page is live", self.demo.page("gated") == "shop 2.0.2")

    def _refused(self, travel):
        body = {"action": "approve"}
        path = f"{travel.path}/stage/{self.production}/gate/review"
        self.api.post("v2/administration/security/user", userName="sam", password=PASSWORD)
        sam = FlexDeploy(self.demo.platform.door.address, basic("sam", PASSWORD))
        return sam.refusal(path, **body)

    def _environment(self, name):
        (found,) = self.api.get("v2/topology/environment", environmentName=name)["items"]
        return found["environmentId"]
