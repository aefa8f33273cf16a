"""Send what occurs to the webhooks that want it: the feed is read on, and a pending delivery is left for each.

Writers of the feed ask for it by a message, one after the other; the sweep finds what came without one.

At least once: a crash between two deliveries leaves the cursor where it was, and what has a delivery is left out.
"""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.faults import Fault, NotFound, Stale
from chalicelib.kernel.feed.cloud_event import Place, cloud_event
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.releases.delivery import EventCall, PendingDelivery, pending_event, turn_of
from chalicelib.kernel.subscriptions.event_delivery import EventDelivery
from chalicelib.kernel.subscriptions.subscription import Subscription, Subscriptions
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.feed import FeedEntry

PAGE = 100


def dispatch_events(ports: Ports, until: datetime) -> int:
    """Leave pending deliveries for what has occurred since the last time, until the time is used; return how many."""
    known, sent = ports.subscriptions.current(), 0
    while known.is_active and ports.clock.now() < until:
        entries = _following(ports, known)
        if not entries:
            break
        sent += sum(_send(ports, known, entry) for entry in entries)
        try:
            known = ports.subscriptions.save(replace(known, dispatched=entries[-1].number), None)
        except Stale:
            break  # somebody changed a webhook, or another one was faster: the next one goes on
    return sent


def _following(ports: Ports, known: Subscriptions) -> list[FeedEntry]:
    try:
        return list(ports.feed.read(known.dispatched, PAGE).entries)
    except NotFound:
        # No sweep has run for a week. What is still kept is sent.
        return list(ports.feed.read(0, PAGE).entries)


def _send(ports: Ports, known: Subscriptions, entry: FeedEntry) -> int:
    wanted = [
        (subscription, (entry.number, index), occurrence)
        for index, occurrence in enumerate(entry.occurrences)
        for subscription in known.wanting(occurrence)
    ]
    return sum(_leave(ports, *one) for one in wanted)


def _leave(ports: Ports, subscription: Subscription, place: Place, occurrence: Occurrence) -> bool:
    """Leave a pending delivery; return False if there was one."""
    event = cloud_event(place, occurrence, ports.settings.public_url)
    name, body = str(event["id"]), json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    if ports.subscriptions.find_delivery(subscription.id, name) is not None:
        return False
    now = ports.clock.now()
    delivery = EventDelivery(
        subscription=subscription.id,
        event=name,
        type=str(event["type"]),
        project=occurrence.project,
        body=body,
        at=now,
        due_at=now,
    )
    # The pending one first: it alone is sent, and the other says that it is there.
    pending = pending_of(delivery)
    ports.outbox.add(pending)
    ports.subscriptions.save_delivery(delivery)
    # Not by enqueue_delivery: who sends these need not be let send to the queue of packages.
    with suppress(Fault):
        ports.queue.schedule_delivery(pending.id, pending.due_at, turn_of(pending.what))
    return True


def pending_of(delivery: EventDelivery) -> PendingDelivery:
    """Return the pending delivery of an event: the same however often it is sent."""
    call = EventCall(
        subscription=delivery.subscription, event=delivery.event, body=delivery.body, project=delivery.project
    )
    return pending_event(call, delivery.due_at or delivery.at)
