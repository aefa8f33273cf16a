"""One walk past every row of FlexDeploy's API."""

from base64 import b64encode
from typing import Any

from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, READER, STRANGER, WRITER
from tests.dialects.matrix.world import PASSWORD, people
from tests.dialects.platform.site import Site
from tests.teams import add_team

V1, V2 = "/flexdeploy/rest/v1", "/flexdeploy/rest/v2"
RELEASES = f"{V1}/releases"
APPROVAL = {"name": "ask", "type": "approval", "description": "somebody has looked", "team": "ops"}
SCHEDULE = {"name": "at noon", "type": "schedule", "cron": "0 0 12 ? * *;0 0 13 ? * *"}
GROUP = {
    "name": "both",
    "type": "group",
    "needs": ["say"],
    "steps": [{"name": "one", "type": "noop"}, {"name": "two", "type": "noop"}],
}
WAITS = [
    {"name": "a while", "type": "wait", "seconds": 1234},
    {"name": "until then", "type": "wait", "until": "2030-02-20T21:48:00Z"},
]
PHASES = [
    {"name": "Integration", "environment": "int", "steps": [{"name": "say", "type": "noop"}, GROUP]},
    {"name": "Production", "environment": "production", "gates": [APPROVAL, SCHEDULE], "steps": WAITS},
]


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    site.is_silent = True
    people(site)
    site.done("POST", "/api/v1/state/web/add-project")
    site.is_silent = False
    environments(site)
    folders(site)
    workflows(site)
    projects(site)
    requests(site)
    pipelines(site)
    administration(site)
    releases(site)
    snapshots(site)
    execution(site)


def basic(user: str, password: str = PASSWORD) -> str:
    """The header by which a user authenticates."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def environments(site: Site) -> None:
    for version, code in (("v1", "QA"), ("v2", "UAT")):
        path = f"/flexdeploy/rest/{version}/topology/environment"
        named = {"environmentCode": code, "environmentName": f"{code} of all"}
        made = site.ask("POST", path, {**named, "unknown": 1}, by=ADMIN).json
        site.ask("POST", path, {**named, "environmentName": "another"}, by=ADMIN)
        site.ask("POST", path, {"environmentCode": f"{code}2", "environmentName": f"{code} OF ALL"}, by=ADMIN)
        site.ask("POST", path, {"environmentCode": 7, "environmentName": ""}, by=ADMIN)
        site.ask("POST", path, {"environmentCode": " ", "environmentName": ""}, by=ADMIN)
        site.ask("POST", path, {"environmentCode": "X", "environmentName": "X"}, by=WRITER)
        read(site, path)
        read(site, f"{path}?environmentCode={code.lower()}")
        read(site, f"{path}?environmentName=OF%20ALL")
        read(site, f"{path}?environmentCode=none")
        one = f"{path}/{made['environmentId']}"
        read(site, one)
        read(site, f"{path}/1")
        read(site, f"{path}/x")
        site.ask("PATCH", one, {"environmentName": f"{code} again", "isActive": False}, by=ADMIN)
        site.ask("PUT", one, {"environmentCode": f"{code}1"}, by=ADMIN)
        site.ask("PUT", one, {"environmentCode": ""}, by=ADMIN)
        site.ask("PATCH", one, {"isActive": True}, by=WRITER)
        site.ask("DELETE", one, by=WRITER)
        site.ask("DELETE", one, by=ADMIN)
        site.ask("DELETE", one, by=ADMIN)


def folders(site: Site) -> None:
    path = f"{V2}/folder"
    made = site.ask("POST", path, {"folderName": "shop", "parentFolderId": 99}, by=ADMIN).json["folderId"]
    site.things["folder"] = str(made)
    site.ask("POST", path, {"folderName": "SHOP"}, by=ADMIN)
    site.ask("POST", path, {"folderName": "corner shop"}, by=ADMIN)
    site.ask("POST", path, {"folderName": "shop", "parentFolderId": made}, by=ADMIN)
    site.ask("POST", path, {"folderName": "lost", "parentFolderId": 7}, by=ADMIN)
    site.ask("POST", path, {"folderName": "", "parentFolderId": "x"}, by=ADMIN)
    site.ask("POST", path, {"folderName": ""}, by=ADMIN)
    site.ask("POST", path, {"folderName": "mine"}, by=WRITER)
    for query in ("folderName=shop&parentFolderId=99", f"parentFolderId={made}", "folderName=WEB", "parentFolderId=x"):
        read(site, f"{path}?{query}")
    site.ask("GET", f"{path}?parentFolderId=99", by=STRANGER)
    for number in (99, made, 7):
        read(site, f"{path}/{number}")


def workflows(site: Site) -> None:
    path = f"{V1}/workflows"
    versions = [{"workflowVersion": "1.0"}, {"workflowVersion": "1.1"}]
    body = {"workflowName": "build shop", "workflowType": "BUILD", "workflowVersions": versions, "script": "echo 1"}
    made = site.ask("POST", path, body, by=ADMIN).json["workflowId"]
    deploys = {"workflowName": "deploy shop", "workflowType": "DEPLOY", "script": "echo 2"}
    site.things |= {"workflow": str(made), "deploys": str(site.ask("POST", path, deploys, by=ADMIN).json["workflowId"])}
    site.ask("POST", path, body, by=ADMIN)
    site.ask("POST", path, {"workflowName": "x", "workflowType": "PAINT"}, by=ADMIN)
    site.ask("POST", path, {**deploys, "workflowName": "", "workflowVersions": [versions[0], versions[0]]}, by=ADMIN)
    site.ask("POST", path, {**deploys, "workflowName": "mine"}, by=WRITER)
    read(site, path)
    read(site, f"{path}?workflowName=BUILD")
    for one in (f"{path}/{made}", f"{V2}/workflow/{made}", f"{path}/1", f"{V2}/workflow/1"):
        read(site, one)


def projects(site: Site) -> None:
    path = f"{V2}/project"
    builds = {"projectWorkflowType": "BUILD", "workflowId": "$workflow"}
    deploys = {"projectWorkflowType": "DEPLOY", "workflowId": "$deploys"}
    body = {"projectName": "Cart", "folderId": "$folder", "projectWorkflows": [builds, deploys]}
    made = site.ask("POST", path, body, by=ADMIN).json["projectId"]
    site.things["cart"] = str(made)
    site.ask("POST", path, body, by=ADMIN)
    site.ask("POST", path, {**body, "folderId": 7}, by=ADMIN)
    wrong = [builds, builds, {**deploys, "workflowId": "$workflow"}, {**deploys, "workflowId": 7}]
    site.ask("POST", path, {"projectName": "", "folderId": 99, "projectWorkflows": wrong}, by=ADMIN)
    site.ask("POST", path, {"folderId": 2**31}, by=ADMIN)
    site.ask("POST", path, {"projectName": "Mine", "folderId": 99}, by=WRITER)
    read(site, path)
    for query in ("projectName=car&folderId=$folder", "projectName=cart", "folderId=99", "folderId=x"):
        site.ask("GET", f"{path}?{query}", by=ADMIN)
    site.ask("GET", f"{path}/$cart", by=ADMIN)
    site.ask("GET", f"{path}/$cart", by=READER)
    site.ask(
        "PATCH", f"{path}/$cart", {"projectName": "Basket", "folderId": 99, "projectWorkflows": [builds]}, by=ADMIN
    )
    site.ask("PATCH", f"{path}/$cart", {"projectWorkflows": [builds, deploys]}, by=ADMIN)
    site.ask("PATCH", f"{path}/$cart", {"projectName": "", "projectWorkflows": [builds, builds]}, by=ADMIN)
    site.ask("PATCH", f"{path}/$cart", {"folderId": 7}, by=ADMIN)
    site.ask("PATCH", f"{path}/$cart", {"folderId": 99}, by=STRANGER)
    site.ask("GET", f"{path}/1", by=READER)
    site.ask("GET", f"{path}/$cart/branch?branchName=main", by=ADMIN)
    site.ask("POST", f"{path}/$cart/branch", {"branchName": "develop"}, by=ADMIN)
    site.ask("POST", f"{path}/$cart/branch", {"branchName": "MAIN"}, by=ADMIN)
    site.ask("POST", f"{path}/$cart/branch", {"branchName": ""}, by=ADMIN)
    site.ask("POST", f"{path}/$cart/branch", {"branchName": "x"}, by=STRANGER)
    branch = site.ask("GET", f"{path}/$cart/branch", by=ADMIN).json["items"][0]["projectBranchId"]
    version = {"projectVersionName": "1.0.1", "projectBranchId": branch}
    site.ask("POST", f"{path}/$cart/version", version, by=ADMIN)
    site.ask("POST", f"{path}/$cart/version", version, by=ADMIN)
    site.ask("POST", f"{path}/$cart/version", {"projectVersionName": "1.0.2", "projectBranchId": 7}, by=ADMIN)
    site.ask("POST", f"{path}/$cart/version", {"projectVersionName": "1.0.2"}, by=ADMIN)
    site.ask("GET", f"{path}/$cart/version?projectVersionName=1.0", by=ADMIN)
    site.ask("GET", f"{path}/$cart/version", by=STRANGER)


def requests(site: Site) -> None:
    path = f"{V2}/workflowrequest"
    qa = {"environmentCode": "DEV", "environmentName": "Development"}
    site.is_silent = True
    site.things["dev"] = str(site.done("POST", f"{V1}/topology/environment", qa)["environmentId"])
    branch = site.done("GET", f"{V2}/project/$cart/branch?branchName=main")["items"][0]["projectBranchId"]
    overridden = site.done("GET", f"{V2}/workflow/$workflow")["workflowVersions"][0]["workflowVersionId"]
    site.is_silent = False
    build = {"projectId": "$cart", "environmentId": "$dev", "force": True, "projectStreamId": branch}
    more = {
        "workflowVersionOverrideId": overridden,
        "packageName": "web",
        "issueNumbers": ["S-1"],
        "inputs": [{"code": "LEVEL", "value": "full"}],
        "flexFields": [{"code": "TICKET", "value": "7"}],
        "buildFileInputs": [],
    }
    made = site.ask("POST", f"{path}/build", {**build, **more}, by=ADMIN).json
    site.house.work_off()
    site.ask("GET", f"{path}/{made['workflowRequestId']}", by=ADMIN)
    site.ask("GET", f"{path}/{made['workflowRequestId']}", by=STRANGER)
    site.ask("GET", f"{path}/1", by=ADMIN)
    site.ask("GET", f"{path}/$cart", by=ADMIN)
    site.ask("GET", f"{path}/x", by=ADMIN)
    site.ask("POST", f"{path}/build", {"projectId": 7}, by=ADMIN)
    site.ask("POST", f"{path}/build", {"projectId": "$cart"}, by=STRANGER)
    wrong = {"environmentId": 7, "workflowVersionOverrideId": 7, "releaseDefId": 7, "inputs": [{"code": "-x"}]}
    site.ask("POST", f"{path}/build", {**build, **wrong}, by=ADMIN)
    site.ask("POST", f"{path}/build", {**build, "projectStreamId": 7}, by=ADMIN)
    site.ask("POST", f"{path}/build", {"force": "perhaps"}, by=ADMIN)
    version = made["projectVersionId"]
    deploy = {"projectId": "$cart", "environmentId": "$dev", "projectVersionId": version, "forceDeploy": True}
    site.ask("POST", f"{path}/deploy", {**deploy, "instanceIds": [1]}, by=ADMIN)
    site.ask("POST", f"{path}/deploy", {**deploy, "projectVersionId": 7}, by=ADMIN)
    site.ask("GET", f"{V2}/project/$cart/version?projectVersionName=1.0.", by=ADMIN)


def definition(site: Site) -> dict[str, Any]:
    """A pipeline of one stage with something of most kinds."""
    gates = [
        {"gateName": "ask", "gateType": "STAGE_APPROVAL_GATE", "roleName": "ops", "quorum": 1},
        {"gateName": "noon", "gateType": "STAGE_SCHEDULED_GATE", "cronExpression": "0 0 12 ? * *"},
        {
            "gateName": "change",
            "gateType": "STAGE_EXT_APPROVAL_GATE",
            "externalSystemType": "jira",
            "externalId": "S-1",
            "roleName": "ops",
        },
    ]
    steps = [
        {"stepName": "ship", "stepType": "STAGE_DEPLOY_ALL_STEP", "onErrorContinue": True},
        {"stepName": "look", "stepType": "STAGE_MANUAL_STEP", "roleName": "ops", "stepDescription": "is it there"},
        {"stepName": "a while", "stepType": "STAGE_WAIT_STEP", "waitDuration": 30, "stepOrder": 2},
    ]
    stage = {"environmentId": int(site.things["dev"]), "sortOrder": 1, "gates": gates, "steps": steps}
    roles = [{"roleName": "ops", "users": ["owner"], "groups": ["ops"], "emails": ["ops@example.org"]}]
    return {"stages": [stage], "roles": roles, "properties": [{"name": "zone", "value": "eu"}], "groups": ["front"]}


def pipelines(site: Site) -> None:
    path, document = f"{V1}/pipelines", definition(site)
    made = site.ask("POST", path, {"pipelineName": "standard", "definition": document}, by=ADMIN).json["pipelineId"]
    site.things["pipeline"] = str(made)
    site.ask("POST", path, {"pipelineName": "Standard"}, by=ADMIN)
    site.ask("POST", path, {"pipelineName": "bare"}, by=ADMIN)
    site.ask("POST", path, {"pipelineName": ""}, by=ADMIN)
    site.ask("POST", path, {"definition": []}, by=ADMIN)
    site.ask("POST", path, {"pipelineName": "mine"}, by=WRITER)
    one = f"{path}/{made}"
    for place in (path, f"{path}?pipelineName=STAND", one, f"{one}/versions", f"{one}/versions/1", f"{one}/versions/9"):
        read(site, place)
    read(site, f"{path}/1")
    site.ask("PUT", f"{one}/versions/1", {**document, "groups": []}, by=ADMIN)
    site.ask("POST", f"{one}/versions/1", {"action": "activate"}, by=WRITER)
    site.ask("POST", f"{one}/versions/1", {"action": "burn"}, by=ADMIN)
    site.ask("POST", f"{one}/versions/1", {"action": "activate"}, by=ADMIN)
    site.ask("PUT", f"{one}/versions/1", document, by=ADMIN)
    site.ask("POST", f"{one}/versions", document, by=ADMIN)
    site.ask("POST", f"{one}/versions", {"definition": {"stages": []}}, by=ADMIN)
    site.ask("POST", f"{one}/versions", b"[", by=ADMIN)
    site.ask("POST", f"{path}/1/versions", document, by=ADMIN)
    site.ask("POST", f"{one}/versions/2", {"action": "activate"}, by=ADMIN)
    read(site, f"{one}/versions/1")
    stage = document["stages"][0]
    wrong = {
        **stage,
        "environmentId": 7,
        "gates": [{"gateName": "", "gateType": "STAGE_SCHEDULED_GATE"}, {"gateName": "x", "precondition": "1 +"}],
        "steps": [
            {"stepName": "w", "stepType": "STAGE_WAIT_STEP"},
            {"stepName": "s", "stepType": "STAGE_SCHEDULED_STEP", "cronExpression": "0 0 12 31 2 ?"},
            {"stepName": "d", "stepType": "STAGE_DEPLOY_STEP", "projectId": 7},
        ],
    }
    site.ask("POST", f"{one}/versions", {"stages": [stage, stage, wrong]}, by=ADMIN)
    site.ask("POST", f"{one}/versions", {"stages": [{**stage, "environmentId": 2**31}]}, by=ADMIN)


def administration(site: Site) -> None:
    path = f"{V2}/administration/security"
    site.ask("POST", f"{path}/group", {"groupName": "testers"}, by=ADMIN)
    site.ask("POST", f"{path}/group", {"groupName": "testers"}, by=ADMIN)
    site.ask("POST", f"{path}/group", {"groupName": "-"}, by=ADMIN)
    site.ask("POST", f"{path}/group", {"groupName": "mine"}, by=WRITER)
    user = {
        "userName": "tess",
        "password": "another horse",
        "firstName": "Tess",
        "lastName": "T",
        "groups": ["testers"],
    }
    site.ask("POST", f"{path}/user", {**user, "email": "tess@example.org"}, by=ADMIN)
    site.ask("POST", f"{path}/user", user, by=ADMIN)
    site.ask("POST", f"{path}/user", {**user, "userName": "-", "password": "1", "groups": ["none"]}, by=ADMIN)
    site.ask("POST", f"{path}/user", {"userName": "x"}, by=ADMIN)
    for kind in ("group", "user"):
        site.ask("GET", f"{path}/{kind}", by=ADMIN)
        read(site, f"{path}/{kind}")
    cron = f"{V1}/admin/cron/test"
    at = {"timezone": "America/New_York", "from": "2026-03-07T00:00:00Z", "count": 3}
    site.ask("POST", cron, {"expression": "0 30 2 ? * *;0 0 12 ? * *", **at}, by=READER)
    site.ask("POST", cron, {"expression": "* * 12 * * ?"}, by=READER)
    site.ask("POST", cron, {"expression": "0 0 12 31 2 ?"}, by=READER)
    site.ask("POST", cron, {"expression": "0 0 25 * * *", "timezone": "Mars/One"}, by=READER)
    site.ask("POST", cron, {"expression": "* * 12 * * ?", "count": 21, "from": "soon"}, by=READER)
    site.ask("POST", cron, {"expression": "* * 12 * * ?", "from": "2026-03-07T00:00:00"}, by=READER)
    site.ask("POST", cron, {"expression": "0 12 * * *"}, by=READER)


def releases(site: Site) -> None:
    (web,) = site.done("GET", f"{V2}/project?projectName=web")["items"]
    site.things["web"] = str(web["projectId"])
    projects = [{"projectId": "$web", "projectGroups": ["front"]}, {"projectId": "$cart", "priority": 2}]
    roles = [{"roleName": "ops", "users": ["writer"], "groups": ["ops"]}]
    body = {"releaseName": "spring", "pipelineId": "$pipeline", "projects": projects}
    more = {"timezone": "Europe/Berlin", "roles": roles, "properties": [{"name": "zone", "value": "us"}]}
    made = site.ask("POST", RELEASES, {**body, **more, "description": "what is new"}, by=ADMIN).json["releaseId"]
    site.things["spring"] = str(made)
    site.ask("POST", RELEASES, {**body, "releaseName": "SPRING"}, by=ADMIN)
    site.ask("POST", RELEASES, {**body, "releaseName": "mine"}, by=READER)
    site.ask("POST", RELEASES, {"releaseName": "none"}, by=ADMIN)
    wrong = {"pipelineId": 7, "projects": [{"projectId": 7}, projects[0], projects[0]], "timezone": "Mars/One"}
    site.ask("POST", RELEASES, {"releaseName": " ", **wrong, "scheduleBuildExpression": "0 12 * * *"}, by=ADMIN)
    site.ask("POST", RELEASES, {**body, "releaseName": "x", "roles": [{"users": "ann"}]}, by=ADMIN)
    site.ask("POST", RELEASES, {**body, "releaseName": "x", "releaseStatus": "COMPLETED"}, by=ADMIN)
    site.ask("POST", RELEASES, {**body, "releaseName": "x", "releaseStatus": "PERHAPS", "projects": [{}]}, by=ADMIN)
    read(site, RELEASES)
    read(site, f"{RELEASES}?releaseName=PRIN")
    read(site, f"{RELEASES}?releaseName=none")
    site.ask("GET", RELEASES, by=STRANGER)
    one = f"{RELEASES}/{made}"
    read(site, one)
    site.ask("GET", one, by=STRANGER)
    for missing in (f"{RELEASES}/1", f"{RELEASES}/x", f"{RELEASES}/$snapshot_of_none"):
        site.things["snapshot_of_none"] = "2147483647"
        read(site, missing)
    site.ask("PATCH", one, {"releaseStatus": "SUSPENDED", "scheduleBuildExpression": "0 0 1 ? * *"}, by=WRITER)
    site.ask("PATCH", one, {"releaseStatus": "STARTED", "scheduleBuildExpression": "", "description": ""}, by=WRITER)
    site.ask("PATCH", one, {"projects": [], "pipelineId": 7}, by=WRITER)
    site.ask("PATCH", one, {"releaseName": "Spring 26"}, by=READER)
    site.ask("PATCH", one, {"releaseName": "Spring 26"}, by=STRANGER)
    site.ask("PATCH", f"{RELEASES}/1", {}, by=WRITER)


def snapshots(site: Site) -> None:
    path = f"{RELEASES}/$spring/snapshot"
    versions = site.done("GET", f"{V2}/project/$cart/version")["items"]
    carried = [{"projectId": "$cart", "projectVersionId": versions[0]["projectVersionId"]}]
    made = site.ask("POST", path, {"action": "createSnapshot", "snapshotVersionInputs": carried}, by=ADMIN).json
    site.things["first"] = str(made["snapshotId"])
    site.house.work_off()
    read(site, f"{path}/$first")
    read(site, f"{path}/$first/execution")
    site.ask("POST", path, {"action": "createSnapshot", "description": "all anew"}, by=ADMIN)
    site.house.work_off()
    site.ask("POST", path, {"action": "copySnapshot", "fromSnapshotId": "$first"}, by=WRITER)
    site.house.work_off()
    read(site, path)
    read(site, f"{path}?limit=1")
    read(site, f"{path}?limit=0")
    read(site, f"{path}/1")
    site.ask("POST", path, {"action": "paint"}, by=ADMIN)
    site.ask("POST", path, {"action": "copySnapshot"}, by=ADMIN)
    site.ask("POST", path, {"action": "copySnapshot", "fromSnapshotId": 7}, by=ADMIN)
    wrong = [{"projectId": 7}, *carried, *carried, {"projectId": "$web", "projectVersionId": 7}]
    site.ask("POST", path, {"action": "createSnapshot", "snapshotVersionInputs": wrong}, by=ADMIN)
    site.ask("POST", path, {"action": "createSnapshot"}, by=READER)
    site.ask("POST", path, {"action": "createSnapshot"}, by=STRANGER)
    request = f"{V2}/workflowrequest"
    made = site.ask("POST", f"{request}/build", {"projectId": "$cart", "releaseDefId": "$spring"}, by=ADMIN).json
    site.house.work_off()
    for job in site.house.lease(slots=9):
        site.house.finish(job)
    site.house.work_off()
    site.ask("GET", f"{request}/{made['workflowRequestId']}", by=ADMIN)
    read(site, f"{path}?limit=1")
    site.ask("GET", path, by=STRANGER)
    decisions(site, f"{path}/$first/execution/stage/$dev")
    site.ask("PATCH", f"{RELEASES}/$spring", {"releaseStatus": "COMPLETED"}, by=ADMIN)
    site.house.work_off()
    read(site, f"{path}/$first/execution")
    site.ask("POST", path, {"action": "createSnapshot"}, by=ADMIN)
    site.ask("PATCH", f"{RELEASES}/$spring", {"releaseStatus": "STARTED"}, by=ADMIN)


def jira(number: str) -> dict[str, str]:
    return {"externalSystemType": "jira", "externalId": number}


def information(site: Site, path: str) -> None:
    said = [{"projectId": "$cart", "inputs": [{"code": "SPEED", "value": "slow"}], "tickets": [], "action": "force"}]
    site.ask("PUT", path, {"tickets": [jira("S-1"), jira("S-7")], "projects": said}, by=WRITER)
    site.ask("PUT", path, {"tickets": [jira("S-1")], "projects": [{"projectId": "$cart"}]}, by=WRITER)
    other = {"externalSystemType": "snow", "externalId": "S-1"}
    wrong = [{"projectId": 7}, *said, {**said[0], "inputs": [{"code": "-"}], "tickets": [other]}]
    site.ask("PUT", path, {"tickets": [jira("S-1")], "projects": wrong}, by=WRITER)
    site.ask("PUT", path, {"projects": [{"projectId": 2**31, "action": "burn"}]}, by=WRITER)
    site.ask("PUT", path.replace("$dev", "7"), {}, by=WRITER)
    site.ask("PUT", path, {}, by=READER)
    site.ask("PUT", path, {}, by=STRANGER)


def decisions(site: Site, stage: str) -> None:
    tasks = f"{V1}/tasks"
    site.ask("POST", f"{stage}/gate/ask", {"action": "approve"}, by=READER)
    asked = read(site, f"{tasks}/approval?environmentId=$dev&projectId=$cart")[-1]
    site.ask("GET", f"{tasks}/approval", by=STRANGER)
    for query in (
        f"pipelineStageExecId={asked['pipelineStageExecId']}",
        "workflowRequestId=10001",
        "externalSystemType=jira",
        "notes=none",
        "environmentId=x&projectId=y",
    ):
        read(site, f"{tasks}/approval?{query}")
    one = f"{tasks}/approval/{asked['taskId']}"
    read(site, one)
    site.ask("GET", one, by=STRANGER)
    for missing in (f"{tasks}/approval/1", f"{tasks}/manual/{asked['taskId']}", f"{tasks}/approval/x"):
        read(site, missing)
    site.ask("POST", one, {"action": "approve"}, by=READER)
    site.ask("POST", one, {"action": "approve"}, by=STRANGER)
    site.ask("POST", one, {"action": "claim"}, by=WRITER)
    site.ask("POST", one, {"action": "burn"}, by=WRITER)
    site.ask("POST", one, {"action": "approve", "notes": "seen"}, by=WRITER)
    site.ask("POST", one, {"action": "reject"}, by=WRITER)
    site.house.work_off()
    site.ask("POST", f"{stage}/gate/noon", {"action": "override"}, by=ADMIN)
    site.house.work_off()
    information(site, f"{stage}/info")
    ticket = {"action": "approve", "externalSystemType": "jira", "externalId": "S-1", "notes": "agreed"}
    read(site, f"{tasks}/approval?externalSystemType=jira&externalId=S-1")
    site.ask("POST", f"{tasks}/approval", {**ticket, "externalId": "S-2"}, by=WRITER)
    site.ask("POST", f"{tasks}/approval", {**ticket, "externalId": ""}, by=WRITER)
    site.ask("POST", f"{tasks}/approval", ticket, by=READER)
    site.ask("POST", f"{tasks}/approval", ticket, by=WRITER)
    site.house.work_off()
    site.ask("PUT", f"{stage}/info", {"tickets": [jira("S-9")]}, by=WRITER)
    manual = read(site, f"{tasks}/manual")[0]
    read(site, f"{tasks}/manual/{manual['taskId']}")
    site.ask("POST", f"{tasks}/manual/{manual['taskId']}", {"action": "reject", "notes": "broken"}, by=ADMIN)
    site.house.work_off()
    read(site, f"{tasks}/manual/{manual['taskId']}")


def execution(site: Site) -> None:
    site.is_silent = True
    for name, code in (("Int", "I"), ("Production", "P")):
        site.done("POST", f"/api/infrastructure/environments/create/{name}", {"environmentCode": code})
    add_team(site.house.ports, "ops")
    for name in ("int", "production"):
        site.done("POST", "/api/v1/state/web/environments/", {"name": name})
    site.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "release", "phases": PHASES})
    train = site.done("POST", "/api/v1/trains", {"project": "web", "number": "1.0", "pipeline": "release"})["id"]
    other = site.done("POST", "/api/v1/trains", {"project": "web", "number": "2.0", "pipeline": "release"})["id"]
    made = site.done("POST", f"/api/v1/trains/{train}/snapshots", {})["id"]
    held = site.done("POST", "/api/releases/builds/create", {"releaseId": other})["id"]
    site.house.work_off()
    site.is_silent = False
    path = f"{RELEASES}/{train}/snapshot/{made}/execution"
    shown = read(site, path)
    read(site, f"{path}?gateName=&stepName=&environmentId=")
    first = shown["pipelineStageExecutions"][0]["environmentId"]
    for query in (
        f"environmentId={first}",
        "environmentId=1",
        "gateName=ask",
        "gateName=ASK",
        "gateName=at%20noon",
        f"gateName=ask&environmentId={first}",
        "stepName=two",
        "stepName=a%20while",
        "stepName=two&gateName=ask",
        "explain=true",
    ):
        read(site, f"{path}?{query}")
    for wrong in (
        f"{path}?environmentId=x&environmentId=y",
        f"{path}?environmentId=1.5",
        f"{path}?explain=maybe",
        f"{RELEASES}/x/snapshot/12345678901/execution?environmentId=z",
        f"{RELEASES}/1/snapshot/{made}/execution",
        f"{RELEASES}/{train}/snapshot/1/execution",
        f"{RELEASES}/{other}/snapshot/{made}/execution",
        f"{RELEASES}/{other}/snapshot/{held}/execution",
        f"{RELEASES}/{train}/snapshot",
    ):
        site.ask("GET", wrong, by=ADMIN)
    site.ask("DELETE", path, by=ADMIN)
    held_path = f"{RELEASES}/{other}/snapshot/{held}/execution/stage"
    site.ask("POST", f"{held_path}/7", {"action": "deploy"}, by=WRITER)
    site.ask("POST", f"{held_path}/{first}", {"action": "deploy"}, by=READER)
    site.ask("POST", f"{held_path}/{first}", {"action": "deploy"}, by=WRITER)
    site.house.work_off()
    acts(site, path, [one["environmentId"] for one in shown["pipelineStageExecutions"]])
    site.ask("GET", path, by=STRANGER)
    site.ask("GET", path, by=ANONYMOUS)
    site.ask("GET", path, by=ANONYMOUS, Authorization=basic(READER, "wrong"))
    site.ask("GET", path, by=ANONYMOUS, Authorization=basic(READER))


def acts(site: Site, path: str, environments: list[int]) -> None:
    first, second = (f"{path}/stage/{number}" for number in environments)
    site.ask("POST", f"{first}/testresults", {"testSetName": "unit", "passed": 3, "failed": 0}, by=WRITER)
    site.ask("POST", f"{first}/testresults", {"testSetName": "", "passed": -1}, by=WRITER)
    site.ask("POST", f"{first}/testresults", {"testSetName": "unit", "passed": 3, "failed": 0}, by=READER)
    site.ask("POST", first, {"action": "replay"}, by=WRITER)
    gate = f"{second}/gate/ask"
    site.ask("POST", gate, {"action": "approve"}, by=WRITER)
    site.ask("POST", gate, {"action": "approve"}, by=STRANGER)
    site.ask("POST", gate, {"action": "applaud"}, by=ADMIN)
    site.ask("POST", f"{second}/gate/none", {"action": "approve"}, by=ADMIN)
    site.ask("POST", f"{second}/gate/at%20noon", {"action": "override"}, by=ADMIN)
    site.ask("POST", f"{path}/stage/7", {"action": "abort"}, by=ADMIN)
    site.ask("POST", gate, {"action": "approve", "notes": "looks good"}, by=ADMIN)
    site.ask("POST", gate, {"action": "approve"}, by=ADMIN)
    site.ask("POST", f"{second}/gate/at%20noon", {"action": "override"}, by=ADMIN)
    site.house.work_off()
    read(site, f"{path}?environmentId={environments[1]}")
    site.ask("POST", f"{second}/step/a%20while", {"action": "override"}, by=ADMIN)
    site.ask("POST", f"{second}/step/a%20while", {"action": "reject"}, by=ADMIN)
    site.ask("POST", second, {"action": "abort", "notes": "not today"}, by=READER)
    site.ask("POST", second, {"action": "abort", "notes": "not today"}, by=WRITER)
    site.house.work_off()
    site.ask("POST", second, {"action": "abort"}, by=WRITER)
    site.ask("POST", second, {"action": "replay"}, by=WRITER)
    site.house.work_off()
    read(site, f"{path}?gateName=ask&environmentId={environments[1]}")
    site.ask("POST", gate, {"action": "reject"}, by=ADMIN)
    site.house.work_off()
    read(site, f"{path}?environmentId={environments[1]}")


def read(site: Site, path: str) -> Any:  # noqa: ANN401 - whatever the body says
    """What a reader is shown."""
    return site.ask("GET", path, by=READER).json
