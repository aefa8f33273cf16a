"""Rows of templates of tasks and pipelines. They are uploaded through the platform's own API."""

from chalicelib.dialects.deploy.dialect import DEPLOY
from chalicelib.dialects.deploy.templates import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED_OR_OPEN
from chalicelib.http.request import FORM
from chalicelib.use_cases.ports.task_templates import TemplateKind
from chalicelib.use_cases.workloads.task_templates import get_task_template, list_task_templates

TEMPLATES = Group(DEPLOY, "Templates")


def _list(kind: TemplateKind) -> Operation:
    return TEMPLATES.operation(
        f"GET /v2/{kind}/list/templates",
        f"The file names of templates of a {kind}.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.reader_of_kind(kind), list_task_templates, words.show_names),
        schema=Schema(answer=shapes.TemplateNamesShape),
    )


def _get(kind: TemplateKind) -> Operation:
    return TEMPLATES.operation(
        f"POST /v2/{kind}/get/template",
        f"A template of a {kind}.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.reader_of_template(kind), get_task_template, words.show_template),
        schema=Schema(body=shapes.TemplateForm, answer=shapes.TemplateShape, takes=FORM),
        flags=frozenset({Flag.FOR_JOBS}),
    )


OPERATIONS = (
    _get(TemplateKind.TASK),
    _get(TemplateKind.PIPELINE),
    _list(TemplateKind.TASK),
    _list(TemplateKind.PIPELINE),
)
