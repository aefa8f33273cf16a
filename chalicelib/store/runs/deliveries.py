"""What is owed to other people's addresses, in the table `runs`: in a part of its own of the index by due time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import STATE, item_of, record_of
from chalicelib.store.dynamo.saving import Save, save
from chalicelib.store.dynamo.tables import Remove, Table, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.due_index import due_in
from chalicelib.use_cases.ports.runs import Due


@frozen
class StoredOutbox:
    """The book of what is owed. identifier: gives each write a name of its own."""

    tables: Tables
    identifier: Callable[[], str]

    def find(self, delivery_id: str) -> PendingDelivery | None:
        """What is owed under an id."""
        item = self._table.get(keys.delivery_key(delivery_id))
        return None if item is None else _owed_of(item)

    def save(self, owed: PendingDelivery) -> PendingDelivery:
        """Save on its version."""
        saved, commit = replace(owed, version=owed.version + 1), self.identifier()
        asked = Save(item=delivery_item(saved), since=owed.version, thing=f"what is owed as {owed.id}", commit=commit)
        save(self.tables, self._table, asked)
        return saved

    def settle(self, delivery_id: str, followed_by: Sequence[PendingDelivery] = ()) -> None:
        """Forget it, once all that follows from it is in the book."""
        self._table.write_many([delivery_item(one) for one in followed_by])
        self._table.delete(keys.delivery_key(delivery_id))

    def give_up(self, delivery_id: str, entry: AuditEntry) -> None:
        """Forget it, and tell of that in the audit log."""
        transact_audited(self.tables, (Remove(self._table, keys.delivery_key(delivery_id)),), entry)

    def due(self, before: datetime, limit: int) -> Sequence[Due]:
        """What is due by an instant, earliest first."""
        return due_in(self._table, keys.OWED_SHARD, before, limit)

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.RUNS)


def delivery_item(owed: PendingDelivery) -> Item:
    """The item of something owed. Faults: TooLarge."""
    return item_of(
        keys.delivery_key(owed.id),
        PendingDelivery,
        replace(owed, version=0),
        f"what is owed as {owed.id}",
        under=STATE,
        version=owed.version,
        due_shard=keys.OWED_SHARD,
        due_at=dynamo_key_parts.milliseconds(owed.due_at),
    )


def _owed_of(item: Item) -> PendingDelivery:
    found: PendingDelivery = record_of(PendingDelivery, item)
    return replace(found, version=item["version"])
