"""Rows of lists: namespaces, tasks, pods. They hold what the caller may read."""

from chalicelib.dialects.deploy.dialect import DEPLOY
from chalicelib.dialects.deploy.lists import shapes, words
from chalicelib.dialects.deploy.words import read_caller
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED_OR_OPEN
from chalicelib.use_cases.workloads.tasks import list_namespaces, list_task_pods, list_tasks

LIST = Group(DEPLOY, "List")


def _tasks(path: str, whose: str) -> Operation:
    return LIST.operation(
        f"GET /v1/list/tasks{path}",
        f"The jobs, cron jobs, deployments and services {whose}.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.read_query, list_tasks, words.show_tasks),
        schema=Schema(answer=shapes.TasksShape),
    )


def _pods(path: str, whose: str) -> Operation:
    return LIST.operation(
        f"GET /v1/list/pods{path}",
        f"The pods {whose}.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.read_query, list_task_pods, words.show_pods),
        schema=Schema(answer=shapes.PodsShape),
    )


OPERATIONS = (
    LIST.operation(
        "GET /v1/list/namespaces",
        "The namespaces that deploys have made, by name.",
        AUTHENTICATED_OR_OPEN,
        Handling(read_caller, list_namespaces, words.show_namespaces),
        schema=Schema(answer=shapes.TaskNamespacesShape),
    ),
    _tasks("", "of all namespaces"),
    _tasks("/{namespace}", "of a namespace"),
    _pods("", "of all namespaces"),
    _pods("/{namespace}", "of a namespace"),
)
