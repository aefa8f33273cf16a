"""Store builds, deployment jobs and pipelines in DynamoDB, with their lookup handles in the same transaction."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import timedelta
from typing import cast

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import EPOCH, decode, encode
from chalicelib.kernel.definitions.definition import Definition, ref_of, title
from chalicelib.kernel.definitions.handles import handles
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.audit.transaction import is_done, transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import parts_of
from chalicelib.store.dynamo.records import BODY, Recent, item_of, record_of
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Put, Reading, Remove, Table, Tables, Write
from chalicelib.store.projects.deleting import no_place, open_place
from chalicelib.store.projects.keys import (
    PROJECTS,
    definition_key,
    definitions_prefix,
    handle_key,
    handle_partition,
    project_key,
)
from chalicelib.use_cases.ports.projects import Definitions, Kind
from slipway_formats.frozen import frozen
from slipway_formats.override import override

RECENT = timedelta(seconds=30)
"""How old names may be that are asked for as recent ones."""


def _none_recent() -> Recent[tuple[str, ...]]:
    return Recent(lambda: EPOCH, kept=timedelta(0))


@frozen
class StoredDefinitions(Definitions):
    """Implement the port Definitions on the table `projects`. recent: names that this process has read of late."""

    tables: Tables
    recent: Recent[tuple[str, ...]] = field(default_factory=_none_recent)

    @override
    def create(self, definition: Kind, entry: AuditEntry) -> Kind:
        ref = ref_of(definition)
        self.recent.drop((ref.project, ref.kind))
        fresh = Put(self._table, _item(definition), NEW)
        place = open_place(self._table, ref.project, ref.environment)
        try:
            is_new = transact_audited(
                self.tables, (fresh, place, *self._put_handles(definition, handles(definition))), entry
            )
        except ConditionFailed as error:
            if 0 not in error.places:
                raise no_place(ref.project, ref.environment) from error
            raise Conflict(f"{title(ref)} exists already") from error
        return definition if is_new else self._current(definition)

    @override
    def definition(self, ref: DefinitionRef) -> Definition:
        found = self.find_definition(ref)
        if found is None:
            raise NotFound(f"no {title(ref)}")
        return found

    @override
    def find_definition(self, ref: DefinitionRef) -> Definition | None:
        item = self._table.get(definition_key(ref))
        found: Definition | None = None if item is None else record_of(Definition, item)
        return found

    @override
    def save(self, definition: Kind, entry: AuditEntry) -> Kind:
        before, saved = self._current(definition), replace(definition, version=definition.version + 1)
        writes = (
            Put(self._table, _item(saved), on_version(definition.version)),
            *self._put_handles(definition, handles(definition) - handles(before)),
            *self._remove_handles(definition, handles(before) - handles(definition)),
        )
        try:
            is_new = transact_audited(self.tables, writes, entry)
        except ConditionFailed as error:
            raise Stale(f"{title(ref_of(definition))} has changed") from error
        return saved if is_new else self._current(definition)

    @override
    def remove(self, ref: DefinitionRef, entry: AuditEntry) -> None:
        self.recent.drop((ref.project, ref.kind))
        before = self.find_definition(ref)
        if before is None:
            if is_done(self.tables, entry):
                return
            raise NotFound(f"no {title(ref)}")
        gone = Remove(self._table, definition_key(ref), on_version(before.version))
        try:
            transact_audited(self.tables, (gone, *self._remove_handles(before, handles(before))), entry)
        except ConditionFailed as error:
            raise Stale(f"{title(ref)} has changed") from error

    @override
    def of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Sequence[Definition]:
        prefix = definitions_prefix(kind, environment)
        keys = (Path("pk") == project_key(project).pk) & Path("sk").startswith(prefix)
        return [record_of(Definition, item) for item in self._table.every(keys, Reading(consistent=True))]

    @override
    def recent_names(self, project: str, kind: DefinitionKind) -> Sequence[str]:
        return self.recent.get((project, kind), lambda: self._names(project, kind)) or ()

    @override
    def found_by(self, handle: str) -> Sequence[DefinitionRef]:
        items = self._table.every(Path("pk") == handle_partition(handle))
        return [decode(DefinitionRef, item["ref"]) for item in items]

    @property
    def _table(self) -> Table:
        return self.tables.of(PROJECTS)

    def _names(self, project: str, kind: DefinitionKind) -> tuple[str, ...]:
        keys = (Path("pk") == project_key(project).pk) & Path("sk").startswith(definitions_prefix(kind))
        return tuple(
            parts_of(str(item["sk"]))[-1] for item in self._table.every(keys, Reading(attributes=("pk", "sk")))
        )

    def _current(self, definition: Kind) -> Kind:
        """Return the stored definition, which has the same kind, because the kind is part of its key."""
        return cast("Kind", self.definition(ref_of(definition)))

    def _put_handles(self, definition: Definition, added: frozenset[str]) -> Sequence[Write]:
        ref = ref_of(definition)
        keys = [handle_key(handle, ref) for handle in sorted(added)]
        plain = encode(DefinitionRef, ref)
        return [Put(self._table, {"pk": key.pk, "sk": key.sk, "ref": plain}) for key in keys]

    def _remove_handles(self, definition: Definition, gone: frozenset[str]) -> Sequence[Write]:
        ref = ref_of(definition)
        return [Remove(self._table, handle_key(handle, ref)) for handle in sorted(gone)]


def _item(definition: Definition) -> Item:
    ref = ref_of(definition)
    return item_of(definition_key(ref), Definition, definition, title(ref), under=BODY, version=definition.version)
