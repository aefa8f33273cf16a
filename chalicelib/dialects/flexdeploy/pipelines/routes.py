"""Rows of pipelines and their versions."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.lists import alone, bare
from chalicelib.dialects.flexdeploy.pipelines import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.rafts.shared_pipelines import (
    create_or_update_version,
    create_pipeline,
    get_pipeline,
    get_pipeline_version,
    list_pipeline_versions,
    list_pipelines,
)
from chalicelib.use_cases.trains.activate_pipeline import activate_pipeline

GROUP = Group(FLEXDEPLOY, "Pipelines")
PIPELINES = f"{PREFIX}/rest/v1/pipelines"
PIPELINE = f"{PIPELINES}/{{pipelineId}}"
VERSIONS = f"{PIPELINE}/versions"
VERSION = f"{VERSIONS}/{{version}}"

OPERATIONS = (
    GROUP.operation(
        f"GET {PIPELINES}",
        "Pipelines, by a part of `pipelineName`; what has just this name comes first.",
        AUTHENTICATED,
        Handling(words.read_list, list_pipelines, bare(words.shown)),
        schema=Schema(query=shapes.PipelineQueryShape, answer=list[shapes.SharedPipelineShape]),
    ),
    GROUP.operation(
        f"POST {PIPELINES}",
        "Create a pipeline; with a `definition`, its first version is a draft.",
        AUTHENTICATED,
        Handling(words.read_new, create_pipeline, alone(words.shown)),
        schema=Schema(status=201, body=shapes.NewPipelineBody, answer=shapes.SharedPipelineShape),
    ),
    GROUP.operation(
        f"GET {PIPELINE}",
        "A pipeline, and which of its versions is active.",
        AUTHENTICATED,
        Handling(words.read_one, get_pipeline, alone(words.shown)),
        schema=Schema(answer=shapes.SharedPipelineShape),
    ),
    GROUP.operation(
        f"GET {VERSIONS}",
        "The versions of a pipeline, oldest first.",
        AUTHENTICATED,
        Handling(words.read_one, list_pipeline_versions, bare(words.shown_version)),
        schema=Schema(answer=list[shapes.PipelineVersionShape]),
    ),
    GROUP.operation(
        f"POST {VERSIONS}",
        "Give a pipeline another version, a draft: a definition, bare or under `definition`.",
        AUTHENTICATED,
        Handling(words.read_new_version, create_or_update_version, alone(words.shown_version)),
        schema=Schema(status=201, body=dict[str, object], answer=shapes.PipelineVersionShape),
    ),
    GROUP.operation(
        f"GET {VERSION}",
        "A version of a pipeline with all that it says.",
        AUTHENTICATED,
        Handling(words.read_version, get_pipeline_version, alone(words.shown_version)),
        schema=Schema(answer=shapes.PipelineVersionShape),
    ),
    GROUP.operation(
        f"PUT {VERSION}",
        "Say a draft anew. A version that was active is locked for ever.",
        AUTHENTICATED,
        Handling(words.read_changed_version, create_or_update_version, alone(words.shown_version)),
        schema=Schema(body=dict[str, object], answer=shapes.PipelineVersionShape),
    ),
    GROUP.operation(
        f"POST {VERSION}",
        "Activate a version in place of the one that is active.",
        AUTHENTICATED,
        Handling(words.read_act, activate_pipeline, alone(words.shown_version)),
        schema=Schema(body=shapes.VersionActBody, answer=shapes.PipelineVersionShape),
    ),
)
