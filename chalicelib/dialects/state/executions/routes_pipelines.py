"""Rows of the executions of pipelines, and of what waits in them for a person."""

from chalicelib.dialects.state import shapes as shapes_builds
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.executions import shapes
from chalicelib.dialects.state.executions import words_pipelines as runs
from chalicelib.dialects.state.executions.words import show_retried
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import About, Flag, operation
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

RUNS = "Pipeline Executions"
PIPELINE = "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}"
EXECUTION = PIPELINE + "/executions/{pipeline_execution_id}"
CONFIRMS = frozenset({Flag.CHANGES, Flag.OPTIONAL_BODY})


def _confirm(ports: Ports, asked: runs.Asked) -> runs.Answered:
    if asked.is_page and not asked.is_click:
        return runs.Answered(asked=asked, seen=None)
    return runs.Answered(asked=asked, seen=confirm(ports, asked.confirm))


OPERATIONS = (
    operation(
        STATE,
        "GET /api/v1/pipelines/executions/",
        read=runs.read_all_executions,
        verb=list_executions_in,
        show=runs.show_executions,
        permission=AUTHENTICATED,
        about=About(
            group=RUNS,
            summary="Executions of pipelines that the caller may read, newest first.",
            answer=list[shapes.PipelineExecutionShape],
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/pipelines/by-project/{project}/executions/",
        read=runs.read_all_executions,
        verb=list_executions_in,
        show=runs.show_executions,
        permission=PROJECT_READ,
        about=About(
            group=RUNS,
            summary="Executions of a project's pipelines, newest first.",
            answer=list[shapes.PipelineExecutionShape],
        ),
    ),
    operation(
        STATE,
        f"GET {PIPELINE}/executions/",
        read=runs.read_executions,
        verb=list_executions,
        show=runs.show_executions,
        permission=PROJECT_READ,
        about=About(
            group=RUNS, summary="A pipeline's executions, newest first.", answer=list[shapes.PipelineExecutionShape]
        ),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/",
        read=runs.read_execution,
        verb=see_execution,
        show=runs.show_execution,
        permission=PROJECT_READ,
        about=About(
            group=RUNS,
            summary="An execution of a pipeline, with the code of what waits for the caller's word.",
            answer=shapes.PipelineExecutionShape,
        ),
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/cancel",
        read=runs.read_execution,
        verb=cancel_execution,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=RUNS, summary="Have an execution stop."),
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/retry",
        read=runs.read_execution,
        verb=retry_execution,
        show=show_retried,
        permission=PROJECT_WRITE,
        about=About(
            group=RUNS,
            summary="Have an execution go on where it ended badly, keeping what went well.",
            answer=shapes_builds.ExecutionID,
        ),
    ),
    operation(
        STATE,
        f"GET|POST {EXECUTION}/confirmation/{{code}}/approve",
        read=runs.read_approve,
        verb=_confirm,
        show=runs.show_confirmed,
        permission=PROJECT_READ,
        about=About(
            group=RUNS, summary="Say yes to what waits under the code; a browser gets a page that asks for a click."
        ),
        flags=CONFIRMS,
    ),
    operation(
        STATE,
        f"GET|POST {EXECUTION}/confirmation/{{code}}/disapprove",
        read=runs.read_disapprove,
        verb=_confirm,
        show=runs.show_confirmed,
        permission=PROJECT_READ,
        about=About(
            group=RUNS, summary="Say no to what waits under the code; a browser gets a page that asks for a click."
        ),
        flags=CONFIRMS,
    ),
)
