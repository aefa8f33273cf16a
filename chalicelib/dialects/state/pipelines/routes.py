"""Rows about pipelines and their executions."""

from chalicelib.dialects.state import shapes as shapes_builds
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.pipelines import shapes, words
from chalicelib.dialects.state.words import show_execution_id, show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.lists import list_pipelines, pipeline_added, pipeline_saved, pipeline_seen
from chalicelib.use_cases.definitions.pipelines import remove_pipeline, trigger_pipeline

GROUP = "Pipelines"
PIPELINE = "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
SECRET = frozenset({Flag.SECRET_ANSWER})

OPERATIONS = (
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
)
