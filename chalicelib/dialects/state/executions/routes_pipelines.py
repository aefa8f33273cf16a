"""Rows of the executions of pipelines, and of what waits in them for a person."""

from chalicelib.dialects.state import shapes as shapes_builds
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.executions import shapes
from chalicelib.dialects.state.executions import words_pipelines as runs
from chalicelib.dialects.state.executions.words import show_retried
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.executions import (
    cancel_execution,
    confirm,
    list_executions,
    list_executions_in,
    retry_execution,
    see_execution,
)
from chalicelib.use_cases.ports.bundle import Ports

RUNS = Group(STATE, "Pipeline Executions")
PIPELINE = "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}"
EXECUTION = PIPELINE + "/executions/{pipeline_execution_id}"
CONFIRMS = frozenset({Flag.CHANGES, Flag.OPTIONAL_BODY})


def _confirm(ports: Ports, asked: runs.Asked) -> runs.Answered:
    if asked.is_page and not asked.is_click:
        return runs.Answered(asked=asked, seen=None)
    return runs.Answered(asked=asked, seen=confirm(ports, asked.confirm))


OPERATIONS = (
    RUNS.operation(
        "GET /api/v1/pipelines/executions/",
        "Executions of pipelines that the caller may read, newest first.",
        AUTHENTICATED,
        Handling(runs.read_all_executions, list_executions_in, runs.show_executions),
        schema=Schema(answer=list[shapes.PipelineExecutionShape]),
    ),
    RUNS.operation(
        "GET /api/v1/pipelines/by-project/{project}/executions/",
        "Executions of a project's pipelines, newest first.",
        PROJECT_READ,
        Handling(runs.read_all_executions, list_executions_in, runs.show_executions),
        schema=Schema(answer=list[shapes.PipelineExecutionShape]),
    ),
    RUNS.operation(
        f"GET {PIPELINE}/executions/",
        "A pipeline's executions, newest first.",
        PROJECT_READ,
        Handling(runs.read_executions, list_executions, runs.show_executions),
        schema=Schema(answer=list[shapes.PipelineExecutionShape]),
    ),
    RUNS.operation(
        f"GET {EXECUTION}/",
        "An execution of a pipeline, with the code of what waits for the caller's word.",
        PROJECT_READ,
        Handling(runs.read_execution, see_execution, runs.show_execution),
        schema=Schema(answer=shapes.PipelineExecutionShape),
    ),
    RUNS.operation(
        f"POST {EXECUTION}/cancel",
        "Have an execution stop.",
        PROJECT_WRITE,
        Handling(runs.read_execution, cancel_execution, show_nothing),
    ),
    RUNS.operation(
        f"POST {EXECUTION}/retry",
        "Have an execution go on where it ended badly, keeping what went well.",
        PROJECT_WRITE,
        Handling(runs.read_execution, retry_execution, show_retried),
        schema=Schema(answer=shapes_builds.ExecutionID),
    ),
    RUNS.operation(
        f"GET|POST {EXECUTION}/confirmation/{{code}}/approve",
        "Say yes to what waits under the code; a browser gets a page that asks for a click.",
        PROJECT_READ,
        Handling(runs.read_approve, _confirm, runs.show_confirmed),
        flags=CONFIRMS,
    ),
    RUNS.operation(
        f"GET|POST {EXECUTION}/confirmation/{{code}}/disapprove",
        "Say no to what waits under the code; a browser gets a page that asks for a click.",
        PROJECT_READ,
        Handling(runs.read_disapprove, _confirm, runs.show_confirmed),
        flags=CONFIRMS,
    ),
)
