"""One of everything in a project: what the matrix asks about."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change, DeploymentStage, DeploymentState, StageState, deployed
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.workloads.deploy import DeployWorkload, deploy_workload
from slipway_formats.workloads.manifest import Published, WorkloadKind
from tests.dialects.inventory.site import FORM, a_form
from tests.dialects.matrix.asks_deploy import PIPELINE, TASKS
from tests.dialects.matrix.callers import ADMIN, BY_JOB
from tests.dialects.matrix.world import GUEST, WEBS_POOL, World
from tests.kernel.workloads.given import a_manifest
from tests.packages import a_package_file
from tests.use_cases.workloads.given import a_command

WEB = "/api/v1/state/web"
STAGING = f"{WEB}/environments/staging"
BUILDS = f"{STAGING}/builds"
JOBS = "/api/v1/deployment-jobs/by-project/web"
JOB = f"{JOBS}/by-environment/staging/by-name/demo%2Fapp"
PIPELINES = "/api/v1/pipelines/by-project/web"
INVENTORY = "/api/v1/inventory"
UNIT = f"{INVENTORY}/demo/units/app"

GATED = [{"name": "go", "gates": [{"name": "ask", "type": "approval"}], "steps": [{"name": "say", "type": "noop"}]}]
SCRIPT = [{"name": "go", "steps": [{"name": "say", "type": "script", "script": "echo hello"}]}]
BY_DEPLOY = [{"name": "go", "promotion": "manual", "steps": [{"name": "say", "type": "noop"}]}]
WAITS_FOR_NOBODY = {"stepName": "a while", "stepType": "STAGE_WAIT_STEP", "waitDuration": 1}
LOGO = b64encode(b"<svg/>").decode()
NEXT = a_package_file(version="1.1")
NONCE = "nonce-of-sixteen-letters"


def a_state(name: str) -> dict[str, object]:
    """The body by which a deployment is recorded."""
    state = {"name": name, "release": name, "stages": {"deploy": {"version": "1.0", "provides": ["web"]}}}
    return {"path": name, "root_stage": "", "state": state}


def fill(world: World) -> None:
    """A project with one of everything."""
    projects(world)
    releases(world)
    builds(world)
    deployment_jobs(world)
    pipelines(world)
    freezes(world)
    webhooks(world)
    trains(world)
    runners(world)
    applications(world)
    portfolio(world)
    repositories(world)
    # Who lists them first gives them their ids.
    world.done("POST", "/api/releases/builds/deployments")
    world.done("POST", "/api/v1/users", {"name": GUEST})
    world.things["invitation"] = world.done("POST", f"/api/v1/users/{GUEST}/invitation")["invitation"]


def projects(world: World) -> None:
    world.done("POST", f"{WEB}/add-project", {"description": "the web", "logo": LOGO, "groups": ["ops"]})
    world.done("POST", f"{WEB}/service-accounts/robot/", {"role": "write"})
    for name in ("staging", "production"):
        world.done("POST", f"{WEB}/environments/", {"name": name})
    code = {"name": "code", "url": "https://git.example.org/app.git", "private_key": "THE-PRIVATE-KEY"}
    world.done("POST", f"{WEB}/repositories/add-repository", code)
    world.done("POST", f"{WEB}/add-namespace", {"name": "demo", "description": "demos"})
    for name in ("demo/hand", "demo/app"):
        named = f"{STAGING}/deployments/?deployment={name.replace('/', '%2F')}"
        world.done("POST", named, a_state(name))


def repositories(world: World) -> None:
    tasks = {"url": "https://git.example.org/tasks.git", "password": "THE-PASSWORD", "projects": ["web"]}
    world.done("PUT", "/api/v1/repositories/tasks", tasks)
    for kind, name in (("task", "job.json"), ("pipeline", "run.json")):
        world.done("PUT", f"/api/v1/task-templates/{kind}/{name}", {"name": "fibonacci"})
    ports, now = world.house.ports, world.house.world.now()
    ports.runners.note(Runner(pool="default", name="tasks", seen_at=now, slots=1, executor="process"))
    for name, manifest in TASKS.items():
        made = {"namespace": "night", "project": "web", "configuration": {**manifest, "name": name}}
        done = world.done("POST", "/v2/task/deploy/with-configuration", made)
        world.things.setdefault("task", done["id"])
    world.done("GET", "/v1/task/deployas/tasks/job/first?project=web")
    run = {"namespace": "night", "configuration": {**PIPELINE, "name": "ended_run"}}
    ended = world.done("POST", "/v2/pipeline/run/with-configuration", run)["id"]
    world.done("GET", f"/v1/pipeline/kill/{ended}?cleanup=false")
    world.house.work_off()
    begun = world.done("POST", "/v2/pipeline/run/with-configuration", {"namespace": "night", "configuration": PIPELINE})
    for kind in ("task", "pipeline"):
        load = f"/v2/{kind}/load/configuration/from-git/tasks/job"
        world.things[f"{kind}_load"] = world.done("POST", load)["work_id"]
    world.things |= {"task_pipeline": begun["id"], "ended_task_pipeline": ended}


def releases(world: World) -> None:
    for version in ("1.0", "1.1"):
        body = {"name": "app", "version": version, "project": "demo", "provides": [{"name": "site"}]}
        world.done("POST", f"{INVENTORY}/demo/register", body)
    world.done("POST", f"{UNIT}/versions/v1.0/upload", a_form(a_package_file()), Content_Type=FORM)
    said = {"size": len(NEXT), "sha256": sha256(NEXT).hexdigest()}
    begun = world.done("POST", f"{UNIT}/versions/v1.1/upload", said, Content_Type="application/json")
    world.things |= {"upload": begun["upload_id"], "etag": world.send_part(begun, NEXT).strip('"')}


def builds(world: World) -> None:
    made = world.done("POST", f"{BUILDS}/", {"name": "app", "repo": "code", "steps": [{}]})
    trigger = f"{BUILDS}/by-name/app/trigger-build"
    ended, open_one = (world.done("POST", trigger)["id"] for _ in range(2))
    world.done("POST", f"{BUILDS}/by-name/app/executions/{ended}/cancel")
    world.house.work_off()
    world.done("POST", f"{BUILDS}/by-name/app/webhook-secret")
    world.things |= {"build_hook": made["webhook_token"], "ended_build": ended, "open_build": open_one}


def deployment_jobs(world: World) -> None:
    job = {"environment": "staging", "deployment": "demo/app", "release": "demo/app"}
    world.done("POST", f"{JOBS}/add", job)
    ended, open_one = (world.done("POST", f"{JOB}/trigger", {"version": "1.0"})["id"] for _ in range(2))
    world.done("POST", f"{JOB}/executions/{ended}/cancel")
    world.house.work_off()
    world.things |= {"ended_job": ended, "open_job": open_one}
    deployed_by_jobs(world, ("1.1", "1.0"))
    plan = "/api/v1/projects/web/environments/staging/deployments/demo%2Fapp/plan"
    world.things["digest"] = world.done("POST", plan, {"version": "1.1"})["changes"]["digest"]


def deployed_by_jobs(world: World, versions: tuple[str, ...]) -> None:
    """Record that jobs have deployed these releases, one after the other."""
    for version in versions:
        before = deployment_or_new(world.house.ports, "web", "staging", "demo/app")
        state = before.state or DeploymentState(name="demo/app", release="demo/app")
        stage = replace(deployed(state) or StageState(), version=version)
        change = Change(
            id=f"deploy of {version}",
            at=world.house.world.now(),
            by="writer",
            action=JobKind.DEPLOY,
            release=f"demo/app-v{version}",
            state=replace(state, stages={**state.stages, DeploymentStage.DEPLOY: stage}),
        )
        world.house.ports.deployments.commit(before, change, None)


def pipelines(world: World) -> None:
    body = {"name": "release", "phases": GATED, "triggers": [{"type": "webhook"}]}
    made = world.done("POST", f"{PIPELINES}/add", body)
    trigger = f"{PIPELINES}/by-name/release"
    ended, open_one = (world.done("POST", f"{trigger}/trigger")["id"] for _ in range(2))
    world.done("POST", f"{trigger}/executions/{ended}/cancel")
    world.house.work_off()
    seen = world.done("GET", f"{trigger}/executions/{open_one}/")
    code = seen["pipeline"]["phases"][0]["gates"][0]["confirmation_code"]
    hook = made["triggers"][0]["webhooktoken"]
    trigger = made["triggers"][0]["id"]
    world.done("POST", f"{PIPELINES}/by-name/release/triggers/{trigger}/webhook-secret")
    world.things |= {"trigger": trigger, "pipeline_hook": hook, "ended_run": ended, "open_run": open_one, "code": code}


def webhooks(world: World) -> None:
    """A webhook that was called for an event."""
    made = world.done("POST", "/api/v1/webhooks?project=web", {"url": "https://hooks.example.org/in"})
    world.done("POST", f"{PIPELINES}/by-name/release/trigger")
    dispatch_events(world.house.ports, world.house.world.now() + timedelta(seconds=1))
    found = world.done("GET", f"/api/v1/webhooks/{made['id']}/deliveries?project=web")
    world.things |= {"webhook": made["id"], "event": found["items"][0]["id"]}


def freezes(world: World) -> None:
    """An environment that takes nothing in, and a run that waits for it."""
    world.done("POST", f"{WEB}/environments/", {"name": "ice"})
    said = {"environment": "ice", "ends": "2100-01-01T00:00:00Z", "reason": "winter"}
    world.things["freeze"] = str(world.done("POST", "/api/v1/freezes?project=web", said)["id"])
    phases = [{"name": "ship", "environment": "ice", "steps": [{"name": "say", "type": "noop"}]}]
    world.done("POST", f"{PIPELINES}/add", {"name": "frozen", "phases": phases})
    world.things["held_run"] = world.done("POST", f"{PIPELINES}/by-name/frozen/trigger")["id"]
    world.house.work_off()


def trains(world: World) -> None:
    world.done("POST", f"{PIPELINES}/add", {"name": "delivery", "phases": BY_DEPLOY})
    body = {"project": "web", "number": "1.0", "title": "the autumn train", "pipeline": "delivery"}
    train = world.done("POST", "/api/v1/trains", {**body, "variables": {"host": "of the train"}})["id"]
    made = world.done("POST", f"/api/v1/trains/{train}/snapshots", {"variables": {"host": "of the snapshot"}})
    world.things |= {"train": str(train), "snapshot": str(made["id"])}


def applications(world: World) -> None:
    """What BuildMaster's rows know the project by, and a script of it."""
    found = world.done("POST", "/api/json/Applications_GetApplication", {"Application_Name": "web"})
    world.things["application"] = str(found["Applications_Extended"][0]["Application_Id"])
    smoke = {"Raft_Id": 1, "RaftItem_Name": "Smoke", "RaftItemType_Code": 4, "Content_Bytes": "ZWNobw=="}
    world.done("POST", "/api/json/Rafts_CreateOrUpdateRaftItem", {**smoke, "Application_Id": "$application"})
    for plural in ("environments", "servers", "roles"):
        world.done("POST", f"/api/infrastructure/{plural}/create/Int")
    world.done("PUT", "/api/variables/global", {"host": "of all"})
    world.done("PUT", "/api/v1/trains/templates/standard", {"pipeline": "release"})
    gone = world.done("POST", "/api/v1/trains", {"project": "web", "number": "0.9", "pipeline": "release"})
    world.done("POST", "/api/releases/cancel", {"releaseId": gone["id"]})
    world.things["cancelled_train"] = str(gone["id"])
    done = world.done("POST", "/api/v1/trains", {"project": "web", "number": "0.8", "pipeline": "delivery"})
    world.done("POST", "/api/releases/builds/create", {"releaseId": done["id"]})
    build = {"buildNumber": "1", "releaseNumber": "0.8", "applicationName": "web"}
    (deployed,) = world.done("POST", "/api/releases/builds/deploy", build)
    world.things["deployment"] = str(deployed["id"])
    world.things |= {"delivered_train": str(done["id"]), "delivered_snapshot": str(deployed["buildId"])}
    world.done("GET", "/flexdeploy/rest/v1/releases/$delivered_train/snapshot/$delivered_snapshot/execution")
    world.done("PUT", "/api/variables/application/web", {"host": "of the web"})
    of_web = {"Application_Id": "$application"}
    (variable,) = world.done("POST", "/api/json/Variables_GetVariablesForScope", of_web)
    world.things["variable"] = str(variable["Variable_Id"])
    world.done("POST", "/api/json/Variables_GetBuildVariables", {"Build_Id": "$snapshot"})
    world.done("POST", "/api/json/Variables_GetVariables")


def portfolio(world: World) -> None:
    """What FlexDeploy's rows know the project by; a build of it has been requested."""
    rest = "/flexdeploy/rest"
    workflows = []
    for name, kind in (("build", "BUILD"), ("ship", "DEPLOY")):
        body = {"workflowName": name, "workflowType": kind, "script": "echo 1"}
        made = world.done("POST", f"{rest}/v1/workflows", body)["workflowId"]
        workflows.append({"projectWorkflowType": kind, "workflowId": made})
    coded = {"environmentCode": "QA", "environmentName": "Quality"}
    place = str(world.done("POST", f"{rest}/v2/topology/environment", coded)["environmentId"])
    world.things |= {"workflow": str(workflows[0]["workflowId"]), "environment": place}
    project = f"{rest}/v2/project/$application"
    world.done("PATCH", project, {"projectWorkflows": workflows})
    world.done("GET", f"{project}/branch")
    version = world.done("POST", f"{project}/version", {"projectVersionName": "1.0.1"})
    world.things["version"] = str(version["projectVersionId"])
    made = world.done("POST", f"{rest}/v2/workflowrequest/build", {"projectId": "$application"})
    world.things["request"] = str(made["workflowRequestId"])
    waiting(world)
    definition = {"stages": [{"environmentId": int(place), "steps": [WAITS_FOR_NOBODY]}]}
    gated = world.done("POST", f"{rest}/v1/pipelines", {"pipelineName": "gated", "definition": definition})
    world.things["shared_pipeline"] = str(gated["pipelineId"])
    versions = f"{rest}/v1/pipelines/$shared_pipeline/versions"
    world.done("POST", f"{versions}/1", {"action": "activate"})
    world.done("POST", versions, definition)
    gated_release(world)


def gated_release(world: World) -> None:
    """A release that travels a pipeline of gates, with a snapshot."""
    releases = "/flexdeploy/rest/v1/releases"
    projects = [{"projectId": "$application"}]
    body = {"releaseName": "gated", "pipelineId": "$shared_pipeline", "projects": projects}
    world.things["gated_train"] = str(world.done("POST", releases, body)["releaseId"])
    made = world.done("POST", f"{releases}/$gated_train/snapshot", {"action": "createSnapshot"})
    world.things["gated_snapshot"] = str(made["snapshotId"])
    world.house.work_off()


def waiting(world: World) -> None:
    """Snapshots that wait at a gate, at a step and for a ticket, in an environment of the installation."""
    world.done("POST", f"{WEB}/environments/", {"name": "quality"})
    look = {"name": "look", "type": "confirmation"}
    ticket = {"name": "change", "type": "external-approval", "system": "jira", "ticket": "S-1"}
    phases = {
        "waiting": GATED[0],
        "manual": {"name": "go", "steps": [look]},
        "ticket": {**GATED[0], "gates": [ticket]},
    }
    for kind, phase in phases.items():
        world.done("POST", f"{PIPELINES}/add", {"name": kind, "phases": [{**phase, "environment": "quality"}]})
        train = world.done("POST", "/api/v1/trains", {"project": "web", "number": kind, "pipeline": kind})["id"]
        snapshot = world.done("POST", f"/api/v1/trains/{train}/snapshots", {})
        made, run = snapshot["id"], snapshot["runs"][-1]
        world.things |= {f"{kind}_train": str(train), f"{kind}_snapshot": str(made), f"{kind}_run": str(run)}
        world.house.work_off()
        world.done("GET", f"/flexdeploy/rest/v1/releases/{train}/snapshot/{made}/execution")
    for kind, train in (("approval", "waiting_train"), ("manual", "manual_train")):
        tasks = world.done("GET", f"/flexdeploy/rest/v1/tasks/{kind}")
        (task,) = (one for one in tasks if str(one["releaseId"]) == world.things[train])
        world.things[f"{kind}_task"] = str(task["taskId"])


def runners(world: World) -> None:
    """A job in the hands of whoever shows its token, with a line in its log."""
    world.done("POST", f"{PIPELINES}/add", {"name": "script", "phases": SCRIPT})
    run = world.done("POST", f"{PIPELINES}/by-name/script/trigger")["id"]
    task, closed, opened = (deploy_workload(world.house.ports, command) for command in tasks())
    world.house.work_off()
    body = {"pool": "default", "runner": "r1", "slots": 9, "nonce": NONCE}
    leases = world.done("POST", "/api/v1/jobs/lease", body, by=ADMIN)["leases"]
    lease = _of_run(leases, run)
    task_lease = _of_run(leases, task.id)
    world.things |= {"job": lease["job"]["id"], "lease": lease["token"]}
    world.things |= {"task_job": task_lease["job"]["id"], "task_lease": task_lease["token"]}
    world.tokens[BY_JOB] = _of_run(leases, world.things["open_build"])["job"]["access_token"]
    for service in (closed, opened):
        _report_ready(world, _of_run(leases, service.run))
    body = {"pool": WEBS_POOL, "runner": "runner-of-web", "nonce": f"web-{NONCE}", "capacity": 2, "busy": 0}
    world.done("POST", "/api/v1/jobs/lease", body, by=ADMIN)
    held = {"token": "$lease", "number": 1, "from": 0, "chunks": [{"text": "a line of the log"}]}
    world.done("POST", "/api/v1/jobs/$job/logs", held, by=ADMIN)


def tasks() -> tuple[DeployWorkload, ...]:
    """A job, a service of a project's readers, and one that is open to anybody."""
    service = a_manifest(WorkloadKind.SERVICE, "closed")
    opened = replace(service, name="opened", published=Published(prefix="/opened/", bypass_auth=True))
    return tuple(a_command(one, seed=f"seed-{one.name}") for one in (a_manifest(), service, opened))


def _report_ready(world: World, lease: Any) -> None:  # noqa: ANN401 - a part of a body
    pod = {"name": "it-0", "phase": "Running", "ready": True, "address": "http://127.0.0.1:5000"}
    body = {"token": lease["token"], "number": 1, "report": 1, "pods": [pod]}
    world.done("POST", f"/api/v1/jobs/{lease['job']['id']}/pods", body, by=ADMIN)


def _of_run(leases: Any, run: str) -> Any:  # noqa: ANN401 - parts of a body
    (lease,) = (one for one in leases if one["job"]["run"] == run)
    return lease
