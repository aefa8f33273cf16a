"""Rows of pipelines. Their executions: executions/routes_pipelines.py."""

from chalicelib.dialects.state import shapes as shapes_builds
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.pipelines import shapes, words
from chalicelib.dialects.state.pipelines.schema import pipeline_schema
from chalicelib.dialects.state.words import show_execution_id, show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE, PUBLIC
from chalicelib.use_cases.definitions.lists import (
    get_listed_pipeline,
    list_pipelines,
    pipeline_added,
    pipeline_checked,
    pipeline_saved,
)
from chalicelib.use_cases.definitions.pipelines import remove_pipeline, trigger_pipeline

GROUP = Group(STATE, "Pipelines")
PIPELINE = "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
SECRET = frozenset({Flag.SECRET_ANSWER})
FOR_JOBS = frozenset({Flag.FOR_JOBS})

OPERATIONS = (
    GROUP.operation(
        "GET /schemas/pipeline.json",
        "The JSON Schema of a pipeline file, for editors.",
        PUBLIC,
        Handling(words.read_nothing, lambda _, __: pipeline_schema(), words.show_schema),
        schema=Schema(answer=dict[str, object]),
    ),
    GROUP.operation(
        "GET /api/v1/pipelines/",
        "The pipelines that the caller may read, by project and name.",
        AUTHENTICATED,
        Handling(words.read_pipelines, list_pipelines, words.show_all_pipelines),
        schema=Schema(answer=dict[str, dict[str, shapes.PipelineShape]]),
    ),
    GROUP.operation(
        "GET /api/v1/pipelines/by-project/{project}/",
        "A project's pipelines by name.",
        PROJECT_READ,
        Handling(words.read_pipelines, list_pipelines, words.show_pipelines),
        schema=Schema(answer=dict[str, shapes.PipelineShape]),
    ),
    GROUP.operation(
        "POST /api/v1/pipelines/by-project/{project}/add",
        "Define a pipeline; every defect of it is told at once.",
        PROJECT_WRITE,
        Handling(words.read_new_pipeline, pipeline_added, words.show_pipeline),
        schema=Schema(body=shapes.PipelineBody, answer=shapes.PipelineShape),
        flags=SECRET,
    ),
    GROUP.operation(
        "POST /api/v1/pipelines/by-project/{project}/validate",
        "Check a pipeline and store nothing: the answer is what it would be saved as, with warnings.",
        PROJECT_WRITE,
        Handling(words.read_new_pipeline, pipeline_checked, words.show_pipeline),
        schema=Schema(body=shapes.PipelineBody, answer=shapes.PipelineShape),
        flags=SECRET,
    ),
    GROUP.operation(
        f"GET {PIPELINE}/",
        "A pipeline; the tokens of its webhooks are shown to writers alone.",
        PROJECT_READ,
        Handling(words.read_pipeline, get_listed_pipeline, words.show_pipeline),
        schema=Schema(answer=shapes.PipelineShape),
    ),
    GROUP.operation(
        f"PUT {PIPELINE}/",
        "Say anew what a pipeline is; executions under way go on as they began.",
        PROJECT_WRITE,
        Handling(words.read_save_pipeline, pipeline_saved, words.show_pipeline),
        schema=Schema(body=shapes.PipelineBody, answer=shapes.PipelineShape),
    ),
    GROUP.operation(
        f"DELETE {PIPELINE}/",
        "Remove a pipeline; its executions stay.",
        PROJECT_WRITE,
        Handling(words.read_pipeline, remove_pipeline, show_nothing),
    ),
    GROUP.operation(
        f"POST {PIPELINE}/trigger",
        "Have a pipeline run.",
        PROJECT_WRITE,
        Handling(words.read_trigger, trigger_pipeline, show_execution_id),
        schema=Schema(body=shapes.TriggerPipelineBody, answer=shapes_builds.ExecutionID),
        flags=OPTIONAL | FOR_JOBS,
    ),
)
