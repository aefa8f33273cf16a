"""What is asked of each row of the table, so that it does what it is for; and whom verbs let in where rows do not say.

`$thing` is a thing of the full world. A row that is not here is asked for without body and query, with the parameters
of PARAMETERS: a new row that needs more says so here, or the matrix fails on it.
"""

from collections.abc import Mapping

from chalicelib.http.operation import Operation
from tests.dialects.inventory.site import FORM, a_form
from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.asks_buildmaster import BUILDMASTER_ASKS
from tests.dialects.matrix.asks_console import CONSOLE_ASKS
from tests.dialects.matrix.asks_deploy import DEPLOY_ASKS
from tests.dialects.matrix.asks_flexdeploy import FLEXDEPLOY_ASKS
from tests.dialects.matrix.callers import (
    ADMIN,
    BY_JOB,
    KNOWN,
    NOBODY,
    OWNERS,
    PEOPLE,
    READER,
    READERS,
    RUNNER,
    WORKERS,
    WRITERS,
)
from tests.dialects.matrix.things import GATED, NEXT, NONCE, a_state
from tests.dialects.matrix.world import GUEST, PASSWORD

PARAMETERS = {
    "project": "web",
    "environment": "staging",
    "build": "app",
    "build_execution_id": "$open_build",
    "deployment": "demo%2Fapp",
    "execution_id": "$open_job",
    "pipeline": "release",
    "pipeline_execution_id": "$open_run",
    "code": "$code",
    "namespace": "demo",
    "name": "app",
    "version": "v1.0",
    "diffWith": "1.1",
    "run": "$open_run",
    "job": "$job",
    "trigger": "$trigger",
    "train": "$train",
    "snapshot": "$snapshot",
    "releaseId": "$train",
    "snapshotId": "$snapshot",
    "hash": "0",
    "file": "console.css",
    "freeze": "$freeze",
    "webhook": "$webhook",
    "event": "$event",
    "projectId": "$application",
    "workflowId": "$workflow",
    "pipelineId": "$shared_pipeline",
}


USUAL = Ask()
LOGIN = {"email": "owner@example.org", "password": PASSWORD}
SECRET_LOGIN = {"username": "owner@example.org", "secret_token": PASSWORD}
HELD = {"token": "$lease", "number": 1}
OF_TASK, HELD_TASK = {"job": "$task_job"}, {"token": "$task_lease", "number": 1}
A_POD = {"name": "fibonacci-0", "phase": "Running"}
UNIT = "/api/v1/inventory/{namespace}/units/{name}"
VERSION = f"{UNIT}/versions/{{version}}"
STATE = "/api/v1/state/{project}"
ENVIRONMENT = f"{STATE}/environments/{{environment}}"
BUILD = f"{ENVIRONMENT}/builds/by-name/{{build}}"
BUILD_RUN = f"{BUILD}/executions/{{build_execution_id}}"
DEPLOYMENT = "/api/v1/projects/{project}/environments/{environment}/deployments/{deployment}"
JOBS = "/api/v1/deployment-jobs"
JOB = f"{JOBS}/by-project/{{project}}/by-environment/{{environment}}/by-name/{{deployment}}"
JOB_RUN = f"{JOB}/executions/{{execution_id}}"
PIPELINES = "/api/v1/pipelines"
PIPELINE = f"{PIPELINES}/by-project/{{project}}/by-name/{{pipeline}}"
PIPELINE_RUN = f"{PIPELINE}/executions/{{pipeline_execution_id}}"
NEW_JOB = {"environment": "production", "deployment": "demo/app", "release": "demo/app"}
NEW_NAMESPACE = {"name": "made", "project": "web"}
LINE = {"text": "one more line"}
BY_WRITERS = Ask(who=WRITERS)

PLATFORM_ASKS = {
    "POST /api/v1/auth/service-account/login": Ask(body=SECRET_LOGIN),
    "POST /api/v1/auth/email/login": Ask(body=LOGIN),
    "POST /api/v1/auth/invitation": Ask(body={"invitation": "$invitation", "password": PASSWORD}),
    "POST /api/v1/users/{name}/invitation": Ask(where={"name": GUEST}),
    "POST /api/v1/auth/end-sessions": Ask(who=PEOPLE, unseen=NOBODY),
    "POST /api/v1/auth/password": Ask(
        body={"current_password": PASSWORD, "new_password": f"new {PASSWORD}"}, who=PEOPLE, unseen=NOBODY
    ),
    "POST /api/v1/tokens": Ask(
        body={"label": "another"}, who=KNOWN - {RUNNER, BY_JOB}, unseen=NOBODY, differs="a new secret"
    ),
    "DELETE /api/v1/tokens/{id}": Ask(
        where={"id": "$token_of_reader"}, who=frozenset({ADMIN, READER}), unseen=KNOWN - {ADMIN, READER, BY_JOB}
    ),
    "POST /api/v1/users": Ask(body={"name": "new", "password": PASSWORD}),
    "GET /api/v1/users": Ask(shows="owner@example.org"),
    "GET /api/v1/users/{name}": Ask(
        where={"name": READER}, who=frozenset({ADMIN, READER}), unseen=KNOWN - {ADMIN, READER}
    ),
    "GET /api/v1/projects/{project}/access/{name}": Ask(where={"name": READER}, shows="project:web:global:read"),
    "PUT /api/v1/users/{name}": Ask(where={"name": READER}, body={"email": "r@example.org"}),
    "DELETE /api/v1/users/{name}": Ask(where={"name": READER}),
    "PUT /api/v1/groups/{name}": Ask(where={"name": "ops"}, body={"roles": []}),
    "DELETE /api/v1/groups/{name}": Ask(where={"name": "ops"}),
    "GET /api/v1/audit": Ask(query="project=web&page_size=200", shows="added-project"),
    "GET /api/v1/projects/{project}/runs": Ask(shows="$open_run"),
    "GET /api/v1/runs": Ask(query="status=open&project=web", shows="$open_run", who=READERS),
    "GET /api/v1/matrix": Ask(query="project=web", shows="demo/app", who=READERS),
    "GET /api/v1/events": Ask(query="project=web", shows="$open_run", who=READERS),
    "GET /api/v1/approvals": Ask(query="project=web", shows="$open_run", who=READERS),
    "GET /api/v1/releases/{namespace}/{application}": Ask(where={"application": "app"}, shows="1.1"),
    f"POST {DEPLOYMENT}/plan": Ask(shows="demo/app-v1.1", who=READERS),
    "GET /api/v1/projects/{project}/environments/{environment}/history": Ask(shows="demo/app"),
    "GET /api/v1/projects/{project}/diff": Ask(query="old=staging&new=production", shows="demo/hand"),
    f"GET {DEPLOYMENT}/rollback": Ask(shows="demo/app-v1.1"),
    "POST /api/v1/approvals": Ask(body={"decisions": [{"run": "$open_run", "decision": "approve"}]}, who=WRITERS),
    "GET /api/v1/runs/{run}": Ask(shows="$open_run"),
    "GET /api/v1/runs/{run}/approvals/{node}": Ask(where={"node": "g1"}, shows="digest"),
    "GET /api/v1/runs/{run}/refold": Ask(shows="$open_run"),
    "GET /api/v1/runs/{run}/explain": Ask(shows="waits for 1 approval"),
    "POST /api/v1/runs/{run}/decisions": Ask(body={"decision": "approve"}, who=WRITERS),
    "POST /api/v1/runs/{run}/acts": Ask(body={"act": "cancel"}, who=WRITERS),
    "POST /api/v1/runs/{run}/pass": Ask(
        where={"run": "$held_run"}, body={"reason": "incident"}, who=frozenset({ADMIN})
    ),
    "GET /api/v1/insights": Ask(query="project=web&weeks=1", shows="web"),
    "GET /api/v1/webhooks": Ask(query="project=web", shows="$webhook"),
    "POST /api/v1/webhooks": Ask(query="project=web", body={"url": "https://hooks.example.org/in"}),
    "DELETE /api/v1/webhooks/{webhook}": Ask(query="project=web"),
    "POST /api/v1/webhooks/{webhook}/resume": Ask(query="project=web"),
    "GET /api/v1/webhooks/{webhook}/deliveries": Ask(query="project=web", shows="$event"),
    "POST /api/v1/webhooks/{webhook}/deliveries/{event}/redeliver": Ask(query="project=web"),
    "GET /api/v1/freezes": Ask(shows="$freeze"),
    "GET /api/v1/calendar": Ask(shows="winter"),
    "POST /api/v1/freezes": Ask(query="project=web", body={"ends": "2100-01-01T00:00:00Z", "reason": "audit"}),
    "DELETE /api/v1/freezes/{freeze}": Ask(query="project=web"),
    "POST /api/v1/stops": Ask(query="project=web", body={"seconds": 60, "reason": "smoke"}),
    "DELETE /api/v1/stops": Ask(query="project=web"),
    "POST /api/v1/runs/{run}/redeploy": Ask(where={"run": "$ended_run"}, body={"stages": ["go"]}, who=WRITERS),
    "POST /api/v1/runs/{run}/tests": Ask(body={"stage": "go", "passed": 1, "failed": 0}, who=WRITERS),
    "GET /api/v1/job-logs/{job}": Ask(shows="a line of the log"),
    "GET /api/v1/job-logs/{job}/raw": Ask(shows="a line of the log"),
    "POST /api/v1/runners/{pool}/{name}/drain": Ask(where={"pool": "pool-of-web", "name": "runner-of-web"}, body={}),
    "GET /api/v1/runners": Ask(shows="runner-of-web", differs="the pool default is of all projects"),
    "POST /api/v1/jobs/lease": Ask(body={"runner": "r1", "nonce": NONCE}),
    "POST /api/v1/jobs/{job}/heartbeat": Ask(body=HELD),
    "POST /api/v1/jobs/wakes": Ask(body={}),
    "POST /api/v1/jobs/heartbeats": Ask(body={"leases": []}),
    "POST /api/v1/jobs/{job}/logs": Ask(body={**HELD, "from": 1, "chunks": [{"text": "more"}]}),
    "POST /api/v1/jobs/logs": Ask(body={"appends": []}),
    "POST /api/v1/jobs/{job}/finish": Ask(body={**HELD, "nonce": f"end-{NONCE}", "outcome": "succeeded"}),
    "GET /api/v1/services": Ask(query="path=%2Fclosed%2Fx", who=READERS),
    "GET /api/v1/services/open": Ask(query="path=%2Fopened%2F"),
    "POST /api/v1/jobs/{job}/workload": Ask(where=OF_TASK, body=HELD_TASK),
    "POST /api/v1/jobs/{job}/pods": Ask(where=OF_TASK, body={**HELD_TASK, "report": 1, "pods": [A_POD]}),
    "POST /api/v1/jobs/{job}/return": Ask(body=HELD),
}

TRAIN = "/api/v1/trains/{train}"
SNAPSHOT = f"{TRAIN}/snapshots/{{snapshot}}"
TRAIN_ASKS = {
    "GET /api/v1/trains": Ask(shows="the autumn train"),
    "POST /api/v1/trains": Ask(body={"project": "web", "number": "2.0", "pipeline": "release"}),
    f"GET {TRAIN}": Ask(shows="the autumn train"),
    f"PUT {TRAIN}": Ask(body={"title": "another"}),
    f"POST {TRAIN}/acts": Ask(body={"act": "cancel"}),
    f"GET {TRAIN}/variables": Ask(shows="of the train"),
    f"PUT {TRAIN}/variables": Ask(body={"variables": {"host": "another"}}),
    f"GET {TRAIN}/snapshots": Ask(shows="$snapshot"),
    f"POST {TRAIN}/snapshots": Ask(body={}),
    "POST /api/v1/snapshots": Ask(body={"project": "web", "pipeline": "delivery"}),
    f"GET {SNAPSHOT}": Ask(shows="$snapshot"),
    f"POST {SNAPSHOT}/acts": Ask(body={"act": "reject"}),
    f"POST {SNAPSHOT}/deployments": Ask(body={}),
    f"GET {SNAPSHOT}/variables": Ask(shows="of the snapshot"),
    f"PUT {SNAPSHOT}/variables": Ask(body={"variables": {"host": "another"}}),
    "GET /api/v1/trains/templates": Ask(differs="templates are the installation's"),
    "PUT /api/v1/trains/templates/{name}": Ask(body={"pipeline": "release"}),
}

STATE_ASKS = {
    "GET /api/v1/state/": Ask(shows="the web"),
    "GET /api/v1/state/namespaces": Ask(shows="demo"),
    f"POST {STATE}/add-project": Ask(where={"project": "shop"}, unseen=KNOWN - {ADMIN}),
    f"GET {STATE}/": Ask(shows="the web"),
    f"PUT {STATE}/": Ask(body={"description": "another"}),
    "GET /api/v1/state/__get_projects_by_group": Ask(shows="the web"),
    f"GET {STATE}/logo": Ask(shows="<svg"),
    f"GET {STATE}/service-accounts/": Ask(shows="robot"),
    f"POST {STATE}/service-accounts/{{name}}/": Ask(body={"role": "read"}),
    f"DELETE {STATE}/service-accounts/{{name}}/": Ask(where={"name": "robot"}),
    f"POST {STATE}/import-environments": Ask(body={"environments": {"qa": {}}}),
    f"POST {STATE}/change-environment-order": Ask(
        body={"order": ["production", "staging", "night", "tasks", "quality", "ice"]}
    ),
    f"POST {STATE}/environments/": Ask(body={"name": "qa"}),
    f"GET {ENVIRONMENT}/": Ask(shows="demo/hand"),
    f"PUT {ENVIRONMENT}/": Ask(body={"description": "another"}),
    f"GET {ENVIRONMENT}/providers/": Ask(shows="demo/hand"),
    f"GET {STATE}/repositories/": Ask(shows="git.example.org"),
    f"POST {STATE}/repositories/add-repository": Ask(body={"name": "more", "url": "https://git.example.org/more.git"}),
    f"PUT {STATE}/repositories/{{name}}/": Ask(where={"name": "code"}, body={"url": "https://git.example.org/x.git"}),
    f"DELETE {STATE}/repositories/{{name}}/": Ask(where={"name": "code"}),
    f"POST {STATE}/add-namespace": Ask(body={"name": "made"}),
    f"GET {STATE}/namespaces/": Ask(shows="demo"),
    f"GET {ENVIRONMENT}/deployments/": Ask(query="deployment=demo%2Fhand", shows="demo/hand"),
    f"GET {ENVIRONMENT}/deployments/history": Ask(query="deployment=demo%2Fhand", shows="demo/hand"),
    f"POST {ENVIRONMENT}/deployments/": Ask(query="deployment=demo%2Fnew", body=a_state("demo/new")),
    f"PUT {ENVIRONMENT}/deployments/": Ask(query="deployment=demo%2Fhand", body=a_state("demo/hand")),
    f"DELETE {ENVIRONMENT}/deployments/": Ask(query="deployment=demo%2Fhand"),
}

BUILD_ASKS = {
    "GET /api/v1/builds/": Ask(shows="app", secret="$build_hook"),
    f"GET {STATE}/builds/": Ask(shows="app", secret="$build_hook"),
    f"GET {ENVIRONMENT}/builds/": Ask(shows="app", secret="$build_hook"),
    f"POST {ENVIRONMENT}/builds/": Ask(body={"name": "more", "repo": "code", "steps": [{}]}),
    f"GET {BUILD}/": Ask(shows="app", secret="$build_hook"),
    f"PUT {BUILD}/": Ask(body={"repo": "code", "steps": [{}]}),
    f"POST {ENVIRONMENT}/builds/webhook/{{code}}": Ask(where={"code": "$build_hook"}, body={}),
    "GET /api/v1/builds/executions/": Ask(shows="$open_build", secret="$build_hook"),
    f"GET {STATE}/builds/executions/": Ask(shows="$open_build", secret="$build_hook"),
    f"GET {BUILD}/executions/": Ask(shows="$open_build", secret="$build_hook"),
    f"GET {BUILD_RUN}/": Ask(shows="$open_build", secret="$build_hook"),
    f"POST {BUILD_RUN}/cancel": BY_WRITERS,
    f"POST {BUILD_RUN}/retry": Ask(where={"build_execution_id": "$ended_build"}, who=WRITERS),
    f"POST {BUILD_RUN}/logs": Ask(body=LINE),
    f"PUT {BUILD_RUN}/commit": Ask(body={"revision": "abcdef1"}),
}

JOB_ASKS = {
    f"GET {JOBS}/": Ask(shows="demo/app"),
    f"GET {JOBS}/by-project/{{project}}/": Ask(shows="demo/app"),
    f"POST {JOBS}/by-project/{{project}}/add": Ask(body=NEW_JOB),
    f"GET {JOBS}/by-project/{{project}}/by-environment/{{environment}}/": Ask(shows="demo/app"),
    f"GET {JOB}/": Ask(shows="demo/app"),
    f"PUT {JOB}/": Ask(body={"release": "demo/app"}),
    f"POST {JOB}/trigger": Ask(body={"version": "1.0"}),
    f"POST {JOB}/trigger/errand": Ask(body={"errand_name": "backup"}),
    f"GET {JOBS}/executions/": Ask(shows="$open_job"),
    f"GET {JOBS}/by-project/{{project}}/executions/": Ask(shows="$open_job"),
    f"GET {JOB}/executions/": Ask(shows="$open_job"),
    f"GET {JOB_RUN}/": Ask(shows="$open_job"),
    f"POST {JOB_RUN}/cancel": BY_WRITERS,
    f"POST {JOB_RUN}/retry": Ask(where={"execution_id": "$ended_job"}, who=WRITERS),
    f"POST {JOB_RUN}/logs": Ask(body=LINE, who=WRITERS),
}

PIPELINE_ASKS = {
    f"GET {PIPELINES}/": Ask(shows="release", secret="$pipeline_hook"),
    f"GET {PIPELINES}/by-project/{{project}}/": Ask(shows="release", secret="$pipeline_hook"),
    f"POST {PIPELINES}/by-project/{{project}}/add": Ask(body={"name": "more", "phases": GATED}),
    f"POST {PIPELINES}/by-project/{{project}}/validate": Ask(body={"name": "more", "phases": GATED}),
    f"GET {PIPELINE}/": Ask(shows="release", secret="$pipeline_hook"),
    f"PUT {PIPELINE}/": Ask(body={"phases": GATED}),
    f"POST {PIPELINES}/by-project/{{project}}/pipelines/webhook/{{code}}": Ask(where={"code": "$pipeline_hook"}),
    f"GET {PIPELINES}/executions/": Ask(shows="$open_run", secret="$code"),
    f"GET {PIPELINES}/by-project/{{project}}/executions/": Ask(shows="$open_run", secret="$code"),
    f"GET {PIPELINE}/executions/": Ask(shows="$open_run", secret="$code"),
    f"GET {PIPELINE_RUN}/": Ask(shows="$open_run", secret="$code"),
    f"POST {PIPELINE_RUN}/cancel": BY_WRITERS,
    f"POST {PIPELINE_RUN}/retry": Ask(where={"pipeline_execution_id": "$ended_run"}, who=WRITERS),
    f"GET {PIPELINE_RUN}/confirmation/{{code}}/approve": BY_WRITERS,
    f"POST {PIPELINE_RUN}/confirmation/{{code}}/approve": BY_WRITERS,
    f"GET {PIPELINE_RUN}/confirmation/{{code}}/disapprove": BY_WRITERS,
    f"POST {PIPELINE_RUN}/confirmation/{{code}}/disapprove": BY_WRITERS,
}

INVENTORY_ASKS = {
    "GET /api/v1/inventory/": Ask(shows="demo"),
    "GET /api/v1/inventory/{namespace}/": Ask(shows="demo"),
    "PUT /api/v1/inventory/{namespace}/": Ask(body={"name": "demo"}),
    "POST /api/v1/inventory/{namespace}/add-namespace": Ask(body=NEW_NAMESPACE, who=WRITERS),
    "POST /api/v1/internal/add-namespace": Ask(body=NEW_NAMESPACE, who=WRITERS),
    "GET /api/v1/internal/get_namespaces_for_project": Ask(query="project=web", shows="demo"),
    "GET /api/v1/inventory/{namespace}/units/": Ask(shows="app"),
    f"GET {UNIT}/": Ask(shows="app"),
    f"POST {UNIT}/tags/": Ask(body={"release_id": "demo/app-v1.0", "tag": "stable"}),
    "POST /api/v1/inventory/{namespace}/register": Ask(
        body={"name": "app", "version": "2.0"}, who=WORKERS, differs="there the namespace is free to be taken"
    ),
    f"GET {UNIT}/next-version": Ask(query="prefix=1.", shows="1.2"),
    f"GET {UNIT}/versions/": Ask(shows="1.1"),
    f"GET {VERSION}/": Ask(shows="1.0"),
    f"GET {VERSION}/previous/": Ask(where={"version": "v1.1"}, shows="1.0"),
    f"POST {VERSION}/upload": Ask(where={"version": "v1.1"}, body=a_form(NEXT), headers={"Content-Type": FORM}),
    f"POST {VERSION}/upload/complete": Ask(
        where={"version": "v1.1"},
        body={"upload_id": "$upload", "parts": [{"number": 1, "etag": "$etag"}]},
    ),
    f"GET {VERSION}/diff/": Ask(where={"version": "v1.1"}),
    f"GET {VERSION}/download": Ask(status=302),
    f"GET {VERSION}/dependency-graph": Ask(shows="app-v1.0"),
    f"POST {VERSION}/yank": Ask(body={"reason": "it leaks"}),
    "GET /api/v1/inventory/__providers": Ask(query="name=site", shows="app"),
    "POST /api/v1/inventory/search": Ask(body={"query": "app"}, shows="app"),
    "DELETE /api/v1/inventory/{namespace}/hard-delete": Ask(who=OWNERS, unseen_status=200),
    "PUT /api/v1/inventory/{namespace}/hooks/": Ask(body={"events": {"url": "https://e.example.org/"}}),
    f"PUT {UNIT}/hooks/": Ask(body={"build": {"url": "https://b.example.org/"}}),
}

ASKS: Mapping[str, Ask] = {
    **PLATFORM_ASKS,
    **TRAIN_ASKS,
    **STATE_ASKS,
    **BUILD_ASKS,
    **JOB_ASKS,
    **PIPELINE_ASKS,
    **INVENTORY_ASKS,
    **BUILDMASTER_ASKS,
    **FLEXDEPLOY_ASKS,
    **DEPLOY_ASKS,
    **CONSOLE_ASKS,
}


def ask_of(method: str, row: Operation) -> Ask:
    """What is asked of a row by a method."""
    return ASKS.get(f"{method} {row.path}", USUAL)


def target_of(row: Operation, ask: Ask) -> str:
    """The path and query by which it is asked for, things still by their names."""
    path = row.path
    for name in row.names:
        path = path.replace(f"{{{name}}}", ask.where.get(name) or PARAMETERS[name])
    return f"{path}?{ask.query}" if ask.query else path
