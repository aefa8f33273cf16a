"""What is asked of FlexDeploy's rows. They let in all that are known; the handler says who may what.

Of a release, snapshot or task that is there and may not be read, FlexDeploy's clients are told so: 403, not 404.
"""

from collections.abc import Mapping
from dataclasses import replace

from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.callers import ADMIN, BY_JOB, KNOWN, NOBODY, OWNERS, READERS, WRITERS

REST = "/flexdeploy/rest/v1"
TOLD = "403 says that it is there, as FlexDeploy does"
EXECUTION = f"{REST}/releases/{{releaseId}}/snapshot/{{snapshotId}}/execution"

STAGE = f"{EXECUTION}/stage/{{environmentId}}"
WAITING = {"releaseId": "$waiting_train", "snapshotId": "$waiting_snapshot", "environmentId": "$environment"}
TEST_SET = {"testSetName": "unit", "passed": 1, "failed": 0}
INFORMATION = {"tickets": [{"externalSystemType": "jira", "externalId": "S-9"}]}


def _told(body: object, who: frozenset[str], **where: str) -> Ask:
    """What is done to the snapshot that waits. Who may not is told so."""
    return Ask(body=body, where={**WAITING, **where}, who=who, unseen=NOBODY, differs=TOLD)


BY_ADMIN = frozenset({ADMIN})
OF_ALL = "it is the installation's, and everybody's to read"
ONE = {"environmentId": "$environment"}
CODED = {"environmentCode": "NEW", "environmentName": "New"}
HIDDEN = KNOWN - READERS - {BY_JOB}
"""Those for whom a project is not there."""


def everywhere(body: object = None, **where: str) -> Ask:
    """What owners of every project may, of whom the admin is the only one here."""
    return Ask(body=body, where=where, who=BY_ADMIN, unseen=NOBODY, differs=OF_ALL)


def _environments(version: str) -> Mapping[str, Ask]:
    path = f"/flexdeploy/rest/{version}/topology/environment"
    return {
        f"GET {path}": Ask(differs=OF_ALL),
        f"POST {path}": everywhere(CODED),
        f"GET {path}/{{environmentId}}": Ask(where=ONE, differs=OF_ALL),
        f"PATCH {path}/{{environmentId}}": everywhere(CODED, **ONE),
        f"PUT {path}/{{environmentId}}": everywhere(CODED, **ONE),
        f"DELETE {path}/{{environmentId}}": everywhere(None, **ONE),
    }


V2 = "/flexdeploy/rest/v2"
PROJECT = f"{V2}/project/{{projectId}}"
WORKFLOW = {"workflowName": "test", "workflowType": "TEST"}
PROJECT_ASKS: Mapping[str, Ask] = {
    f"GET {V2}/folder": Ask(shows='"folderName":"web"'),
    f"POST {V2}/folder": everywhere({"folderName": "more"}),
    f"GET {V2}/folder/{{folderId}}": Ask(where={"folderId": "99"}),
    f"GET {V2}/project": Ask(shows='"projectName":"web"'),
    f"POST {V2}/project": everywhere({"projectName": "New", "folderId": 99}),
    f"GET {PROJECT}": Ask(who=READERS, shows='"projectName":"web"'),
    f"PATCH {PROJECT}": Ask(body={"projectName": "Store", "folderId": 99}, who=OWNERS, unseen=HIDDEN),
    f"GET {PROJECT}/branch": Ask(who=READERS, shows='"branchName":"main"'),
    f"POST {PROJECT}/branch": Ask(body={"branchName": "more"}, who=WRITERS, unseen=HIDDEN),
    f"GET {PROJECT}/version": Ask(who=READERS, shows='"projectVersionName":"1.0.1"'),
    f"POST {PROJECT}/version": Ask(body={"projectVersionName": "2"}, who=WRITERS, unseen=HIDDEN),
    f"GET {REST}/workflows": Ask(differs=OF_ALL),
    f"POST {REST}/workflows": everywhere(WORKFLOW),
    f"GET {REST}/workflows/{{workflowId}}": Ask(differs=OF_ALL),
    f"GET {V2}/workflow/{{workflowId}}": Ask(differs=OF_ALL),
}

REQUEST = f"{V2}/workflowrequest"
DEPLOY = {"projectId": "$application", "environmentId": "$environment", "projectVersionId": "$version"}
REQUEST_ASKS: Mapping[str, Ask] = {
    f"POST {REQUEST}/build": Ask(body={"projectId": "$application"}, who=WRITERS, unseen=HIDDEN),
    f"POST {REQUEST}/deploy": Ask(body=DEPLOY, who=WRITERS, unseen=HIDDEN),
    f"GET {REQUEST}/{{workflowRequestId}}": Ask(
        where={"workflowRequestId": "$request"}, who=READERS, shows='"requestStatus":"'
    ),
}

PIPELINES = f"{REST}/pipelines"
VERSION = f"{PIPELINES}/{{pipelineId}}/versions/{{version}}"
DRAFT, ACTIVE = {"version": "2"}, {"version": "1"}
STAGES = {"stages": [{"environmentId": "#$environment"}]}
PIPELINE_ASKS: Mapping[str, Ask] = {
    f"GET {PIPELINES}": Ask(differs=OF_ALL),
    f"POST {PIPELINES}": everywhere({"pipelineName": "more"}),
    f"GET {PIPELINES}/{{pipelineId}}": Ask(differs=OF_ALL),
    f"GET {PIPELINES}/{{pipelineId}}/versions": Ask(differs=OF_ALL),
    f"POST {PIPELINES}/{{pipelineId}}/versions": everywhere(STAGES),
    f"GET {VERSION}": Ask(where=ACTIVE, differs=OF_ALL),
    f"PUT {VERSION}": everywhere(STAGES, **DRAFT),
    f"POST {VERSION}": everywhere({"action": "activate"}, **DRAFT),
}

SECURITY = f"{V2}/administration/security"
CRON = {"expression": "* * 12 * * ?", "from": "2026-03-07T00:00:00Z"}
ADMINISTRATION_ASKS: Mapping[str, Ask] = {
    f"GET {SECURITY}/user": Ask(shows="owner@example.org"),
    f"POST {SECURITY}/user": Ask(body={"userName": "new", "password": "a new password"}),
    f"POST {SECURITY}/group": Ask(body={"groupName": "more"}),
    f"POST {REST}/admin/cron/test": Ask(body=CRON, who=KNOWN - {BY_JOB}, unseen=NOBODY, differs="it is of nobody"),
}

EXECUTION_ASKS: Mapping[str, Ask] = {
    f"POST {STAGE}": _told({"action": "abort"}, WRITERS),
    f"POST {STAGE}/testresults": _told(TEST_SET, WRITERS),
    f"PUT {STAGE}/info": _told(INFORMATION, WRITERS, releaseId="$gated_train", snapshotId="$gated_snapshot"),
    f"POST {STAGE}/gate/{{gateName}}": _told({"action": "approve"}, WRITERS, gateName="ask"),
    f"POST {STAGE}/step/{{stepName}}": _told(
        {"action": "approve"}, WRITERS, stepName="look", releaseId="$manual_train", snapshotId="$manual_snapshot"
    ),
}

RELEASES = f"{REST}/releases"
RELEASE = f"{RELEASES}/{{releaseId}}"
SNAPSHOTS = f"{RELEASE}/snapshot"
GATED = {"releaseId": "$gated_train"}
ANEW = {"releaseName": "more", "pipelineId": "$shared_pipeline", "projects": [{"projectId": "$application"}]}
RELEASE_ASKS: Mapping[str, Ask] = {
    f"GET {RELEASES}": Ask(shows="the autumn train"),
    f"POST {RELEASES}": Ask(body=ANEW, who=WRITERS, unseen=HIDDEN, unseen_status=400, differs=OF_ALL),
    f"GET {RELEASE}": Ask(who=READERS, unseen=NOBODY, shows="the autumn train", differs=TOLD),
    f"PATCH {RELEASE}": Ask(body={"releaseStatus": "SUSPENDED"}, where=GATED, who=WRITERS, unseen=NOBODY, differs=TOLD),
    f"GET {SNAPSHOTS}": Ask(who=READERS, unseen=NOBODY, shows='"snapshotId":$snapshot', differs=TOLD),
    f"POST {SNAPSHOTS}": Ask(body={"action": "createSnapshot"}, where=GATED, who=WRITERS, unseen=NOBODY, differs=TOLD),
    f"GET {SNAPSHOTS}/{{snapshotId}}": Ask(who=READERS, unseen=NOBODY, shows="of the snapshot", differs=TOLD),
}

TASKS = f"{REST}/tasks"
TICKET = {"action": "approve", "externalSystemType": "jira", "externalId": "S-1"}


def _tasks(kind: str) -> Mapping[str, Ask]:
    path, where = f"{TASKS}/{kind}", {"taskId": f"${kind}_task"}
    one = Ask(where=where, unseen=NOBODY, differs=TOLD)
    return {
        f"GET {path}": Ask(shows=f'"taskId":${kind}_task'),
        f"GET {path}/{{taskId}}": replace(one, who=READERS, shows=f'"taskId":${kind}_task'),
        f"POST {path}/{{taskId}}": replace(one, who=WRITERS, body={"action": "approve"}),
    }


TASK_ASKS: Mapping[str, Ask] = {
    **_tasks("approval"),
    **_tasks("manual"),
    f"POST {TASKS}/approval": Ask(body=TICKET, who=WRITERS, unseen=HIDDEN),
}

FLEXDEPLOY_ASKS: Mapping[str, Ask] = {
    **_environments("v1"),
    **_environments("v2"),
    **PROJECT_ASKS,
    **REQUEST_ASKS,
    **TASK_ASKS,
    **RELEASE_ASKS,
    **EXECUTION_ASKS,
    **PIPELINE_ASKS,
    **ADMINISTRATION_ASKS,
    f"GET {EXECUTION}": Ask(
        where={"releaseId": "$delivered_train", "snapshotId": "$delivered_snapshot"},
        who=READERS,
        unseen=NOBODY,
        shows='"snapshotId":$delivered_snapshot',
        differs=TOLD,
    ),
}
