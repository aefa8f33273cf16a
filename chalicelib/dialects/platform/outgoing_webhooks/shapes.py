"""Shapes of webhooks and their deliveries."""

from typing import Literal

from pydantic import Field

from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import LenientShape, Shape


class WebhookBody(Shape):
    """A webhook. kinds: of things, or types of events; empty for all. secret: `whsec_…`; made if it is left out."""

    url: str = Field(max_length=2000)
    kinds: list[str] = Field(default=[], max_length=20)
    secret: str = Field(default="", max_length=200)


class WebhookShape(Shape):
    """A webhook. url: with *** for what may be secret. failing_since: of one that fails. paused: why, if it is."""

    id: str
    project: str
    url: str
    kinds: list[str]
    by: str
    at: str
    failing_since: str | None
    paused: str


class NewWebhookShape(WebhookShape):
    """A webhook that was just made, with its signing secret, which is shown once."""

    secret: str


class WebhooksShape(Shape):
    """Webhooks of a project, or of the installation."""

    items: list[WebhookShape]


class AttemptShape(Shape):
    """A call. status: of HTTP; 0 without an answer."""

    at: str
    status: int
    said: str


class DeliveryShape(Shape):
    """What became of an event. next_at: when it is tried again. event: as it was sent."""

    id: str
    type: str
    status: Literal["pending", "delivered", "failed"]
    at: str
    next_at: str | None
    attempts: list[AttemptShape]
    event: dict[str, object]


class DeliveriesShape(Shape):
    """A page of deliveries, of the latest event first. next: what to give as `page_from`."""

    items: list[DeliveryShape]
    next: str | None


class OfProject(LenientShape):
    """Whose webhooks: of a project, or of the installation if it is left out."""

    project: str = ""


class DeliveriesQuery(PagedQuery):
    """A page of the deliveries of a webhook of a project, or of the installation."""

    project: str = ""
