"""What became of an event's calls to a subscription: kept for as long as the feed, seen by owners, sent again."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from slipway_formats.frozen import frozen

MOST_ATTEMPTS = 10
"""The latest attempts that are kept."""

LONGEST_ANSWER = 300


class DeliveryStatus(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@frozen
class Attempt:
    """A call. status: of HTTP; 0 without an answer. said: what became of it, in words."""

    at: datetime
    status: int
    said: str


@frozen
class EventDelivery:
    """An event for a subscription. event: its id. type: its type. body: JSON, as sent. due_at: the next attempt."""

    subscription: str
    event: str
    type: str
    project: str
    body: str
    at: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: tuple[Attempt, ...] = ()
    due_at: datetime | None = None


def attempted(delivery: EventDelivery, attempt: Attempt, due_at: datetime | None, *, went_well: bool) -> EventDelivery:
    """Return the delivery after an attempt. due_at: when it is tried again, if it is."""
    failed = DeliveryStatus.FAILED if due_at is None else DeliveryStatus.PENDING
    return replace(
        delivery,
        status=DeliveryStatus.DELIVERED if went_well else failed,
        attempts=(*delivery.attempts, replace(attempt, said=attempt.said[:LONGEST_ANSWER]))[-MOST_ATTEMPTS:],
        due_at=due_at,
    )
