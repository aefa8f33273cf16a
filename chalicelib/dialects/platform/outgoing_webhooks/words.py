"""Read what is wanted of webhooks, and show them."""

import json
import re
from collections.abc import Sequence

from chalicelib.dialects.platform.outgoing_webhooks import shapes
from chalicelib.http.reply import Json, Reply, empty_reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.subscriptions.event_delivery import EventDelivery
from chalicelib.kernel.subscriptions.subscription import Subscription
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.subscriptions.deliveries import DeliveriesFound, DeliveriesQuery, Redeliver
from chalicelib.use_cases.subscriptions.outgoing_webhooks import CreateWebhook, NewWebhook, WebhookCommand

_EVENT = re.compile(r"[0-9]{1,15}\.[0-9]{1,3}")


def _project(request: Request) -> str:
    return request.query.text("project") or ""


def read_project(request: Request) -> str:
    """Read whose webhooks are wanted."""
    return _project(request)


def read_new(request: Request) -> CreateWebhook:
    """Read a webhook. Faults: Invalid."""
    body = request.body(shapes.WebhookBody)
    return CreateWebhook(
        origin=request.origin, url=body.url, project=_project(request), kinds=tuple(body.kinds), secret=body.secret
    )


def read_one(request: Request) -> WebhookCommand:
    """Read which webhook is meant."""
    return WebhookCommand(origin=request.origin, id=request.parameters["webhook"], project=_project(request))


def read_deliveries(request: Request) -> DeliveriesQuery:
    """Read which deliveries are wanted. Faults: Invalid."""
    size = request.query.whole("page_size", default=50, least=1, most=200)
    after = request.query.text("page_from") or None
    page = Page(size=size, after=_event(after, "page_from") if after is not None else None)
    return DeliveriesQuery(id=request.parameters["webhook"], project=_project(request), page=page)


def read_again(request: Request) -> Redeliver:
    """Read what is to be sent again. Faults: Invalid."""
    event = _event(request.parameters["event"], "event")
    return Redeliver(origin=request.origin, id=request.parameters["webhook"], event=event, project=_project(request))


def _event(text: str, name: str) -> str:
    if not _EVENT.fullmatch(text):
        raise Invalid.single(name, "should be the id of an event")
    return text


def show_webhooks(found: Sequence[Subscription]) -> Reply:
    """Show webhooks."""
    return json_reply({"items": [_shown(one) for one in found]})


def show_webhook(webhook: Subscription) -> Reply:
    """Show a webhook."""
    return json_reply(_shown(webhook))


def show_new(new: NewWebhook) -> Reply:
    """Show a webhook that was just made, with its secret."""
    return json_reply({**_shown(new.webhook), "secret": new.secret})


def show_removed(_: None) -> Reply:
    """Show that a webhook is removed."""
    return empty_reply(204)


def show_deliveries(found: DeliveriesFound) -> Reply:
    """Show a page of deliveries."""
    return json_reply({"items": [_shown_delivery(one) for one in found.deliveries], "next": found.after})


def show_delivery(delivery: EventDelivery) -> Reply:
    """Show a delivery."""
    return json_reply(_shown_delivery(delivery))


def _shown(webhook: Subscription) -> dict[str, Json]:
    since = webhook.failing_since
    return {
        "id": webhook.id,
        "project": webhook.project,
        "url": webhook.url,
        "kinds": list(webhook.kinds),
        "by": webhook.by,
        "at": webhook.at.isoformat(),
        "failing_since": since.isoformat() if since is not None else None,
        "paused": webhook.paused,
    }


def _shown_delivery(delivery: EventDelivery) -> Json:
    return {
        "id": delivery.event,
        "type": delivery.type,
        "status": delivery.status.value,
        "at": delivery.at.isoformat(),
        "next_at": delivery.due_at.isoformat() if delivery.due_at is not None else None,
        "attempts": [{"at": one.at.isoformat(), "status": one.status, "said": one.said} for one in delivery.attempts],
        "event": json.loads(delivery.body),
    }
