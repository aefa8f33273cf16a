"""Implement the port Namespaces on the table `inventory`: each change in one transaction with its audit entry."""

import heapq
from collections.abc import Collection, Sequence
from dataclasses import field, replace
from itertools import islice
from operator import attrgetter

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.release import Namespace
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.remembered import WhileUnchanged
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Change, Put, Remove, Table, Tables
from chalicelib.store.releases.items import OPEN, THERE, namespace_item, namespace_of, owner_in, public_item
from chalicelib.store.releases.keys import (
    ALL_NAMESPACES,
    INVENTORY,
    PUBLIC_NAMESPACES,
    application_key,
    namespace_key,
    namespaces_hash,
    public_key,
)
from chalicelib.store.releases.lists import in_index, most
from chalicelib.store.releases.removal import remove_namespace
from chalicelib.use_cases.ports.releases import Namespaces
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredNamespaces(Namespaces):
    """Namespaces and their owners. owners: projects by namespace, which only being removed changes."""

    tables: Tables
    owners: WhileUnchanged[str] = field(default_factory=lambda: WhileUnchanged(0))

    @override
    def namespace(self, name: str) -> Namespace:
        found = self.find_namespace(name)
        if found is None:
            raise NotFound(f"no namespace {name}")
        return found

    @override
    def find_namespace(self, name: str) -> Namespace | None:
        item = self._table.get(namespace_key(name))
        return None if item is None else namespace_of(item)

    @override
    def project_of(self, namespace: str, application: str = "") -> str | None:
        if namespace == DEFAULT_NAMESPACE and application:
            wanted = (namespace_key(namespace), application_key(namespace, application))
            return owner_in(namespace, *self._table.get_many(wanted, consistent=True))
        return self.owners.get(namespace, lambda: self._owner(namespace))

    @override
    def namespaces(self, page: Page | None = None, projects: Collection[str] | None = None) -> Sequence[Namespace]:
        if projects is None:
            return self._listed(ALL_NAMESPACES, page)
        places = (("second", namespaces_hash(project)) for project in sorted(projects))
        parts = (map(namespace_of, in_index(self._table, place, page)) for place in places)
        found = (one for one in heapq.merge(*parts, key=attrgetter("name")) if one.name != DEFAULT_NAMESPACE)
        return list(islice(found, most(page)))

    @override
    def public_namespaces(self, page: Page | None = None) -> Sequence[Namespace]:
        return self._listed(PUBLIC_NAMESPACES, page)

    @override
    def named(self, names: Sequence[str]) -> Sequence[Namespace]:
        items = self._table.get_many([namespace_key(name) for name in names])
        return [namespace_of(item) for item in items if item is not None]

    @override
    def create_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        try:
            transact_audited(
                self.tables, (Put(self._table, namespace_item(namespace), NEW), self._public_marker(namespace)), entry
            )
        except ConditionFailed as error:
            raise Conflict(f"namespace {namespace.name} exists already") from error

    @override
    def update_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        known = self._table.get(namespace_key(namespace.name))
        changed = replace(namespace, project="" if known is None else str(known["project"]))
        writes = (Put(self._table, namespace_item(changed), OPEN), self._public_marker(changed))
        try:
            with self.owners.changing():
                transact_audited(self.tables, writes, entry)
        except ConditionFailed as error:
            raise NotFound(f"no namespace {namespace.name}") from error

    @override
    def mark_namespace_deleting(self, name: str, entry: AuditEntry) -> None:
        mark = Change(self._table, namespace_key(name), (Path("leaving").set(1),), THERE)
        try:
            with self.owners.changing():
                transact_audited(self.tables, (mark,), entry)
        except ConditionFailed:
            return

    @override
    def remove_namespace(self, name: str) -> None:
        with self.owners.changing():
            remove_namespace(self._table, name)

    def _owner(self, namespace: str) -> str | None:
        item = self._table.get(namespace_key(namespace))
        return None if item is None else namespace_of(item).project

    def _listed(self, among: str, page: Page | None) -> Sequence[Namespace]:
        return list(islice(map(namespace_of, in_index(self._table, ("first", among), page)), most(page)))

    def _public_marker(self, namespace: Namespace) -> Put | Remove:
        """Return the write or removal of the namespace's public marker."""
        if namespace.is_public:
            return Put(self._table, public_item(namespace))
        return Remove(self._table, public_key(namespace.name))

    @property
    def _table(self) -> Table:
        return self.tables.of(INVENTORY)
