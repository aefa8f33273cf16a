"""What is asked of BuildMaster's rows. Their permission lets in all that are known; the handler says who may what."""

from collections.abc import Mapping
from dataclasses import replace

from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.callers import ADMIN, NOBODY, OWNERS, READERS, WRITERS

NATIVE = "/api/json"
BY_ADMIN = frozenset({ADMIN})
SOME_OF_ALL = "those of the installation are everybody's to read"
OF_ALL = "it is the installation's, and everybody's to read"
WEB = '"Application_Name":"web"'
SCRIPT = {"Raft_Id": 1, "RaftItem_Name": "Deploy", "RaftItemType_Code": 4, "Content_Bytes": "ZWNobw=="}
OWN_SCRIPT = {**SCRIPT, "Application_Id": "$application"}


def everywhere(**body: object) -> Ask:
    """What owners of every project may, of whom the admin is the only one here."""
    return Ask(body=body, who=BY_ADMIN, unseen=NOBODY)


NATIVE_ASKS = {
    f"GET {NATIVE}/Applications_GetApplications": Ask(shows=WEB),
    f"POST {NATIVE}/Applications_GetApplications": Ask(shows=WEB),
    f"GET {NATIVE}/Applications_GetApplication": Ask(query="Application_Name=WEB", shows=WEB),
    f"POST {NATIVE}/Applications_GetApplication": Ask(body={"Application_Id": "$application"}, shows=WEB),
    f"POST {NATIVE}/Applications_CreateApplication": everywhere(Application_Name="New"),
    f"POST {NATIVE}/Applications_EditApplication": Ask(
        body={"Application_Id": "$application", "Application_Name": "Store"}, who=OWNERS
    ),
    f"POST {NATIVE}/Applications_DeactivateApplication": Ask(body={"Application_Id": "$application"}, who=OWNERS),
    f"POST {NATIVE}/ApplicationGroups_GetOrCreateApplicationGroup": everywhere(ApplicationGroup_Name="Shops"),
    f"POST {NATIVE}/ApplicationGroups_CreateOrUpdateApplicationGroup": everywhere(ApplicationGroup_Name="Shops"),
    f"POST {NATIVE}/ApplicationGroups_DeleteApplicationGroup": everywhere(ApplicationGroup_Id=7),
    f"POST {NATIVE}/Releases_CreateOrUpdateRelease": Ask(
        body={"Application_Id": "$application", "Release_Number": "9", "Pipeline_Name": "release"}, who=WRITERS
    ),
    f"POST {NATIVE}/Releases_CancelRelease": Ask(
        body={"Application_Id": "$application", "Release_Number": "1.0"}, who=WRITERS
    ),
    f"GET {NATIVE}/Variables_GetVariablesForScope": Ask(query="Application_Id=$application", shows="host"),
    f"POST {NATIVE}/Variables_GetVariablesForScope": Ask(body={"Application_Id": "$application"}, shows="host"),
    f"GET {NATIVE}/Variables_GetBuildVariables": Ask(query="Build_Id=$snapshot", shows="host"),
    f"POST {NATIVE}/Variables_GetBuildVariables": Ask(body={"Build_Id": "$snapshot"}, shows="host"),
    f"GET {NATIVE}/Variables_GetVariables": Ask(shows=WEB, differs=SOME_OF_ALL),
    f"POST {NATIVE}/Variables_GetVariables": Ask(shows=WEB, differs=SOME_OF_ALL),
    f"POST {NATIVE}/Variables_CreateOrUpdateVariable": Ask(
        body={"Application_Id": "$application", "Variable_Name": "host", "Variable_Value": "aA=="}, who=WRITERS
    ),
    f"POST {NATIVE}/Variables_DeleteVariable": Ask(body={"Variable_Id": "$variable"}, who=WRITERS),
    f"GET {NATIVE}/Rafts_GetRaft": Ask(query="Raft_Id=1"),
    f"POST {NATIVE}/Rafts_GetRaft": Ask(body={"Raft_Name": "global"}),
    f"POST {NATIVE}/Rafts_CreateOrUpdateRaft": everywhere(Raft_Name="tools"),
    f"POST {NATIVE}/Rafts_DeleteRaft": everywhere(Raft_Id=7),
    f"GET {NATIVE}/Rafts_GetRaftItems": Ask(query="Raft_Id=1&Application_Id=$application", shows="Smoke"),
    f"POST {NATIVE}/Rafts_GetRaftItems": Ask(body={"Raft_Id": 1, "Application_Id": "$application"}, shows="Smoke"),
    f"POST {NATIVE}/Rafts_CreateOrUpdateRaftItem": Ask(body=OWN_SCRIPT, who=WRITERS),
    f"POST {NATIVE}/Rafts_DeleteRaftItem": Ask(body=OWN_SCRIPT, who=WRITERS),
}


def _of_list(plural: str) -> Mapping[str, Ask]:
    """What is asked of a list of the Infrastructure API. There is an entry `Int` in each."""
    path, named = f"/api/infrastructure/{plural}", {"name": "Int"}
    return {
        **{f"{method} {path}/list": Ask(differs=OF_ALL) for method in ("GET", "POST")},
        f"POST {path}/create/{{name}}": replace(everywhere(active=True), where={"name": "New"}),
        f"POST {path}/update/{{name}}": replace(everywhere(active=False), where=named),
        **{f"{method} {path}/delete/{{name}}": replace(everywhere(), where=named) for method in ("POST", "DELETE")},
    }


def _of_scope(place: str, shows: str = "", **where: str) -> Mapping[str, Ask]:
    """What is asked of the variables of a scope. There is a variable `host` in each. shows: its value, to readers."""
    path, one = f"/api/variables/{place}", {**where, "variable": "HOST"}
    read, write = (Ask(who=READERS, shows=shows), Ask(who=WRITERS)) if shows else (Ask(differs=OF_ALL), everywhere())
    return {
        f"GET {path}": replace(read, where=where),
        f"GET {path}/{{variable}}": replace(read, where=one),
        **{f"{method} {path}": replace(write, where=where, body={"a": "1"}) for method in ("POST", "PUT")},
        **{f"{method} {path}/{{variable}}": replace(write, where=one, body=b"1") for method in ("POST", "PUT")},
        f"DELETE {path}/{{variable}}": replace(write, where=one, body=None),
    }


TRAIN, SNAPSHOT = {"application": "web", "release": "1.0"}, {"application": "WEB", "release": "1.0", "build": "1"}
SINGLE = {"name": "host", "value": "1", "application": "web"}
VARIABLE_ASKS = {
    **_of_scope("global"),
    **_of_scope("releases/{application}/{release}", "of the train", **TRAIN),
    **_of_scope("builds/{application}/{release}/{build}", "of the snapshot", **SNAPSHOT),
    **_of_scope("packages/{application}/{release}/{build}", "of the snapshot", **SNAPSHOT),
    **_of_scope("{type}/{name}", "of the web", type="application", name="web"),
    "GET /api/variables/scoped/all": Ask(shows='"application":"web"', differs=SOME_OF_ALL),
    **{f"{method} /api/variables/scoped/all": replace(everywhere(), body=[SINGLE]) for method in ("POST", "PUT")},
    **{f"{method} /api/variables/scoped/single": Ask(body=SINGLE, who=WRITERS) for method in ("POST", "PUT", "DELETE")},
}

RELEASES = "/api/releases"
OF_TRAIN = {"releaseNumber": "1.0", "applicationName": "web"}
OF_SNAPSHOT = {"buildId": "$snapshot"}
NEW_TRAIN = {"releaseNumber": "9", "applicationName": "WEB", "pipelineName": "release", "template": "standard"}


def _done_by_writers(row: str, methods: tuple[str, str], body: Mapping[str, str]) -> Mapping[str, Ask]:
    """What writers may, whatever the method. What is not there is 400 in this API."""
    return {f"{method} {RELEASES}/{row}": Ask(body=body, who=WRITERS, unseen_status=400) for method in methods}


RELEASE_ASKS = {
    **{f"{method} {RELEASES}": Ask(shows="the autumn train") for method in ("GET", "POST")},
    **_done_by_writers("create", ("POST", "PUT"), NEW_TRAIN),
    **_done_by_writers("create-from-template", ("POST", "PUT"), {**NEW_TRAIN, "$$host": "h"}),
    **_done_by_writers("cancel", ("POST", "PUT"), {"releaseId": "$train"}),
    **_done_by_writers("restore", ("POST", "PUT"), {"releaseId": "$cancelled_train"}),
    **{
        f"{method} {RELEASES}/{plural}": Ask(shows='"buildNumber":"1"')
        for plural in ("builds", "packages")
        for method in ("GET", "POST")
    },
    **_done_by_writers("builds/create", ("POST", "PUT"), OF_TRAIN),
    **_done_by_writers("packages/create", ("POST", "PUT"), OF_TRAIN),
    **_done_by_writers("builds/reject", ("POST", "DELETE"), OF_SNAPSHOT),
    **_done_by_writers("packages/reject", ("POST", "DELETE"), OF_SNAPSHOT),
    **{
        f"{method} {RELEASES}/{plural}/deployments": Ask()
        for plural in ("builds", "packages")
        for method in ("GET", "POST")
    },
    "GET /executions/logs": Ask(query="executionId=$deployment", who=READERS, shows="nothing to go"),
    "POST /executions/logs": Ask(body={"executionId": "$deployment"}, who=READERS, shows="nothing to go"),
    **_done_by_writers("builds/deploy", ("POST", "PUT"), OF_SNAPSHOT),
    **_done_by_writers("packages/deploy", ("POST", "PUT"), OF_SNAPSHOT),
}

BUILDMASTER_ASKS = {
    **RELEASE_ASKS,
    **NATIVE_ASKS,
    **_of_list("environments"),
    **_of_list("servers"),
    **_of_list("roles"),
    **VARIABLE_ASKS,
}
