"""Rows of task pipelines: run, state, kill, retry, lists. A GET that changes something has a POST twin."""

from chalicelib.dialects.deploy.dialect import DEPLOY
from chalicelib.dialects.deploy.lists.shapes import PageQuery
from chalicelib.dialects.deploy.lists.words import read_query
from chalicelib.dialects.deploy.pipelines import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED, AUTHENTICATED_OR_OPEN
from chalicelib.http.request import FORM
from chalicelib.use_cases.task_pipelines.from_git import run_pipeline_from_git
from chalicelib.use_cases.task_pipelines.lists import list_pipelines
from chalicelib.use_cases.task_pipelines.run import kill_pipeline, retry_pipeline, run_task_pipeline
from chalicelib.use_cases.task_pipelines.views import get_pipeline

PIPELINES = Group(DEPLOY, "Pipelines")
CHANGES = frozenset({Flag.CHANGES})


def _list(path: str, whose: str) -> Operation:
    return PIPELINES.operation(
        f"GET /v1/list/pipelines{path}",
        f"The pipelines {whose}, newest first.",
        AUTHENTICATED_OR_OPEN,
        Handling(read_query, list_pipelines, words.show_pipelines),
        schema=Schema(answer=shapes.TaskPipelinesShape, query=PageQuery),
    )


DIRECTORY = "{repository}/{directory}"
RUNNING = Handling(words.read_run, run_pipeline_from_git, words.show_pipeline)
ACCEPTED = Schema(status=202, answer=shapes.TaskPipelineShape)

_FROM_GIT = (
    PIPELINES.operation(
        f"GET|POST /v1/pipeline/runas/{DIRECTORY}/{{name}}",
        "Run the pipeline of a directory under a name, in the namespace of the repository's name.",
        AUTHENTICATED,
        RUNNING,
        schema=ACCEPTED,
        flags=CHANGES,
    ),
    PIPELINES.operation(
        f"GET|POST /v1/pipeline/runinas/{DIRECTORY}/{{namespace}}/{{name}}",
        "Run the pipeline of a directory under a name in a namespace.",
        AUTHENTICATED,
        RUNNING,
        schema=ACCEPTED,
        flags=CHANGES,
    ),
    PIPELINES.operation(
        f"POST /v1/pipeline/elaborate/runinas/{DIRECTORY}/{{namespace}}/{{name}}",
        "Run the pipeline of a directory at a branch.",
        AUTHENTICATED,
        RUNNING,
        schema=Schema(status=202, body=shapes.BranchForm, answer=shapes.TaskPipelineShape, takes=FORM),
        flags=frozenset({Flag.OPTIONAL_BODY}),
    ),
    PIPELINES.operation(
        f"POST /v2/pipeline/elaborate/run/{DIRECTORY}/{{name}}",
        "Run the pipeline of a directory; namespace and branch are in the body.",
        AUTHENTICATED,
        RUNNING,
        schema=Schema(status=202, body=shapes.PlacedForm, answer=shapes.TaskPipelineShape, takes=FORM),
        flags=frozenset({Flag.OPTIONAL_BODY}),
    ),
)

OPERATIONS = (
    *_FROM_GIT,
    PIPELINES.operation(
        "POST /v2/pipeline/run/with-configuration",
        "Run a pipeline in the body.",
        AUTHENTICATED,
        Handling(words.read_with_configuration, run_task_pipeline, words.show_pipeline),
        schema=Schema(status=202, body=shapes.PipelineForm, answer=shapes.TaskPipelineShape, takes=FORM),
    ),
    PIPELINES.operation(
        "GET /v1/pipeline/state/{namespace}/{id}",
        "The state of a pipeline, with every task.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.read_pipeline, get_pipeline, words.show_pipeline),
        schema=Schema(answer=shapes.TaskPipelineShape),
    ),
    PIPELINES.operation(
        "GET|POST /v1/pipeline/kill/{id}",
        "Stop a pipeline; what runs in spite of errors cleans up, unless `cleanup=false`.",
        AUTHENTICATED,
        Handling(words.read_kill, kill_pipeline, words.show_killed),
        schema=Schema(status=202, answer=shapes.KilledShape),
        flags=CHANGES,
    ),
    PIPELINES.operation(
        "POST /v1/pipeline/retry/{id}",
        "Run an ended pipeline again from the task that failed; added.",
        AUTHENTICATED,
        Handling(words.read_retry, retry_pipeline, words.show_pipeline),
        schema=Schema(status=202, answer=shapes.TaskPipelineShape),
        flags=frozenset({Flag.OPTIONAL_BODY}),
    ),
    _list("", "of all namespaces"),
    _list("/{namespace}", "of a namespace"),
)
