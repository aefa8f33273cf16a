"""Store pending deliveries to external addresses in the table `runs`, in their own shard of the due index."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import STATE, item_of, record_of
from chalicelib.store.dynamo.saving import Save, save
from chalicelib.store.dynamo.tables import Remove, Table, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.due_index import due_in
from chalicelib.use_cases.ports.deliveries import Outbox
from chalicelib.use_cases.ports.runs import Due
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredOutbox(Outbox):
    """Implement the outbox port on DynamoDB. identifier: returns a unique name for each write."""

    tables: Tables
    identifier: Callable[[], str]

    @override
    def find(self, delivery_id: str) -> PendingDelivery | None:
        item = self._table.get(keys.delivery_key(delivery_id))
        return None if item is None else _delivery_of(item)

    @override
    def add(self, delivery: PendingDelivery) -> None:
        self._table.put(delivery_item(delivery))

    @override
    def save(self, delivery: PendingDelivery) -> PendingDelivery:
        saved, commit = replace(delivery, version=delivery.version + 1), self.identifier()
        change = Save(
            item=delivery_item(saved), since=delivery.version, thing=f"what is owed as {delivery.id}", commit=commit
        )
        save(self.tables, self._table, change)
        return saved

    @override
    def settle(self, delivery_id: str, followed_by: Sequence[PendingDelivery] = ()) -> None:
        self._table.write_many([delivery_item(one) for one in followed_by])
        self._table.delete(keys.delivery_key(delivery_id))

    @override
    def give_up(self, delivery_id: str, entry: AuditEntry) -> None:
        transact_audited(self.tables, (Remove(self._table, keys.delivery_key(delivery_id)),), entry)

    @override
    def due(self, before: datetime, page: int) -> Iterator[Due]:
        return due_in(self._table, keys.OWED_SHARD, before, page)

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.RUNS)


def delivery_item(delivery: PendingDelivery) -> Item:
    """Encode a pending delivery as an item. Faults: TooLarge."""
    return item_of(
        keys.delivery_key(delivery.id),
        PendingDelivery,
        replace(delivery, version=0),
        f"what is owed as {delivery.id}",
        under=STATE,
        version=delivery.version,
        due_shard=keys.OWED_SHARD,
        due_at=dynamo_key_parts.milliseconds(delivery.due_at),
    )


def _delivery_of(item: Item) -> PendingDelivery:
    found: PendingDelivery = record_of(PendingDelivery, item)
    return replace(found, version=item["version"])
