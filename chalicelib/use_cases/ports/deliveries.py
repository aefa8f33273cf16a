"""Port for the outbox: pending deliveries to external addresses."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.use_cases.ports.runs import Due


class Outbox(Protocol):
    """The outbox. An upload notice is stored in one transaction with its package: PackageRecords.attach."""

    def find(self, delivery_id: str) -> PendingDelivery | None:
        """Return the pending delivery, or None once it is settled."""

    def add(self, delivery: PendingDelivery) -> None:
        """Store a new delivery; one of its id that is pending begins anew."""

    def save(self, delivery: PendingDelivery) -> PendingDelivery:
        """Save on its version; the saved one has the next. Faults: Stale, also if it is settled; TooLarge."""

    def settle(self, delivery_id: str, followed_by: Sequence[PendingDelivery] = ()) -> None:
        """Remove the delivery once those that follow from it are stored; idempotent."""

    def give_up(self, delivery_id: str, entry: AuditEntry) -> None:
        """Remove the delivery and write an audit entry; idempotent."""

    def due(self, before: datetime, page: int) -> Iterator[Due]:
        """Yield deliveries due at or before an instant, earliest first (an eventually consistent read)."""
