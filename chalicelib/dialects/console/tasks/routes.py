"""Rows of the pages of tasks, and of what is done on them."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.dialects.console.tasks import words
from chalicelib.dialects.console.tasks.acts import act_on_task, start_by_form
from chalicelib.dialects.console.tasks.page import tasks_page
from chalicelib.dialects.console.tasks.task import task_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Tasks")

OPERATIONS = (
    GROUP.operation(
        "GET /tasks",
        "Jobs, cronjobs, deployments and services, or by `?view=pipelines` pipelines, by project, namespace and kind.",
        AUTHENTICATED,
        Handling(words.read_search, tasks_page, words.show_found),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "POST /tasks",
        "Deploy a directory of a registered repository, or run the pipeline in it, by the form of the list.",
        AUTHENTICATED,
        Handling(words.read_start, start_by_form, words.show_started),
        schema=FORM,
    ),
    GROUP.operation(
        "GET /tasks/{task}",
        "A task: how it is, its pods, the jobs that it started, its log.",
        AUTHENTICATED,
        Handling(words.read_task, task_page, words.show_task),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "POST /tasks/{task}/acts",
        "Run a job again, or delete a task, by the forms of its page.",
        AUTHENTICATED,
        Handling(words.read_act, act_on_task, words.show_done),
        schema=FORM,
    ),
)
