"""Store the audit log and its hash chain in the table `audit`. What is hashed: kernel/access/audit_entry.py."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, Seal, head_at
from chalicelib.kernel.codec import encode
from chalicelib.store.audit import keys as audit_keys
from chalicelib.store.audit.older_entries import relist_older
from chalicelib.store.audit.search import find_entries
from chalicelib.store.audit.transaction import entry_writes
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.packing import packed
from chalicelib.store.dynamo.records import RECORD, item_of, record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Reading, Table, Tables
from chalicelib.use_cases.ports.access import Audits, AuditSearch, FoundEntries
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredAudits(Audits):
    """Implement the audit port on DynamoDB."""

    tables: Tables
    identifier: Callable[[], str]

    @override
    def write(self, entry: AuditEntry) -> None:
        try:
            self._transact(*entry_writes(self.tables, entry))
        except ConditionFailed:
            return

    @override
    def find(self, search: AuditSearch, page: Page) -> FoundEntries:
        return find_entries(self._table(), search, page)

    @override
    def relist(self, now: datetime) -> None:
        relist_older(self._table(), now, self.seals, self.entries)

    @override
    def entries(self, ids: Sequence[str]) -> Mapping[str, AuditEntry]:
        items = self._table().get_many([audit_keys.entry_key(each) for each in ids], consistent=True)
        found = (record_of(AuditEntry, item) for item in items if item is not None)
        return {entry.id: entry for entry in found}

    @override
    def unsealed(self, limit: int) -> Sequence[AuditEntry]:
        reading = Reading(limit=limit, consistent=True)
        shards = map(audit_keys.unsealed_hash, range(audit_keys.UNSEALED_SHARDS))
        marks = [mark["sk"] for shard in shards for mark in self._table().query(Path("pk") == shard, reading).items]
        return list(self.entries(marks[:limit]).values())

    @override
    def head(self) -> Head:
        item = self._table().get(audit_keys.HEAD_KEY)
        return Head() if item is None else record_of(Head, item)

    @override
    def seals(self, after: int, limit: int) -> Sequence[Seal]:
        later = Path("sk") > audit_keys.seal_key(after).sk
        found = self._table().query((Path("pk") == audit_keys.SEALS) & later, Reading(limit=limit, consistent=True))
        return [record_of(Seal, item) for item in found.items]

    @override
    def add_seal(self, seal: Seal) -> bool:
        table = self._table()
        item = item_of(audit_keys.seal_key(seal.number), Seal, seal, f"seal {seal.number}")
        head = item_of(audit_keys.HEAD_KEY, Head, head_at(seal), "the head of the audit log")
        try:
            self._transact(Put(table, item, NEW), Put(table, head, _is_head_before(seal)))
        except ConditionFailed:
            return False
        return True

    @override
    def mark_sealed(self, seal: Seal) -> None:
        self._table().write_many(removed=[audit_keys.unsealed_key(entry.id) for entry in seal.entries])

    def _table(self) -> Table:
        return self.tables.of(audit_keys.AUDIT)

    def _transact(self, *writes: Put) -> None:
        self.tables.transact(writes, self.identifier())


def _is_head_before(seal: Seal) -> Condition:
    if seal.number == 1:
        return NEW
    before = Head(number=seal.number - 1, digest=seal.previous)
    # 0.1 kept the head as text, its fields by name.
    text = json.dumps(encode(Head, before), sort_keys=True, separators=(",", ":"))
    return Path(RECORD).is_in(packed(Head, before), text)
