"""What is asked of the rows of tasks, and of what they read."""

from collections.abc import Mapping

from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.callers import BY_JOB, KNOWN, NOBODY, READERS, WRITERS

REPOSITORY = "/api/v1/repositories/{name}"
NEW = {"url": "https://git.example.org/more.git", "projects": ["web"]}
DIRECTORY = "{repository}/{directory}"
PLACED = f"{DIRECTORY}/{{namespace}}/{{name}}"
FILES = {"repository": "tasks", "directory": "job", "namespace": "night", "name": "again"}
DIFFERS = "to deploy to what is another's is refused, also to whom it does not show itself"
JSON = {"Content-Type": "application/json"}
BY_WRITERS = Ask(where=FILES, who=WRITERS, unseen=NOBODY, differs=DIFFERS)
MANIFEST = {"type": "job", "name": "another", "image": "x", "cmd": ["true"]}
CONFIGURED = Ask(
    body={"namespace": "night", "configuration": MANIFEST}, headers=JSON, who=WRITERS, unseen=NOBODY, differs=DIFFERS
)
OF_PIPELINE = Ask(where={"id": "$task_pipeline"}, who=WRITERS, unseen=KNOWN - READERS)
PIPELINE = {"name": "cluster_run", "tasks": [{"name": "createcluster", "namespacetask": "tasks/create"}]}
OURS = "templates are the installation's"


def _removal(kind: str, name: str) -> Mapping[str, Ask]:
    asked = Ask(where={"namespace": "night", kind: name}, who=WRITERS)
    path = f"/v1/delete/{kind}/{{namespace}}/{{{kind}}}"
    return {f"{method} {path}": asked for method in ("GET", "POST", "DELETE")}


def _loads(kind: str) -> Mapping[str, Ask]:
    reading = READERS - {BY_JOB}
    return {
        f"POST /v2/{kind}/load/configuration/from-git/{DIRECTORY}": Ask(
            where=FILES, who=reading, unseen=KNOWN - READERS
        ),
        f"GET /v2/{kind}/get/configuration-loading-state/{{work_id}}": Ask(
            where={"work_id": f"${kind}_load"}, who=READERS, unseen=KNOWN - READERS
        ),
    }


DEPLOY_ASKS: Mapping[str, Ask] = {
    "GET /api/v1/repositories": Ask(shows="git.example.org/tasks"),
    f"GET {REPOSITORY}": Ask(where={"name": "tasks"}, who=READERS, unseen=KNOWN - READERS),
    f"PUT {REPOSITORY}": Ask(where={"name": "more"}, body=NEW),
    f"DELETE {REPOSITORY}": Ask(where={"name": "tasks"}),
    "PUT /api/v1/task-templates/{kind}/{name}": Ask(where={"kind": "task", "name": "new.json"}, body={"type": "job"}),
    f"GET /v1/task/deploy/{DIRECTORY}": BY_WRITERS,
    f"POST /v1/task/deploy/{DIRECTORY}": BY_WRITERS,
    f"GET /v1/task/deployas/{DIRECTORY}/{{name}}": BY_WRITERS,
    f"POST /v1/task/deployas/{DIRECTORY}/{{name}}": BY_WRITERS,
    f"GET /v1/task/deployinas/{PLACED}": BY_WRITERS,
    f"POST /v1/task/deployinas/{PLACED}": BY_WRITERS,
    f"POST /v1/task/elaborate/deployinas/{PLACED}": BY_WRITERS,
    f"POST /v2/task/elaborate/deploy/{DIRECTORY}": BY_WRITERS,
    "POST /v2/task/deploy/with-configuration": CONFIGURED,
    "GET /v1/task/state/{id}": Ask(where={"id": "$task"}, who=READERS, unseen=KNOWN - READERS, shows="nightly"),
    "GET /v1/task/logs/{id}": Ask(where={"id": "$task"}, who=READERS, unseen=KNOWN - READERS),
    **_removal("job", "nightly"),
    **_removal("cronjob", "hourly"),
    **_removal("deployment", "worker"),
    **_removal("service", "site"),
    "POST /v2/pipeline/run/with-configuration": Ask(
        body={"namespace": "night", "configuration": PIPELINE},
        headers=JSON,
        who=WRITERS,
        unseen=NOBODY,
        differs=DIFFERS,
    ),
    f"GET /v1/pipeline/runas/{DIRECTORY}/{{name}}": BY_WRITERS,
    f"POST /v1/pipeline/runas/{DIRECTORY}/{{name}}": BY_WRITERS,
    f"GET /v1/pipeline/runinas/{PLACED}": BY_WRITERS,
    f"POST /v1/pipeline/runinas/{PLACED}": BY_WRITERS,
    f"POST /v1/pipeline/elaborate/runinas/{PLACED}": BY_WRITERS,
    f"POST /v2/pipeline/elaborate/run/{DIRECTORY}/{{name}}": BY_WRITERS,
    **_loads("task"),
    **_loads("pipeline"),
    "GET /v1/pipeline/state/{namespace}/{id}": Ask(
        where={"namespace": "night", "id": "$task_pipeline"}, who=READERS, unseen=KNOWN - READERS, shows="createcluster"
    ),
    "GET /v1/pipeline/kill/{id}": OF_PIPELINE,
    "POST /v1/pipeline/kill/{id}": OF_PIPELINE,
    "POST /v1/pipeline/retry/{id}": Ask(where={"id": "$ended_task_pipeline"}, who=WRITERS, unseen=KNOWN - READERS),
    "GET /v1/list/pipelines": Ask(shows="cluster_run"),
    "GET /v1/list/pipelines/{namespace}": Ask(where={"namespace": "night"}, shows="cluster_run"),
    "GET /v1/list/namespaces": Ask(shows="night"),
    "GET /v1/list/tasks": Ask(shows="nightly"),
    "GET /v1/list/tasks/{namespace}": Ask(where={"namespace": "night"}, shows="nightly"),
    "GET /v1/list/pods": Ask(),
    "GET /v1/list/pods/{namespace}": Ask(where={"namespace": "night"}),
    "POST /v2/task/get/template": Ask(body={"template_path": "job.json"}, headers=JSON, differs=OURS),
    "POST /v2/pipeline/get/template": Ask(body={"template_path": "run.json"}, headers=JSON, differs=OURS),
    "GET /v2/task/list/templates": Ask(differs=OURS),
    "GET /v2/pipeline/list/templates": Ask(differs=OURS),
}

TASKS: Mapping[str, Mapping[str, object]] = {
    "nightly": {"type": "job", "image": "x", "cmd": ["true"]},
    "hourly": {"type": "job", "image": "x", "cmd": ["true"], "schedule": "0 * * * *"},
    "worker": {"type": "deployment", "image": "x", "cmd": ["true"], "container-port": 8080},
    "site": {"type": "service", "image": "x", "cmd": ["true"], "container-port": 8081},
}
"""One of each kind, in the namespace night."""
