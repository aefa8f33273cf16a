"""Rows of lists: namespaces, tasks, pods. They hold what the caller may read."""

from chalicelib.dialects.deploy.dialect import DEPLOY
from chalicelib.dialects.deploy.lists import shapes, words
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED_OR_OPEN
from chalicelib.use_cases.task_pipelines.lists import list_namespaces
from chalicelib.use_cases.workloads.lists import list_task_pods, list_tasks

LIST = Group(DEPLOY, "List")


def _tasks(path: str, whose: str) -> Operation:
    return LIST.operation(
        f"GET /v1/list/tasks{path}",
        f"The jobs, cron jobs, deployments and services {whose}.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.read_query, list_tasks, words.show_tasks),
        schema=Schema(answer=shapes.TasksShape, query=shapes.PageQuery),
    )


def _pods(path: str, whose: str) -> Operation:
    return LIST.operation(
        f"GET /v1/list/pods{path}",
        f"The pods {whose}.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.read_query, list_task_pods, words.show_pods),
        schema=Schema(answer=shapes.PodsShape, query=shapes.PageQuery),
    )


OPERATIONS = (
    LIST.operation(
        "GET /v1/list/namespaces",
        "The namespaces that deploys have made, by name.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.read_namespaces, list_namespaces, words.show_namespaces),
        schema=Schema(answer=shapes.TaskNamespacesShape, query=shapes.PageQuery),
    ),
    _tasks("", "of all namespaces"),
    _tasks("/{namespace}", "of a namespace"),
    _pods("", "of all namespaces"),
    _pods("/{namespace}", "of a namespace"),
)
