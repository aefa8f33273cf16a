"""The row by which templates of tasks and task pipelines are uploaded; the Deploy API lists and reads them."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.task_templates import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import ADMIN
from chalicelib.use_cases.workloads.task_templates import update_task_template

GROUP = Group(PLATFORM, "Task Templates")

OPERATIONS = (
    GROUP.operation(
        "PUT /api/v1/task-templates/{kind}/{name}",
        "Upload a template of a `task` or a `pipeline`, or replace it: a JSON object.",
        ADMIN,
        Handling(words.read_saved, update_task_template, words.show_saved),
        schema=Schema(body=dict[str, object], answer=shapes.TaskTemplateShape),
    ),
)
