"""Store subscriptions to events and their deliveries in the table `runs`."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.feed.occurrence import KEPT
from chalicelib.kernel.subscriptions.event_delivery import EventDelivery
from chalicelib.kernel.subscriptions.subscription import Subscriptions
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import expiry, item_of, record_of
from chalicelib.store.dynamo.saving import Save, on_version, save
from chalicelib.store.dynamo.tables import Put, Reading, Table, Tables
from chalicelib.store.feed.writer import note_wanted
from chalicelib.store.subscriptions import keys
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.ports.subscriptions import SubscriptionRecords
from slipway_formats.frozen import frozen
from slipway_formats.override import override

THING = "the list of webhooks"


@frozen
class StoredSubscriptions(SubscriptionRecords):
    """Implement the port SubscriptionRecords on the table `runs`. identifier: returns a unique name for each write."""

    tables: Tables
    identifier: Callable[[], str]

    @override
    def current(self) -> Subscriptions:
        item = self._table.get(keys.ALL)
        return _subscriptions(item) if item is not None else Subscriptions()

    @override
    def save(self, subscriptions: Subscriptions, entry: AuditEntry | None) -> Subscriptions:
        saved, since = replace(subscriptions, version=subscriptions.version + 1), subscriptions.version or None
        item = item_of(keys.ALL, Subscriptions, saved, THING, version=saved.version)
        if entry is None:
            save(self.tables, self._table, Save(item=item, since=since, thing=THING, commit=self.identifier()))
            return self._noted(saved)
        try:
            is_new = transact_audited(self.tables, (Put(self._table, item, on_version(since)),), entry)
        except ConditionFailed as error:
            raise Stale(f"{THING} has changed") from error
        return self._noted(saved if is_new else self.current())

    def _noted(self, saved: Subscriptions) -> Subscriptions:
        """Let writers of the feed know whether anybody is called; after a crash in between the next save does it."""
        note_wanted(self._table, saved.version, is_wanted=saved.is_active)
        return saved

    @override
    def find_delivery(self, subscription_id: str, event: str) -> EventDelivery | None:
        item = self._table.get(keys.delivery_key(subscription_id, event))
        return _delivery(item) if item is not None else None

    @override
    def save_delivery(self, delivery: EventDelivery) -> None:
        key, until = keys.delivery_key(delivery.subscription, delivery.event), expiry(delivery.at + KEPT)
        self._table.put(item_of(key, EventDelivery, delivery, f"event {delivery.event}", expires_at=until))

    @override
    def deliveries(self, subscription_id: str, page: Page) -> Sequence[EventDelivery]:
        wanted = Path("pk") == keys.deliveries_partition(subscription_id)
        if page.after is not None:
            wanted &= Path("sk") < keys.delivery_key(subscription_id, page.after).sk
        found = self._table.query(wanted, Reading(limit=page.size, backward=True, consistent=True))
        return [_delivery(item) for item in found.items]

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.RUNS)


def _subscriptions(item: Item) -> Subscriptions:
    found: Subscriptions = record_of(Subscriptions, item)
    return found


def _delivery(item: Item) -> EventDelivery:
    found: EventDelivery = record_of(EventDelivery, item)
    return found
