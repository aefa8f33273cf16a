"""Rows of webhooks: what git hosts and scripts call after a push."""

from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.webhooks import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import PUBLIC
from chalicelib.use_cases.definitions.incoming_webhooks import hear_build_webhook, hear_pipeline_webhook

PIPELINES = Group(STATE, "Pipelines")
GROUP = Group(STATE, "Builds")
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})


OPERATIONS = (
    GROUP.operation(
        f"POST {ENVIRONMENT}/builds/webhook/{{code}}",
        "Tell a build of a push, by the token of its webhook.",
        PUBLIC,
        Handling(words.read_build_webhook, hear_build_webhook, words.show_heard),
        schema=Schema(body=dict[str, object], answer=shapes.Heard),
        flags=OPTIONAL,
    ),
    PIPELINES.operation(
        "POST /api/v1/pipelines/by-project/{project}/pipelines/webhook/{code}",
        "Start a pipeline by the token of one of its webwords.",
        PUBLIC,
        Handling(words.read_pipeline_webhook, hear_pipeline_webhook, words.show_heard),
        schema=Schema(body=dict[str, object], answer=shapes.Heard),
        flags=OPTIONAL,
    ),
)
