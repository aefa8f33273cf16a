"""Subscriptions and their deliveries in memory: held to the contract by tests/store/subscriptions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.subscriptions.event_delivery import EventDelivery
from chalicelib.kernel.subscriptions.subscription import Subscriptions
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.ports.subscriptions import SubscriptionRecords
from tests.fakes.audits import FakeAudits

Place = tuple[int, int]


@dataclass
class FakeSubscriptions(SubscriptionRecords):
    """Subscriptions and their deliveries in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: Subscriptions = field(default_factory=Subscriptions)
    sent: dict[tuple[str, str], EventDelivery] = field(default_factory=dict)

    def current(self) -> Subscriptions:
        return self.kept

    def save(self, subscriptions: Subscriptions, entry: AuditEntry | None) -> Subscriptions:
        if entry is not None and self.audits.has(entry):
            return self.kept
        if subscriptions.version != self.kept.version:
            raise Stale("the list of webhooks has changed")
        self.kept = replace(subscriptions, version=subscriptions.version + 1)
        if entry is not None:
            self.audits.write(entry)
        return self.kept

    def find_delivery(self, subscription_id: str, event: str) -> EventDelivery | None:
        return self.sent.get((subscription_id, event))

    def save_delivery(self, delivery: EventDelivery) -> None:
        self.sent[delivery.subscription, delivery.event] = delivery

    def deliveries(self, subscription_id: str, page: Page) -> Sequence[EventDelivery]:
        own = [one for (of, _), one in self.sent.items() if of == subscription_id]
        newest_first = sorted(own, key=lambda one: _place(one.event), reverse=True)
        after = page.after
        return [one for one in newest_first if after is None or _place(one.event) < _place(after)][: page.size]


def _place(event: str) -> Place:
    number, _, index = event.partition(".")
    return int(number), int(index)
