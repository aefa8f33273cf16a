"""What the use cases need from outside to keep what is owed to other people's addresses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.use_cases.ports.runs import Due


class Outbox(Protocol):
    """The book of what is owed. A notice comes into it with the package it tells of: Inventory.attach."""

    def find(self, delivery_id: str) -> PendingDelivery | None:
        """What is owed under an id, until it is settled."""

    def save(self, owed: PendingDelivery) -> PendingDelivery:
        """Save on its version; the saved one has the next. Faults: Stale, also when it is settled."""

    def settle(self, delivery_id: str, followed_by: Sequence[PendingDelivery] = ()) -> None:
        """Forget it, once all that follows from it is in the book. Doing it again is no fault."""

    def give_up(self, delivery_id: str, entry: AuditEntry) -> None:
        """Forget it, and tell of that in the audit log. Doing it again is no fault."""

    def due(self, before: datetime, limit: int) -> Sequence[Due]:
        """What is due by an instant, earliest first. May lag."""
