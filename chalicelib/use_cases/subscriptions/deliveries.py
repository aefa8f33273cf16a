"""What became of a webhook's deliveries: seen, and sent again."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.subscriptions.event_delivery import DeliveryStatus, EventDelivery
from chalicelib.use_cases.audit.entries import AuditAction, Origin, write_audit
from chalicelib.use_cases.enqueue_delivery import enqueue_delivery
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.subscriptions.dispatch import pending_of
from chalicelib.use_cases.subscriptions.outgoing_webhooks import find_webhook
from slipway_formats.frozen import frozen


@frozen
class DeliveriesQuery:
    """Query: a page of the deliveries of a webhook of a project, or of the installation. page.after: an event."""

    id: str
    project: str = ""
    page: Page = Page()


@frozen
class Redeliver:
    """Send an event to a webhook again."""

    origin: Origin
    id: str
    event: str
    project: str = ""


@frozen
class DeliveriesFound:
    """A page of deliveries. after: where the next page begins; None when there is none."""

    deliveries: Sequence[EventDelivery]
    after: str | None = None


def list_deliveries(ports: Ports, query: DeliveriesQuery) -> DeliveriesFound:
    """List what became of a webhook's deliveries, of the latest event first. Faults: NotFound."""
    find_webhook(ports, query.id, query.project)
    found = ports.subscriptions.deliveries(query.id, query.page)
    return DeliveriesFound(deliveries=found, after=found[-1].event if len(found) == query.page.size else None)


def redeliver(ports: Ports, command: Redeliver) -> EventDelivery:
    """Send an event again, under the id that it had. Faults: NotFound; Conflict while the webhook is paused."""
    _, webhook = find_webhook(ports, command.id, command.project)
    known = ports.subscriptions.find_delivery(command.id, command.event)
    if known is None:
        raise NotFound(f"no delivery of event {command.event} to webhook {command.id}")
    if webhook.paused:
        raise Conflict(f"webhook {command.id} is paused: {webhook.paused}")
    again = replace(known, status=DeliveryStatus.PENDING, due_at=command.origin.at)
    action = AuditAction(
        act="redelivered-event", subject=f"event {command.event} to webhook {command.id}", project=command.project
    )
    pending = pending_of(again)
    ports.outbox.add(pending)
    ports.subscriptions.save_delivery(again)
    write_audit(ports, command.origin, action)
    enqueue_delivery(ports, pending)
    return again
