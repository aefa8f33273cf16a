"""Store the entries of the installation in DynamoDB. Each handle is an item of its own, so that it is unique."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.installation.entries import Entry, Kind, word_of
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Put, Reading, Remove, Tables, Write
from chalicelib.store.installation.keys import (
    HANDLE_PREFIX,
    ID_PREFIX,
    PROJECTS,
    entry_key,
    handle_key,
    kind_partition,
)
from chalicelib.use_cases.ports.installation import Installation
from slipway_formats.override import override

Record = TypeVar("Record")
MOST_KNOWN = 10_000
"""Handles whose ids are remembered: a few hundred bytes each."""


class StoredInstallation(Installation):
    """Implement the port Installation on the table `projects`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._table = tables.of(PROJECTS)
        self._ids: dict[Key, int] = {}

    @override
    def create(self, record: Kind, entry: AuditEntry) -> Kind:
        made = replace(record, version=1)
        try:
            is_new = transact_audited(self._tables, self._puts(made, None, made.handles), entry)
        except ConditionFailed as error:
            raise _taken(made) from error
        return made if is_new else self._current(made)

    @override
    def save(self, record: Kind, before: Kind, entry: AuditEntry) -> Kind:
        saved = replace(record, version=before.version + 1)
        kind = type(record)
        gained = [handle for handle in saved.handles if handle not in before.handles]
        lost = [Remove(self._table, handle_key(kind, one)) for one in before.handles if one not in saved.handles]
        try:
            writes = (*self._puts(saved, before.version, gained), *lost)
            is_new = transact_audited(self._tables, writes, entry)
        except ConditionFailed as error:
            if 0 in error.places:
                raise Stale(f"{saved.title} has changed") from error
            raise _taken(saved) from error
        return saved if is_new else self._current(saved)

    @override
    def remove(self, record: Kind, entry: AuditEntry) -> None:
        kind = type(record)
        keys = (entry_key(kind, record.id), *(handle_key(kind, handle) for handle in record.handles))
        transact_audited(self._tables, [Remove(self._table, key) for key in keys], entry)

    @override
    def find(self, kind: type[Kind], number: int) -> Kind | None:
        return _record(kind, self._table.get(entry_key(kind, number))) if number > 0 else None

    @override
    def find_by(self, kind: type[Kind], handle: str) -> Kind | None:
        key = handle_key(kind, handle)
        hinted = self.find(kind, self._ids.get(key, 0))
        # An entry and what leads to it are written together: one that has the handle is the one that it leads to.
        if hinted is not None and handle in hinted.handles:
            return hinted
        found = self._table.get(key)
        return self.find(kind, self._hint(key, int(found["id"]))) if found is not None else None

    @override
    def every(self, kind: type[Kind]) -> Sequence[Kind]:
        return [record_of(kind, item) for item in self._beginning(kind, ID_PREFIX)]

    @override
    def with_handles(self, kind: type[Kind], prefix: str) -> Sequence[Kind]:
        named = self._beginning(kind, f"{HANDLE_PREFIX}{prefix}")
        items = self._table.get_many([entry_key(kind, int(one["id"])) for one in named], consistent=True)
        return [record_of(kind, item) for item in items if item is not None]

    def _hint(self, key: Key, number: int) -> int:
        """Remember where a handle led."""
        if len(self._ids) >= MOST_KNOWN:
            self._ids.clear()
        self._ids[key] = number
        return number

    def _beginning(self, kind: type, prefix: str) -> Iterable[Item]:
        keys = (Path("pk") == kind_partition(kind)) & Path("sk").startswith(prefix)
        return self._table.every(keys, Reading(consistent=True))

    def _puts(self, record: Entry, since: int | None, handles: Iterable[str]) -> Sequence[Write]:
        kind = type(record)
        item = item_of(entry_key(kind, record.id), kind, record, record.title, version=record.version)
        named = ({**handle_key(kind, handle)._asdict(), "id": record.id} for handle in handles)
        return (Put(self._table, item, on_version(since)), *(Put(self._table, one, NEW) for one in named))

    def _current(self, record: Kind) -> Kind:
        """Return what is stored where an earlier try of this request wrote it."""
        handles = record.handles
        found: Kind | None = self.find(type(record), record.id) or self.find_by(type(record), handles[0])
        return found or record


def _record(kind: type[Record], item: Item | None) -> Any:  # noqa: ANN401 - a record of the kind, or None
    return None if item is None else record_of(kind, item)


def _taken(record: Entry) -> Conflict:
    return Conflict(f"{word_of(record)} {record.title} exists already")
