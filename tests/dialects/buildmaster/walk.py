"""One walk past every row of BuildMaster's APIs, with the calls of its real clients among them."""

import base64
import json
from typing import Any

from chalicelib.http.request import FORM
from chalicelib.kernel.installation.entries import SharedEnvironment
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, READER, STRANGER, WRITER
from tests.dialects.matrix.world import PASSWORD, people
from tests.dialects.platform.site import Site

KEY = "key"
REQUIRED = {"name": "host", "required": True}
OWN_PIPELINE = {
    "Raft_Id": 1,
    "RaftItem_Name": "Own",
    "RaftItemType_Code": 8,
    "Content_Bytes": base64.b64encode(b'{"Stages": [{"Name": "Test"}, {"Name": "Live"}]}').decode(),
}
STAGED = {
    "Name": "Standard",
    "EnforceStageSequence": True,
    "Stages": [
        {"Name": "Integration", "AutoPromote": True, "Targets": [{"PlanName": "Deploy", "EnvironmentName": "int"}]},
        {"Name": "Production", "Gate": {"GroupApprovals": [{"Name": "ops", "Count": 1}]}},
    ],
    "PostDeploymentOptions": {"DeployRelease": False},
}


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    site.is_silent = True
    people(site)
    site.done("POST", "/api/v1/state/web/add-project")
    grants = ["native", "release-and-build-deployment", "infrastructure", "variables"]
    made = site.done("POST", "/api/v1/tokens", {"grants": grants, "label": "ci"})
    site.tokens[KEY] = made["token"]
    site.is_silent = False
    refusals(site)
    applications(site)
    groups(site)
    rafts(site)
    infrastructure(site)
    variables(site)
    releases(site)
    builds(site)
    deployments(site)
    without_release(site)
    ending(site)
    native_variables(site)


def native(site: Site, method: str, body: Any = None, *, by: str = KEY) -> Any:  # noqa: ANN401 - whatever the body says
    """A call of a native method, as PowerShell clients make it."""
    return site.ask("POST", f"/api/json/{method}", {} if body is None else body, by=by)


def encoded(text: str) -> str:
    """The content of an item of a raft."""
    return base64.b64encode(text.encode()).decode()


def refusals(site: Site) -> None:
    site.ask("GET", "/api/json/Applications_GetApplications", by=ANONYMOUS)
    site.ask("GET", "/api/json/Servers_GetServers", by=KEY)
    site.ask("PATCH", "/api/json/Rafts_GetRafts", by=KEY)
    site.ask(
        "GET", "/api/json/Applications_GetApplications?Application_Count=x&IncludeInactive_Indicator=maybe", by=KEY
    )
    site.ask("GET", "/api/json/Applications_GetApplication?application_id=1&Application_Id=1", by=KEY)


def applications(site: Site) -> None:
    site.ask("GET", "/api/json/Applications_GetApplications?Application_Count=1", by=KEY)
    shop = native(site, "Applications_CreateApplication", {"Application_Name": "My Shop"}).json
    site.things["shop"] = str(shop)
    native(site, "Applications_CreateApplication", {"Application_Name": "MY SHOP"})
    native(site, "Applications_CreateApplication", {"Application_Name": ""})
    native(site, "Applications_CreateApplication", {"Application_Name": "Mine"}, by=WRITER)
    site.ask("GET", "/api/json/Applications_GetApplication?Application_Id=$shop", by=KEY)
    native(site, "Applications_GetApplication", {"Application_Name": "my shop"})
    native(site, "Applications_GetApplication", {"Application_Id": -1})
    native(site, "Applications_GetApplications", {"Application_Count": 0, "IncludeInactive_Indicator": False})
    native(site, "Applications_GetApplications", by=READER)
    site.ask("GET", "/api/v1/state/my-shop/")


def groups(site: Site) -> None:
    group = native(site, "ApplicationGroups_GetOrCreateApplicationGroup", {"ApplicationGroup_Name": "Shops"}).json
    native(site, "ApplicationGroups_GetOrCreateApplicationGroup", {"ApplicationGroup_Name": "SHOPS"})
    renamed = {"ApplicationGroup_Id": group, "ApplicationGroup_Name": "Web"}
    native(site, "ApplicationGroups_CreateOrUpdateApplicationGroup", renamed)
    native(site, "ApplicationGroups_CreateOrUpdateApplicationGroup", {"ApplicationGroup_Name": "web"})
    native(site, "ApplicationGroups_GetApplicationGroups")
    site.ask("GET", "/api/json/ApplicationGroups_GetApplicationGroups", by=READER)
    changed = {"Application_Id": "$shop", "Application_Name": "Store", "ApplicationGroup_Id": group}
    native(site, "Applications_EditApplication", {**changed, "Raft_Name": "global"})
    native(site, "Applications_EditApplication", {**changed, "Raft_Name": "no such"})
    native(site, "Applications_GetApplication", {"Application_Name": "Store"})
    native(site, "ApplicationGroups_DeleteApplicationGroup", {"ApplicationGroup_Id": group})
    native(site, "Applications_DeactivateApplication", {"Application_Id": "$shop"})
    native(site, "Applications_GetApplications", {"IncludeInactive_Indicator": True})


def rafts(site: Site) -> None:
    native(site, "Rafts_GetRafts")
    site.ask("GET", "/api/json/Rafts_GetRafts", by=KEY)
    tools = native(site, "Rafts_CreateOrUpdateRaft", {"Raft_Name": "tools", "Raft_Configuration": "<x/>"}).json
    native(site, "Rafts_CreateOrUpdateRaft", {"Raft_Name": "Global"})
    native(site, "Rafts_GetRaft", {"Raft_Name": "global"})
    site.ask("GET", f"/api/json/Rafts_GetRaft?Raft_Id={tools}", by=KEY)
    native(site, "Rafts_GetRaft", {"Raft_Id": 7})
    item = {"Raft_Id": 1, "RaftItem_Name": "Standard", "RaftItemType_Code": 8}
    said = {"ModifiedOn_Date": "2026-01-05T10:11:12", "ModifiedBy_User_Name": "x", "Active_Indicator": True}
    pipeline = encoded(json.dumps(STAGED))
    create = "Rafts_CreateOrUpdateRaftItem"
    native(site, create, {**item, **said, "Content_Bytes": pipeline})
    native(site, create, {**item, **said, "Content_Bytes": pipeline}, by=ADMIN)
    native(site, create, {**item, "Application_Id": "$shop", "Content_Bytes": pipeline})
    native(
        site, create, {**item, "Raft_Id": tools, "Content_Bytes": encoded('{"Stages": [{"Name": "a"}, {"Name": "A"}]}')}
    )
    native(site, create, {**item, "RaftItemType_Code": 5, "Content_Bytes": "-"})
    script = {"Raft_Id": tools, "RaftItem_Name": "Deploy", "RaftItemType_Code": 4}
    native(site, create, {**script, "Content_Bytes": encoded("echo hello")})
    native(site, "Rafts_GetRaftItems", {"Raft_Id": 1, "RaftItemType_Code": 8})
    native(site, "Rafts_GetRaftItems", {"Raft_Id": 1, "RaftItemType_Code": 8, "Application_Id": "$shop"})
    site.ask("GET", f"/api/json/Rafts_GetRaftItems?Raft_Id={tools}&RaftItem_Name=DEPLOY", by=KEY)
    native(site, "Rafts_DeleteRaftItem", {**script, "PurgeHistory_Indicator": True})
    native(site, "Rafts_DeleteRaft", {"Raft_Id": tools})
    native(site, "Rafts_DeleteRaft", {"Raft_Id": 1})


def infrastructure(site: Site) -> None:
    for plural in ("environments", "servers", "roles"):
        path = f"/api/infrastructure/{plural}"
        site.ask("POST", f"{path}/create/Main%20Site", {"active": True, "variables": {}}, by=KEY)
        site.ask("POST", f"{path}/create/part", {"name": "part", "parentName": "main site", "active": False}, by=KEY)
        site.ask("POST", f"{path}/create/MAIN%20SITE", {}, by=KEY)
        site.ask("POST", f"{path}/create/other", {"parentName": "none", "active": "maybe"}, by=KEY)
        site.ask("POST", f"{path}/update/main%20site", {"parentName": "part"}, by=KEY)
        site.ask("POST", f"{path}/update/main%20site", {"name": "Site", "active": False}, by=KEY)
        site.ask("POST", f"{path}/update/none", {}, by=KEY)
        site.ask("GET", f"{path}/list", by=KEY)
        site.ask("POST", f"{path}/list", by=READER)
        site.ask("POST", f"{path}/delete/PART", by=KEY)
        site.ask("DELETE", f"{path}/delete/part", by=KEY)
        site.ask("DELETE", f"{path}/delete/site", by=WRITER)
        site.ask("DELETE", f"{path}/delete/site", by=KEY)
    site.ask("POST", "/api/infrastructure/environments/create/Pre-Prod", {"environmentCode": "PP"}, by=KEY)


def variables(site: Site) -> None:
    site.is_silent = True
    phases = [{"name": "try", "steps": [{"name": "say", "type": "noop"}]}]
    site.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "release", "phases": phases})
    train = {"project": "web", "number": "1.0", "pipeline": "release"}
    made = site.done("POST", "/api/v1/trains", train)
    site.done("POST", f"/api/v1/trains/{made['id']}/snapshots", {})
    site.is_silent = False
    secret = {"value": "s3cret", "sensitive": True, "evaluate": False}
    places = ("global", "environment/PRE-PROD", "application/WEB", "releases/web/1.0", "builds/web/1.0/1")
    for place in (*places, "packages/web/1.0/1"):
        path = f"/api/variables/{place}"
        site.ask("PUT", path, {"Host Name": "h", "port": 80, "pass": secret}, by=KEY)
        site.ask("POST", path, {"port": 8.10, "pass": secret, "on": True}, by=KEY)
        site.ask("GET", path, by=KEY)
        site.ask("PUT", f"{path}/Host%20Name", b"$X @(1)", by=KEY, Content_Type="text/plain")
        site.ask("POST", f"{path}/host%20name", b"", by=KEY)
        site.ask("GET", f"{path}/HOST%20NAME", by=KEY)
        site.ask("PUT", f"{path}/pass", b"an0ther", by=KEY)
        site.ask("GET", f"{path}/pass", by=KEY)
        site.ask("DELETE", f"{path}/port", by=KEY)
        site.ask("DELETE", f"{path}/port", by=KEY)
        site.ask("GET", f"{path}/port", by=KEY)
        site.ask("PUT", f"{path}/-x", b"1", by=KEY)
        site.ask("PUT", path, {"a": [1], "A": "2"}, by=KEY)
        site.ask("PUT", path, [], by=KEY)
    for missing in ("planet/x", "application/none", "releases/web/9", "builds/web/1.0/9", "server/none"):
        site.ask("GET", f"/api/variables/{missing}", by=KEY)
    site.ask("GET", "/api/variables/application/web", by=STRANGER)
    site.ask("PUT", "/api/variables/application/web/x", b"1", by=READER)
    site.ask("PUT", "/api/variables/global/x", b"1", by=WRITER)
    single = "/api/variables/scoped/single"
    site.ask("POST", single, {"name": "x", "value": "1", "application": "web"}, by=KEY)
    site.ask("PUT", single, {"name": "x", "value": "2"}, by=KEY)
    site.ask("PUT", single, {"name": "x", "application": "web", "server": "s"}, by=KEY)
    site.ask("PUT", single, {"name": "x", "value": "3", "application": "web", "environment": "pre-prod"}, by=KEY)
    all_scopes(site)
    site.ask("DELETE", single, {"name": "x", "application": "web", "environment": "pre-prod"}, by=KEY)
    site.ask("DELETE", single, {"name": "x", "application": "web"}, by=KEY)
    site.ask("GET", "/api/variables/application/web/x", by=KEY)
    site.ask("GET", f"/api/variables/global/x?key={site.tokens[KEY]}", by=ANONYMOUS)


def all_scopes(site: Site) -> None:
    """All configured variables, with their scopes."""
    every = "/api/variables/scoped/all"
    listed = site.ask("GET", every, by=KEY).json
    site.ask("GET", every, by=STRANGER)
    site.ask("PUT", every, listed, by=WRITER)
    site.ask("PUT", every, listed, by=KEY)
    more = {"Name": "more", "value": 8.10, "sensitive": None, "evaluate": True, "application-group": None}
    secret = {"name": "pass", "value": "s3cret", "sensitive": "true", "role": None, "environment": "Pre-Prod"}
    site.ask("POST", every, [*listed, more, {**secret, "application": "WEB"}], by=KEY)
    site.ask("GET", every, by=KEY)
    site.ask("POST", every, {"name": "x"}, by=KEY)
    site.ask("POST", every, [7, {"value": [1], "sensitive": "maybe", "server": 1}], by=KEY)
    site.ask("POST", every, [{"name": "-", "server": None}, secret, secret], by=KEY)
    site.ask("POST", every, [{"name": "a", "role": "none"}], by=KEY)
    site.ask("PUT", every, listed, by=KEY)


def form(site: Site, method: str, path: str, body: str, *, by: str = KEY) -> Any:  # noqa: ANN401 - whatever the body says
    """A call as the Jenkins plugin makes it: a form, with `$` in its keys as it is."""
    return site.ask(method, f"/api/releases{path}", body.encode(), by=by, Content_Type=f"{FORM}", charset="UTF-8")


def releases(site: Site) -> None:
    site.is_silent = True
    site.done("PUT", "/api/v1/trains/templates/standard", {"pipeline": "release", "train_variables": [REQUIRED]})
    shop = native(site, "Applications_CreateApplication", {"Application_Name": "Shop"}).json
    site.things["sells"] = str(shop)
    native(site, "Rafts_CreateOrUpdateRaftItem", {**OWN_PIPELINE, "Application_Id": "$sells"})
    site.is_silent = False
    form(site, "POST", "", "")
    form(site, "POST", "/create", "applicationName=Shop&releaseNumber=1.0&releaseName=&pipelineName=Own&$branch=main")
    form(site, "PUT", "/create", "applicationName=shop&releaseNumber=1.0&pipelineName=own")
    form(site, "PUT", "/create", "applicationId=7&applicationName=shop&pipelineName=")
    form(site, "PUT", "/create", "applicationName=none&releaseNumber=2&pipelineName=own")
    body = {
        "ApplicationId": "$sells",
        "ReleaseNumber": 2.0,
        "releaseName": "autumn",
        "PIPELINENAME": "global::Standard",
    }
    site.ask("POST", "/api/releases/create", {**body, "Reason": "x", "$$x": True}, by=KEY)
    form(site, "PUT", "/create", "applicationName=Shop&releaseNumber=3.&pipelineName=tools::none")
    form(site, "PUT", "/create", "applicationName=Shop&releaseNumber=3.&pipelineName=Default::Standard")
    site.ask("PUT", "/api/releases/create", {**body, "$$-x": "1"}, by=WRITER)
    given = "applicationName=web&releaseNumber=3.0.0&template=STANDARD"
    form(site, "POST", "/create-from-template", given)
    form(site, "PUT", "/create-from-template", f"{given}&%24host=h&pipelineName=release")
    form(site, "PUT", "/create-from-template", "applicationName=web&releaseNumber=4&template=none")
    form(site, "POST", "/create-from-template", "applicationName=web&releaseNumber=4&template=standard&$Host=h")
    site.ask("GET", "/api/releases?applicationName=SHOP&status=ACTIVE", by=KEY)
    site.ask("GET", "/api/releases", {"releaseId": "-1", "API_Key": site.tokens[KEY]}, by=ANONYMOUS)
    for query in (
        "releaseName=AUTUMN",
        "releaseNumber=1.0&count=1",
        "pipelineName=global::standard",
        "status=deployed",
    ):
        site.ask("GET", f"/api/releases?{query}", by=KEY)
    site.ask("GET", "/api/releases?status=gone&count=0&releaseId=x", by=KEY)
    site.ask("GET", "/api/releases", by=STRANGER)
    site.ask("GET", "/api/releases?applicationName=none", by=KEY)


def builds(site: Site) -> None:
    named = f"applicationId={site.things['sells']}&releaseNumber=1.0"
    for plural in ("builds", "packages"):
        form(site, "PUT", f"/{plural}/create", f"{named}&$BUILD_NUMBER=$X")
        site.ask("POST", f"/api/releases/{plural}/create", {"releaseNumber": "2.0", "applicationName": "shop"}, by=KEY)
    form(site, "POST", "/builds/create", f"{named}&buildNumber=56.develop")
    form(site, "POST", "/builds/create", f"{named}&buildNumber=56.Develop")
    form(site, "POST", "/builds/create", "releaseNumber=1.0")
    form(site, "POST", "/builds/create", "releaseId=1&applicationName=shop")
    listed = site.ask("GET", "/api/releases/builds?applicationName=Shop", by=KEY).json
    site.things["built"] = str(listed[0]["id"])
    for query in (
        "buildId=$built",
        "buildNumber=1&releaseNumber=1.0",
        "status=rejected",
        "furthestStage=Test",
        "count=1",
    ):
        site.ask("GET", f"/api/releases/builds?{query}", by=KEY)
    for plural in ("builds", "packages"):
        site.ask("POST", f"/api/releases/{plural}", {"releaseId": -1}, by=KEY)
    form(site, "POST", "/builds/reject", site.put("buildId=$built&reason=leaks"))
    form(site, "DELETE", "/builds/reject", site.put("buildId=$built"))
    form(site, "POST", "/packages/reject", "buildNumber=1&releaseNumber=1.0&applicationName=shop")
    form(site, "DELETE", "/packages/reject", "buildNumber=1&releaseNumber=1.0&applicationName=shop")
    form(site, "DELETE", "/packages/reject", "buildNumber=9&releaseNumber=1.0&applicationName=shop")
    form(site, "DELETE", "/builds/reject", "buildId=2147483647")
    site.ask("GET", "/api/releases/packages?status=rejected", by=KEY)


def ending(site: Site) -> None:
    release = "releaseNumber=2.0&applicationName=shop"
    form(site, "PUT", "/cancel", f"{release}&reason=too late")
    form(site, "POST", "/cancel", release)
    form(site, "PUT", "/builds/create", release)
    site.ask("GET", "/api/releases?status=canceled", by=KEY)
    form(site, "POST", "/restore", release)
    form(site, "PUT", "/restore", release)
    form(site, "PUT", "/cancel", "releaseId=2147483647")
    form(site, "POST", "/cancel", f"{release}&reason=no", by=READER)
    form(site, "POST", "/cancel", release)
    form(site, "PUT", "/restore", release)
    site.ask("GET", "/api/releases?releaseNumber=2.0", by=KEY)
    site.ask("PATCH", "/api/releases/cancel", by=KEY)
    named = {"Application_Id": "$sells", "Release_Number": "7.0"}
    native(
        site, "Releases_CreateOrUpdateRelease", {**named, "Pipeline_Name": "global::Standard", "Release_Name": "winter"}
    )
    native(site, "Releases_CreateOrUpdateRelease", {**named, "Pipeline_Name": "Own", "Release_Name": ""})
    native(site, "Releases_CreateOrUpdateRelease", {**named, "Pipeline_Name": "none"})
    native(site, "Releases_CreateOrUpdateRelease", {"Application_Id": "x"})
    site.ask("GET", "/api/releases?releaseName=WINTER", by=KEY)
    native(site, "Releases_CancelRelease", {**named, "CancelledReason_Text": "snow"})
    native(site, "Releases_CancelRelease", {**named, "Release_Number": "8.0"})


def deployments(site: Site) -> None:
    build = "buildNumber=56.develop&releaseNumber=1.0&applicationName=shop"
    site.ask("GET", "/api/releases/builds/deployments?applicationName=Shop", by=KEY)
    form(site, "PUT", "/builds/deploy", build)
    site.house.work_off()
    form(site, "POST", "/builds/deployments", "applicationName=Shop&status=succeeded")
    form(site, "POST", "/builds/deploy", f"{build}&toStage=LIVE&startTime=2027-01-01T00:00:00Z")
    form(site, "PUT", "/packages/deploy", f"{build}&toStage=nowhere")
    form(site, "PUT", "/packages/deploy", f"{build}&toStage=Test&startTime=2026-01-01")
    form(site, "POST", "/packages/deploy", f"{build}&toStage=Test&force=TRUE&$x=1")
    form(site, "PUT", "/builds/deploy", f"{build}&force=maybe&startTime=soon")
    form(site, "PUT", "/builds/deploy", "buildId=$built&releaseId=1")
    form(site, "PUT", "/builds/deploy", site.put("buildId=$built"))
    form(site, "PUT", "/builds/deploy", "buildId=2147483647")
    form(site, "PUT", "/builds/deploy", build, by=READER)
    site.house.work_off()
    listed = site.ask("GET", "/api/releases/packages/deployments", by=KEY).json
    site.ask("POST", "/api/releases/packages/deployments", {"deploymentId": listed[0]["id"]}, by=KEY)
    for query in (
        f"deploymentId={listed[-1]['id']}&buildNumber=56.develop&applicationName=SHOP",
        "status=gone&count=0",
    ):
        site.ask("GET", f"/api/releases/builds/deployments?{query}", by=KEY)
    for query in (
        "pipelineStageName=live",
        "environmentName=int",
        "environmentId=1",
        "deploymentId=-1",
        "status=pending",
    ):
        site.ask("GET", f"/api/releases/builds/deployments?{query}", by=KEY)
    site.ask("GET", "/api/releases/builds/deployments", by=STRANGER)
    site.ask("GET", f"/api/releases/builds/deployments?deploymentId={listed[0]['id']}&explain=true", by=KEY)
    site.ask("GET", "/api/releases/builds?applicationName=shop&furthestStage=TEST", by=KEY)
    latest = listed[-1]["id"]
    site.ask("GET", f"/executions/logs?executionId={latest}&level=0", by=KEY)
    site.ask("POST", "/executions/logs", {"executionId": latest}, by=KEY)
    own = base64.b64encode(f"owner:{PASSWORD}".encode()).decode()
    site.ask("GET", f"/executions/logs?executionId={listed[0]['id']}", by=ANONYMOUS, Authorization=f"Basic {own}")
    site.ask("GET", f"/executions/logs?executionId={latest}", by=ANONYMOUS, Authorization=f"Basic {own}")
    site.ask("GET", f"/executions/logs?executionId={latest}", by=ANONYMOUS)
    site.ask("GET", "/executions/logs?executionId=x", by=KEY)
    site.ask("GET", "/executions/logs", by=KEY)


def without_release(site: Site) -> None:
    """Builds that an application has without a release."""
    shop = f"applicationId={site.things['sells']}"
    made = form(site, "PUT", "/builds/create", f"{shop}&pipelineName=Own&$a=1").json
    site.things["loose"] = str(made["id"])
    site.ask("POST", "/api/releases/builds/create", {"applicationName": "shop", "pipelineName": "own"}, by=KEY)
    form(site, "POST", "/builds/create", f"{shop}&pipelineName=global::Standard")
    form(site, "POST", "/builds/create", f"{shop}&pipelineName=none&buildNumber=7")
    form(site, "POST", "/builds/create", f"{shop}&pipelineName=Own&buildNumber=2")
    form(site, "POST", "/builds/create", f"{shop}&pipelineName=Own", by=READER)
    form(site, "POST", "/builds/create", shop)
    form(site, "PUT", "/packages/create", f"{shop}&pipelineName=Own&releaseNumber=2.0")
    for query in ("pipelineName=OWN", "buildId=$loose", "buildNumber=2", "releaseNumber=2.0"):
        site.ask("GET", f"/api/releases/builds?applicationName=Shop&{query}", by=KEY)
    site.ask("GET", "/api/releases?applicationName=Shop", by=KEY)
    form(site, "PUT", "/builds/deploy", site.put("buildId=$loose"))
    form(site, "PUT", "/builds/deploy", f"{shop}&buildNumber=2&toStage=live&force=true")
    site.house.work_off()
    form(site, "POST", "/builds/deployments", f"{shop}&buildNumber=1&pipelineName=own")
    native(site, "Variables_GetBuildVariables", {"Build_Id": "$loose"})
    form(site, "POST", "/builds/reject", f"{shop}&buildNumber=3&reason=late")
    form(site, "POST", "/builds/reject", f"{shop}&buildNumber=99")
    form(site, "POST", "/builds/reject", f"{shop}&buildNumber=1", by=STRANGER)


def native_variables(site: Site) -> None:
    site.ask("PUT", "/api/variables/application/Shop", {"a": "1", "b": {"value": "s", "sensitive": True}}, by=KEY)
    of_shop = {"Application_Id": "$sells"}
    found = native(site, "Variables_GetVariablesForScope", of_shop).json
    site.ask("GET", "/api/json/Variables_GetVariablesForScope?ApplicationGroup_Id=7", by=KEY)
    native(site, "Variables_GetVariablesForScope")
    native(site, "Variables_GetBuildVariables", {"Build_Id": "$built"})
    site.ask("GET", "/api/json/Variables_GetBuildVariables?Build_Id=7", by=KEY)
    native(site, "Variables_DeleteVariable", {"Variable_Id": found[0]["Variable_Id"]}, by=STRANGER)
    for number in (found[0]["Variable_Id"], found[0]["Variable_Id"], 7):
        native(site, "Variables_DeleteVariable", {"Variable_Id": number})
    native(site, "Variables_GetVariablesForScope", of_shop)
    numbered_variables(site)


def numbered_variables(site: Site) -> None:
    """Variables that native methods set, of scopes that their ids name."""
    create = "Variables_CreateOrUpdateVariable"

    (made, *_) = site.house.ports.installation.every(SharedEnvironment)
    host = {"Variable_Name": "Fubar", "Variable_Value": encoded("Snafu"), "ValueType_Code": "string"}
    native(site, create, {**host, "Sensitive_Indicator": "False", "EvaluateVariables_Indicator": "False"})
    both = {"Application_Id": "$sells", "Environment_Id": made.id}
    number = native(site, create, {**host, **both, "Sensitive_Indicator": "Y"}).json
    native(site, create, {**host, **both, "Variable_Value": encoded("another")})
    native(site, "Variables_GetVariablesForScope", both)
    native(site, create, {**host, "Build_Id": "$loose"})
    native(site, create, {**host, "Application_Id": "$sells", "Release_Number": "1.0"})
    native(site, create, {**host, "Release_Number": "1.0", "Server_Id": 1})
    native(site, create, {"Variable_Value": "-", "Sensitive_Indicator": "maybe", "Application_Id": "x"})
    for nothing in ({"Server_Id": 7}, {"ServerRole_Id": 7}, {"ApplicationGroup_Id": 7}, {"Environment_Id": -1}):
        native(site, create, {**host, **nothing})
    native(site, create, {**host, **both}, by=WRITER)
    native(site, create, host, by=WRITER)
    site.ask("GET", "/api/json/Variables_GetVariables", by=KEY)
    native(site, "Variables_GetVariables", by=STRANGER)
    native(site, "Variables_DeleteVariable", {"Variable_Id": number}, by=STRANGER)
    native(site, "Variables_DeleteVariable", {"Variable_Id": number})
    native(site, "Variables_GetVariablesForScope", both)
