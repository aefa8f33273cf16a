"""Builds, deployment jobs and pipelines in DynamoDB, with the handles that find them in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pynamodb.expressions.operand import Path

from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.definition import Definition, ref_of, title
from chalicelib.kernel.definition_handles import handles
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.plan import DefinitionRef
from chalicelib.kernel.work import DefinitionKind
from chalicelib.store.catalog_items import item_of, record_of, token_of
from chalicelib.store.expressions import Missed
from chalicelib.store.items import Item
from chalicelib.store.keys_catalog import (
    PROJECTS,
    definition_key,
    definitions_prefix,
    handle_key,
    handle_partition,
    project_key,
)
from chalicelib.store.tables import Put, Remove, Table, Tables, Write


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDefinitions:
    """The port `Definitions` on the table `projects`."""

    tables: Tables

    def create(self, definition: Definition) -> None:
        """Store a new definition."""
        item = _item(definition)
        writes = (Put(self._table, item, Path("pk").does_not_exist()), *self._handles(definition, handles(definition)))
        try:
            self.tables.transact(writes, token_of(item))
        except Missed as missed:
            if missed.there[0] != item:
                raise Conflict(f"{title(ref_of(definition))} exists already") from missed

    def definition(self, ref: DefinitionRef) -> Definition:
        """The definition."""
        item = self._table.get(definition_key(ref))
        if item is None:
            raise NotFound(f"no {title(ref)}")
        found: Definition = record_of(Definition, item)
        return found

    def save(self, definition: Definition) -> None:
        """Save on its version."""
        before = self.definition(ref_of(definition))
        if before.version != definition.version:
            raise Stale(f"{title(ref_of(definition))} has changed")
        item = _item(replace(definition, version=definition.version + 1))
        gone = handles(before) - handles(definition)
        writes = (
            Put(self._table, item, Path("version") == definition.version),
            *self._handles(definition, handles(definition) - handles(before)),
            *(Remove(self._table, handle_key(handle, ref_of(definition))) for handle in sorted(gone)),
        )
        try:
            self.tables.transact(writes, token_of(item))
        except Missed as missed:
            if missed.there[0] != item:
                raise Stale(f"{title(ref_of(definition))} has changed") from missed

    def remove(self, ref: DefinitionRef) -> None:
        """Forget a definition and what finds it."""
        before = self.definition(ref)
        writes = (
            Remove(self._table, definition_key(ref), Path("version") == before.version),
            *(Remove(self._table, handle_key(handle, ref)) for handle in sorted(handles(before))),
        )
        try:
            self.tables.transact(writes, token_of(_item(before)))
        except Missed as missed:
            if missed.there[0] is not None:
                raise Stale(f"{title(ref)} has changed") from missed

    def of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Sequence[Definition]:
        """A project's definitions of a kind."""
        prefix = definitions_prefix(kind, environment)
        keys = (Path("pk") == project_key(project).pk) & Path("sk").startswith(prefix)
        return [record_of(Definition, item) for item in self._table.every(keys)]

    def found_by(self, handle: str) -> Sequence[DefinitionRef]:
        """The definitions that have the handle."""
        items = self._table.every(Path("pk") == handle_partition(handle))
        return [decode(DefinitionRef, item["ref"]) for item in items]

    @property
    def _table(self) -> Table:
        return self.tables.of(PROJECTS)

    def _handles(self, definition: Definition, added: frozenset[str]) -> Sequence[Write]:
        ref = ref_of(definition)
        keys = [handle_key(handle, ref) for handle in sorted(added)]
        plain = encode(DefinitionRef, ref)
        return [Put(self._table, {"pk": key.pk, "sk": key.sk, "ref": plain}) for key in keys]


def _item(definition: Definition) -> Item:
    return item_of(definition_key(ref_of(definition)), Definition, definition, version=definition.version)
