"""Port for subscriptions to events, and what became of their deliveries."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.subscriptions.event_delivery import EventDelivery
from chalicelib.kernel.subscriptions.subscription import Subscriptions
from chalicelib.use_cases.ports.runs import Page


class SubscriptionRecords(Protocol):
    """The subscriptions of the installation, in one record, and their deliveries, each for as long as the feed."""

    def current(self) -> Subscriptions:
        """Return the subscriptions as they are now (a consistent read)."""

    def save(self, subscriptions: Subscriptions, entry: AuditEntry | None) -> Subscriptions:
        """Save on their version, and return them with the next. entry: None for what no person did.

        From then on writers of the feed know at once whether anybody is called.
        Faults: Stale, TooLarge. Where the entry exists the command took effect before: nothing is saved.
        """

    def find_delivery(self, subscription_id: str, event: str) -> EventDelivery | None:
        """Return what became of an event for a subscription, if it was to be sent (a consistent read)."""

    def save_delivery(self, delivery: EventDelivery) -> None:
        """Keep what became of it, in place of what was known. Faults: TooLarge."""

    def deliveries(self, subscription_id: str, page: Page) -> Sequence[EventDelivery]:
        """List the deliveries of a subscription, of the latest event first. page.after: an event."""
