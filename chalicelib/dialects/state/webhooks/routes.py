"""Rows of webhooks: what git hosts and scripts call after a push."""

from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.webhooks import shapes, words
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import PUBLIC
from chalicelib.use_cases.definitions.webhooks import hear_build_webhook, hear_pipeline_webhook

GROUP = "Builds"
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})


OPERATIONS = (
    operation(
        STATE,
        f"POST {ENVIRONMENT}/builds/webhook/{{code}}",
        read=words.read_build_webhook,
        verb=hear_build_webhook,
        show=words.show_heard,
        permission=PUBLIC,
        about=About(
            group=GROUP,
            summary="Tell a build of a push, by the token of its webhook.",
            body=dict[str, object],
            answer=shapes.Heard,
        ),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        "POST /api/v1/pipelines/by-project/{project}/pipelines/webhook/{code}",
        read=words.read_pipeline_webhook,
        verb=hear_pipeline_webhook,
        show=words.show_heard,
        permission=PUBLIC,
        about=About(
            group="Pipelines",
            summary="Start a pipeline by the token of one of its webwords.",
            body=dict[str, object],
            answer=shapes.Heard,
        ),
        flags=OPTIONAL,
    ),
)
