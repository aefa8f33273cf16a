"""Rows of webhooks that git hosts and scripts call after a push."""

from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.incoming_webhooks import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import PROJECT_OWNER, PUBLIC
from chalicelib.use_cases.incoming_webhooks.hear_webhook import hear_build_webhook, hear_pipeline_webhook
from chalicelib.use_cases.incoming_webhooks.signing_secrets import read_webhook_secret, rotate_webhook_secret

PIPELINES = Group(STATE, "Pipelines")
GROUP = Group(STATE, "Builds")
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
BUILD = f"{ENVIRONMENT}/builds/by-name/{{build}}/webhook-secret"
TRIGGER = "/api/v1/pipelines/by-project/{project}/by-name/{pipeline}/triggers/{trigger}/webhook-secret"
SHOWN = frozenset({Flag.CHANGES, Flag.SECRET_ANSWER})
SECRET = frozenset({Flag.SECRET_ANSWER})


OPERATIONS = (
    GROUP.operation(
        f"GET {BUILD}",
        "The secret of a build's webhook; what it signs counts as begun by those who have read it.",
        PROJECT_OWNER,
        Handling(words.read_of_build, read_webhook_secret, words.show_secret),
        schema=Schema(answer=shapes.WebhookSecretShape),
        flags=SHOWN,
    ),
    GROUP.operation(
        f"POST {BUILD}",
        "Make a new secret of a build's webhook, apart from its address; the one before signs no more.",
        PROJECT_OWNER,
        Handling(words.read_of_build, rotate_webhook_secret, words.show_secret),
        schema=Schema(answer=shapes.WebhookSecretShape),
        flags=SECRET,
    ),
    PIPELINES.operation(
        f"GET {TRIGGER}",
        "The secret of a pipeline's webhook; what it signs counts as begun by those who have read it.",
        PROJECT_OWNER,
        Handling(words.read_of_pipeline, read_webhook_secret, words.show_secret),
        schema=Schema(answer=shapes.WebhookSecretShape),
        flags=SHOWN,
    ),
    PIPELINES.operation(
        f"POST {TRIGGER}",
        "Make a new secret of a pipeline's webhook, apart from its address; the one before signs no more.",
        PROJECT_OWNER,
        Handling(words.read_of_pipeline, rotate_webhook_secret, words.show_secret),
        schema=Schema(answer=shapes.WebhookSecretShape),
        flags=SECRET,
    ),
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
