"""Rows of executions of pipelines, and of their confirmations."""

from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.executions import shapes
from chalicelib.dialects.state.executions import words_pipelines as words
from chalicelib.dialects.state.executions.routes_of_kind import ExecutionRows, list_rows, one_rows
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import PROJECT_READ
from chalicelib.use_cases.definitions.executions import confirm
from chalicelib.use_cases.ports.bundle import Ports

PROJECT = "/api/v1/pipelines/by-project/{project}"
PIPELINE = f"{PROJECT}/by-name/{{pipeline}}"
CONFIRMS = frozenset({Flag.CHANGES, Flag.CLICKED, Flag.OPTIONAL_BODY})
ROWS = ExecutionRows(
    group=Group(STATE, "Pipeline Executions"),
    words=words.PIPELINES,
    name="pipeline",
    root="/api/v1/pipelines",
    project=PROJECT,
    definition=PIPELINE,
    execution=f"{PIPELINE}/executions/{{pipeline_execution_id}}",
    answer=shapes.PipelineExecutionShape,
    answers=list[shapes.PipelineExecutionShape],
    note=", with the code of what waits for the caller's word",
    retry="Have an execution go on where it ended badly, keeping what went well.",
)


def _confirm(ports: Ports, request: words.ConfirmationRequest) -> words.Answered:
    if request.is_page and not request.is_click:
        return words.Answered(request=request, seen=None)
    return words.Answered(request=request, seen=confirm(ports, request.confirm))


OPERATIONS = (
    *list_rows(ROWS),
    *one_rows(ROWS),
    ROWS.group.operation(
        f"GET|POST {ROWS.execution}/confirmation/{{code}}/approve",
        "Say yes to what waits under the code; a browser gets a page that asks for a click.",
        PROJECT_READ,
        Handling(words.read_approve, _confirm, words.show_confirmed),
        schema=Schema(query=shapes.ConfirmQuery),
        flags=CONFIRMS,
    ),
    ROWS.group.operation(
        f"GET|POST {ROWS.execution}/confirmation/{{code}}/disapprove",
        "Say no to what waits under the code; a browser gets a page that asks for a click.",
        PROJECT_READ,
        Handling(words.read_disapprove, _confirm, words.show_confirmed),
        schema=Schema(query=shapes.ConfirmQuery),
        flags=CONFIRMS,
    ),
)
