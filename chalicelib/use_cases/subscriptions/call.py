"""Call a webhook for an event, signed by Standard Webhooks, and keep what became of it."""

from contextlib import suppress
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.releases.delivery import EventCall, PendingDelivery
from chalicelib.kernel.releases.hook import Signed, signed_headers
from chalicelib.kernel.subscriptions.event_delivery import Attempt, attempted
from chalicelib.kernel.subscriptions.subscription import Subscription, after_call
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.secret_calls import Address, post_to

MEDIA = "application/cloudevents+json"


def call_webhook(ports: Ports, delivery: PendingDelivery, call: EventCall) -> Called | None:
    """Call the webhook and return the answer; None if it was removed or paused.

    Faults: NotFound, if it was just removed; Unavailable, if too many calls are open.
    """
    webhook = ports.subscriptions.current().find(call.subscription)
    if webhook is None or webhook.paused:
        return None
    signed = Signed(id=f"msg_{delivery.id}", at=int(ports.clock.now().timestamp()), body=call.body.encode())
    address = Address(url=webhook.url, secret=webhook.whole_url, project=call.project)
    return post_to(ports, address, signed_headers(signed, ports.secrets.get(webhook.secret), MEDIA), signed.body)


def note_call(ports: Ports, call: EventCall, called: Called | None, due_at: datetime | None) -> None:
    """Keep what became of an attempt, and pause a webhook that fails for long. due_at: when it is tried again."""
    now, said = ports.clock.now(), called or Called(status=0, text="the webhook was removed or paused")
    known = ports.subscriptions.find_delivery(call.subscription, call.event)
    if known is not None:
        attempt = Attempt(at=now, status=said.status, said=said.said)
        ports.subscriptions.save_delivery(attempted(known, attempt, due_at, went_well=said.went_well))
    if called is not None:
        with suppress(Stale):  # the next call says it again
            retry_on_conflict(ports, lambda: _note_health(ports, call, called, now))


def _note_health(ports: Ports, call: EventCall, called: Called, now: datetime) -> None:
    known = ports.subscriptions.current()
    before = known.find(call.subscription)
    if before is None or before.paused:
        return
    after = after_call(before, called.status, now, went_well=called.went_well)
    if after != before:
        ports.subscriptions.save(known.having(after), _paused_entry(after, now) if after.paused else None)


def _paused_entry(webhook: Subscription, now: datetime) -> AuditEntry:
    return AuditEntry(
        id=f"webhook/{webhook.id}/{webhook.at.isoformat()}/paused",
        at=now,
        by="slipway",
        act="paused-webhook",
        subject=f"webhook {webhook.id}",
        project=webhook.project,
        notes=webhook.paused,
    )
