"""The row of logs."""

from chalicelib.dialects.deploy.dialect import DEPLOY
from chalicelib.dialects.deploy.logs import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.logs.task_log import read_task_log

TASK = Group(DEPLOY, "Task")

OPERATIONS = (
    TASK.operation(
        "GET /v1/task/logs/{id}",
        "The log of a task from `?after=` on, of all its pods or of one (`?pod=`).",
        AUTHENTICATED,
        Handling(words.read_query, read_task_log, words.show_log),
        schema=Schema(query=shapes.TaskLogQuery, answer=shapes.TaskLogShape),
    ),
)
