"""Subscriptions to events: who is called, by which secret, and when one that fails long is paused.

What became of each call: event_delivery.py. The calls themselves are pending deliveries: kernel/releases/delivery.py.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.feed.cloud_event import is_of_kinds
from chalicelib.kernel.feed.occurrence import Occurrence
from slipway_formats.frozen import frozen

PAUSED_AFTER = timedelta(hours=24)
"""How long a subscription may fail without one success before it is paused."""

GONE = 410
"""The status by which an address unsubscribes. Source: Standard Webhooks."""


@frozen
class Subscription:
    """Who is called for which events. project: empty for all projects. kinds: empty for all. url: as shown.

    whole_url: reference of the full one, if parts are hidden. secret: reference of the signing secret. failing_since:
    since when no call went well. paused: why nothing is sent any more; empty while it is.
    """

    id: str
    project: str
    url: str
    whole_url: str = ""
    secret: str
    kinds: tuple[str, ...] = ()
    by: str
    at: datetime
    failing_since: datetime | None = None
    paused: str = ""

    def wants(self, occurrence: Occurrence) -> bool:
        """Return whether it is called for what occurred; not for what had occurred before it was made, or paused."""
        is_there = self.project in ("", occurrence.project) and occurrence.at >= self.at
        return is_there and not self.paused and is_of_kinds(occurrence.type, frozenset(self.kinds))


@frozen
class Subscriptions:
    """All subscriptions of the installation. dispatched: number of the last entry of the feed that they were sent."""

    version: int = 0
    all: tuple[Subscription, ...] = ()
    dispatched: int = 0

    @property
    def is_active(self) -> bool:
        """Return whether anybody is called."""
        return any(not one.paused for one in self.all)

    def find(self, subscription_id: str) -> Subscription | None:
        """Return the subscription of this id, if there is one."""
        return next((one for one in self.all if one.id == subscription_id), None)

    def wanting(self, occurrence: Occurrence) -> Iterator[Subscription]:
        """Yield those that are called for what occurred."""
        return (one for one in self.all if one.wants(occurrence))

    def having(self, changed: Subscription) -> "Subscriptions":
        """Return a copy in which the subscription of the same id is this one."""
        return replace(self, all=tuple(changed if one.id == changed.id else one for one in self.all))


def after_call(subscription: Subscription, status: int, now: datetime, *, went_well: bool) -> Subscription:
    """Return the subscription after a call: it fails, goes well again, or is paused."""
    if went_well:
        return replace(subscription, failing_since=None)
    since = subscription.failing_since or now
    failing = replace(subscription, failing_since=since)
    if status == GONE:
        return replace(failing, paused="its address answered 410: it wants no more")
    if now - since >= PAUSED_AFTER and not subscription.paused:
        return replace(failing, paused=f"no call has gone well since {since:%Y-%m-%d %H:%M} UTC")
    return failing
