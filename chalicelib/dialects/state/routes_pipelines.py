"""Rows about pipelines and their executions."""

from chalicelib.dialects.state import shapes_builds
from chalicelib.dialects.state import shapes_pipelines as shapes
from chalicelib.dialects.state import words_pipeline_runs as runs
from chalicelib.dialects.state import words_pipelines as words
from chalicelib.dialects.state import words_webhooks as hooks
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.words_common import show_execution_id, show_nothing
from chalicelib.dialects.state.words_executions import show_retried
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE, PUBLIC
from chalicelib.use_cases.definitions.executions import (
    cancel_execution,
    confirm,
    list_executions,
    list_executions_in,
    retry_execution,
    see_execution,
)
from chalicelib.use_cases.definitions.lists import list_pipelines, pipeline_added, pipeline_saved, pipeline_seen
from chalicelib.use_cases.definitions.pipelines import remove_pipeline, trigger_pipeline
from chalicelib.use_cases.definitions.webhooks import hear_pipeline_webhook
from chalicelib.use_cases.ports.bundle import Ports

GROUP = "Pipelines"
RUNS = "Pipeline Executions"
PIPELINE = "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}"
EXECUTION = PIPELINE + "/executions/{pipeline_execution_id}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
SECRET = frozenset({Flag.SECRET_ANSWER})
CONFIRMS = frozenset({Flag.CHANGES, Flag.OPTIONAL_BODY})


def _confirm(ports: Ports, asked: runs.Asked) -> runs.Answered:
    if asked.is_page and not asked.is_click:
        return runs.Answered(asked=asked, seen=None)
    return runs.Answered(asked=asked, seen=confirm(ports, asked.confirm))


_PIPELINES = (
    operation(
        STATE,
        "GET /api/v1/pipelines/",
        read=words.read_pipelines,
        verb=list_pipelines,
        show=words.show_all_pipelines,
        permission=AUTHENTICATED,
        about=About(
            group=GROUP,
            summary="The pipelines that the caller may read, by project and name.",
            answer=dict[str, dict[str, shapes.PipelineShape]],
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/pipelines/by-project/{project}/",
        read=words.read_pipelines,
        verb=list_pipelines,
        show=words.show_pipelines,
        permission=PROJECT_READ,
        about=About(group=GROUP, summary="A project's pipelines by name.", answer=dict[str, shapes.PipelineShape]),
    ),
    operation(
        STATE,
        "POST /api/v1/pipelines/by-project/{project}/add",
        read=words.read_new_pipeline,
        verb=pipeline_added,
        show=words.show_pipeline,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Define a pipeline; every defect of it is told at once.",
            body=shapes.PipelineBody,
            answer=shapes.PipelineShape,
        ),
        flags=SECRET,
    ),
    operation(
        STATE,
        f"GET {PIPELINE}/",
        read=words.read_pipeline,
        verb=pipeline_seen,
        show=words.show_pipeline,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="A pipeline; the tokens of its webhooks are shown to writers alone.",
            answer=shapes.PipelineShape,
        ),
    ),
    operation(
        STATE,
        f"PUT {PIPELINE}/",
        read=words.read_save_pipeline,
        verb=pipeline_saved,
        show=words.show_pipeline,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Say anew what a pipeline is; executions under way go on as they began.",
            body=shapes.PipelineBody,
            answer=shapes.PipelineShape,
        ),
    ),
    operation(
        STATE,
        f"DELETE {PIPELINE}/",
        read=words.read_pipeline,
        verb=remove_pipeline,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=GROUP, summary="Remove a pipeline; its executions stay."),
    ),
    operation(
        STATE,
        f"POST {PIPELINE}/trigger",
        read=words.read_trigger,
        verb=trigger_pipeline,
        show=show_execution_id,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Have a pipeline run.",
            body=shapes.TriggerPipelineBody,
            answer=shapes_builds.ExecutionID,
        ),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        "POST /api/v1/pipelines/by-project/{project}/pipelines/webhook/{code}",
        read=hooks.read_pipeline_webhook,
        verb=hear_pipeline_webhook,
        show=hooks.show_heard,
        permission=PUBLIC,
        about=About(
            group=GROUP,
            summary="Start a pipeline by the token of one of its webhooks.",
            body=dict[str, object],
            answer=shapes_builds.Heard,
        ),
        flags=OPTIONAL,
    ),
)

_EXECUTIONS = (
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

OPERATIONS = (*_PIPELINES, *_EXECUTIONS)
