"""The port Namespaces on the table `inventory`: each change in one transaction with its audit entry."""

import heapq
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice
from operator import attrgetter

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.release import Namespace
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Change, Put, Remove, Table, Tables
from chalicelib.store.releases.items import OPEN, THERE, namespace_item, namespace_of, public_item
from chalicelib.store.releases.keys import (
    ALL_NAMESPACES,
    INVENTORY,
    PUBLIC_NAMESPACES,
    namespace_key,
    namespaces_hash,
    public_key,
)
from chalicelib.store.releases.lists import in_index, most
from chalicelib.store.releases.removal import remove_namespace
from chalicelib.use_cases.ports.runs import Page


@frozen
class StoredNamespaces:
    """Namespaces and who owns them."""

    tables: Tables

    def namespace(self, name: str) -> Namespace:
        """The namespace."""
        found = self.find_namespace(name)
        if found is None:
            raise NotFound(f"no namespace {name}")
        return found

    def find_namespace(self, name: str) -> Namespace | None:
        """The namespace, if there is one."""
        item = self._table.get(namespace_key(name))
        return None if item is None else namespace_of(item)

    def project_of(self, namespace: str) -> str | None:
        """The project that owns the namespace, if there is one."""
        item = self._table.get(namespace_key(namespace))
        return None if item is None else str(item["project"])

    def namespaces(self, page: Page | None = None, projects: Collection[str] | None = None) -> Sequence[Namespace]:
        """Namespaces by name: of every project, or of these."""
        if projects is None:
            return self._listed(ALL_NAMESPACES, page)
        places = (("second", namespaces_hash(project)) for project in sorted(projects))
        parts = (map(namespace_of, in_index(self._table, place, page)) for place in places)
        return list(islice(heapq.merge(*parts, key=attrgetter("name")), most(page)))

    def public_namespaces(self, page: Page | None = None) -> Sequence[Namespace]:
        """Those that anybody known may read, by name."""
        return self._listed(PUBLIC_NAMESPACES, page)

    def named(self, names: Sequence[str]) -> Sequence[Namespace]:
        """Those of the names that are namespaces, in that order."""
        items = self._table.get_many([namespace_key(name) for name in names])
        return [namespace_of(item) for item in items if item is not None]

    def create_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Store a new namespace."""
        try:
            transact_audited(
                self.tables, (Put(self._table, namespace_item(namespace), NEW), self._shown(namespace)), entry
            )
        except ConditionFailed as missed:
            raise Conflict(f"namespace {namespace.name} exists already") from missed

    def update_namespace(self, namespace: Namespace, entry: AuditEntry) -> None:
        """Replace a namespace; its project stays."""
        changed = replace(namespace, project=self.project_of(namespace.name) or "")
        try:
            transact_audited(
                self.tables, (Put(self._table, namespace_item(changed), OPEN), self._shown(changed)), entry
            )
        except ConditionFailed as missed:
            raise NotFound(f"no namespace {namespace.name}") from missed

    def mark_namespace_deleting(self, name: str, entry: AuditEntry) -> None:
        """Have nothing be registered in the namespace any more; one that is not there is no fault."""
        mark = Change(self._table, namespace_key(name), (Path("leaving").set(1),), THERE)
        try:
            transact_audited(self.tables, (mark,), entry)
        except ConditionFailed:
            return

    def remove_namespace(self, name: str) -> None:
        """Forget a namespace that was left, and all in it."""
        remove_namespace(self._table, name)

    def _listed(self, among: str, page: Page | None) -> Sequence[Namespace]:
        return list(islice(map(namespace_of, in_index(self._table, ("first", among), page)), most(page)))

    def _shown(self, namespace: Namespace) -> Put | Remove:
        """The namespace among those that are public, or not."""
        if namespace.is_public:
            return Put(self._table, public_item(namespace))
        return Remove(self._table, public_key(namespace.name))

    @property
    def _table(self) -> Table:
        return self.tables.of(INVENTORY)
