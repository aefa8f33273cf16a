"""The fake of the port OwedBook, held to the same contract as the store by tests/store/runs/test_deliveries.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.use_cases.ports.deliveries import Outbox
from chalicelib.use_cases.ports.runs import Due
from tests.fakes.audits import FakeAudits


@dataclass
class FakeOutbox(Outbox):
    """What is owed, in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: dict[str, PendingDelivery] = field(default_factory=dict)

    def find(self, delivery_id: str) -> PendingDelivery | None:
        return self.kept.get(delivery_id)

    def add(self, delivery: PendingDelivery) -> None:
        self.kept[delivery.id] = delivery

    def save(self, owed: PendingDelivery) -> PendingDelivery:
        known = self.kept.get(owed.id)
        if known is None or known.version != owed.version:
            raise Stale(f"what is owed as {owed.id} has changed since version {owed.version}")
        self.kept[owed.id] = replace(owed, version=owed.version + 1)
        return self.kept[owed.id]

    def settle(self, delivery_id: str, followed_by: Sequence[PendingDelivery] = ()) -> None:
        self.kept |= {one.id: one for one in followed_by}
        self.kept.pop(delivery_id, None)

    def give_up(self, delivery_id: str, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self.settle(delivery_id)
            self.audits.write(entry)

    def due(self, before: datetime, page: int) -> Iterator[Due]:
        due = [Due(id=one.id, at=one.due_at) for one in self.kept.values() if one.due_at <= before]
        assert page > 0
        return iter(sorted(due, key=lambda one: (one.at, one.id)))
