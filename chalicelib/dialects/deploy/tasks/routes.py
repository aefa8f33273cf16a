"""Rows of tasks: deploy, state, log, delete. Each GET that changes something has twins with other methods."""

from chalicelib.dialects.deploy.dialect import DEPLOY
from chalicelib.dialects.deploy.tasks import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED, AUTHENTICATED_OR_OPEN
from chalicelib.http.request import FORM
from chalicelib.use_cases.workloads.tasks import deploy_task, get_task, remove_task
from slipway_formats.workloads.manifest import WorkloadKind

TASK = Group(DEPLOY, "Task")
DELETE = Group(DEPLOY, "Delete")
DIRECTORY = "{repository}/{directory}"
PLACED = f"{DIRECTORY}/{{namespace}}/{{name}}"
CHANGES = frozenset({Flag.CHANGES})
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
ACCEPTED = Schema(status=202, answer=shapes.TaskShape)
DEPLOYING = Handling(words.read_deploy, deploy_task, words.show_deployed)

_TASKS = (
    TASK.operation(
        f"GET|POST /v1/task/deploy/{DIRECTORY}",
        "Deploy a directory under its manifest's name, to the namespace of the repository's name.",
        AUTHENTICATED,
        DEPLOYING,
        schema=ACCEPTED,
        flags=CHANGES,
    ),
    TASK.operation(
        f"GET|POST /v1/task/deployas/{DIRECTORY}/{{name}}",
        "Deploy a directory under a name.",
        AUTHENTICATED,
        DEPLOYING,
        schema=ACCEPTED,
        flags=CHANGES,
    ),
    TASK.operation(
        f"GET|POST /v1/task/deployinas/{PLACED}",
        "Deploy a directory under a name to a namespace.",
        AUTHENTICATED,
        DEPLOYING,
        schema=ACCEPTED,
        flags=CHANGES,
    ),
    TASK.operation(
        f"POST /v1/task/elaborate/deployinas/{PLACED}",
        "Deploy a branch of a directory, by a schedule if there is one.",
        AUTHENTICATED,
        DEPLOYING,
        schema=Schema(status=202, body=shapes.SourceForm, answer=shapes.TaskShape, takes=FORM),
        flags=OPTIONAL,
    ),
    TASK.operation(
        f"POST /v2/task/elaborate/deploy/{DIRECTORY}",
        "Deploy a directory; namespace, name, branch and schedule are in the body.",
        AUTHENTICATED,
        Handling(words.read_elaborate, deploy_task, words.show_deployed),
        schema=Schema(status=202, body=shapes.ElaborateForm, answer=shapes.TaskShape, takes=FORM),
        flags=OPTIONAL,
    ),
    TASK.operation(
        "POST /v2/task/deploy/with-configuration",
        "Deploy a manifest in the body.",
        AUTHENTICATED,
        Handling(words.read_with_configuration, deploy_task, words.show_deployed),
        schema=Schema(status=202, body=shapes.ConfigurationForm, answer=shapes.TaskShape, takes=FORM),
    ),
    TASK.operation(
        "GET /v1/task/state/{id}",
        "The state of a task, with its pods.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.read_task, get_task, words.show_state),
        schema=Schema(answer=shapes.TaskStateShape),
    ),
)


def _removal(kind: WorkloadKind, summary: str) -> Operation:
    return DELETE.operation(
        f"GET|POST|DELETE /v1/delete/{kind}/{{namespace}}/{{{kind}}}",
        summary,
        AUTHENTICATED,
        Handling(words.reader_of_removal(kind), remove_task, words.show_removed),
        schema=Schema(answer=shapes.RemovedTaskShape),
        flags=CHANGES,
    )


OPERATIONS = (
    *_TASKS,
    _removal(WorkloadKind.JOB, "Delete a job and stop its pods; its state stays."),
    _removal(WorkloadKind.CRONJOB, "Delete a cron job; jobs that it has started keep running."),
    _removal(WorkloadKind.DEPLOYMENT, "Delete a deployment and stop its pods."),
    _removal(WorkloadKind.SERVICE, "Delete a service and its deployment."),
)
