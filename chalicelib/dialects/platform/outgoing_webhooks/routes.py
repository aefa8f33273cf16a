"""Rows of webhooks that are called for events."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.outgoing_webhooks import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import InProject, project_in_query
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.subscriptions.deliveries import list_deliveries, redeliver
from chalicelib.use_cases.subscriptions.outgoing_webhooks import (
    create_webhook,
    list_webhooks,
    remove_webhook,
    resume_webhook,
)

GROUP = Group(PLATFORM, "Webhooks")
WEBHOOKS = "/api/v1/webhooks"


OWNER = InProject(Level.OWNER, by=project_in_query)

OPERATIONS = (
    GROUP.operation(
        f"GET {WEBHOOKS}",
        "The webhooks that are called for events of `?project=`, for its owners; without it those of the installation.",
        OWNER,
        Handling(words.read_project, list_webhooks, words.show_webhooks),
        schema=Schema(query=shapes.OfProject, answer=shapes.WebhooksShape),
    ),
    GROUP.operation(
        f"POST {WEBHOOKS}",
        "Call an address for events of `?project=`, or without it of all, and answer its signing secret, once.",
        OWNER,
        Handling(words.read_new, create_webhook, words.show_new),
        flags=frozenset({Flag.SECRET_ANSWER}),
        schema=Schema(query=shapes.OfProject, body=shapes.WebhookBody, answer=shapes.NewWebhookShape),
    ),
    GROUP.operation(
        f"DELETE {WEBHOOKS}/{{webhook}}",
        "Remove a webhook of `?project=`, or without it of the installation.",
        OWNER,
        Handling(words.read_one, remove_webhook, words.show_removed),
        schema=Schema(query=shapes.OfProject, status=204),
    ),
    GROUP.operation(
        f"POST {WEBHOOKS}/{{webhook}}/resume",
        "Call a paused webhook again, for what occurs from now on.",
        OWNER,
        Handling(words.read_one, resume_webhook, words.show_webhook),
        schema=Schema(query=shapes.OfProject, answer=shapes.WebhookShape),
    ),
    GROUP.operation(
        f"GET {WEBHOOKS}/{{webhook}}/deliveries",
        "What became of its deliveries of 7 days, of the latest event first: each call and its answer.",
        OWNER,
        Handling(words.read_deliveries, list_deliveries, words.show_deliveries),
        schema=Schema(query=shapes.DeliveriesQuery, answer=shapes.DeliveriesShape),
    ),
    GROUP.operation(
        f"POST {WEBHOOKS}/{{webhook}}/deliveries/{{event}}/redeliver",
        "Send an event to it again, under the id that it had.",
        OWNER,
        Handling(words.read_again, redeliver, words.show_delivery),
        schema=Schema(query=shapes.OfProject, answer=shapes.DeliveryShape),
    ),
)
