"""Implement the port UnitHooks on the table `inventory`.

Each item also lists the secrets that its last update orphaned.
"""

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound, Stale
from chalicelib.kernel.releases.hook import Hooks, secrets_of
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Check, Put, Table, Tables
from chalicelib.store.releases.items import THERE
from chalicelib.store.releases.keys import INVENTORY, application_key, hooks_key, namespace_key
from chalicelib.use_cases.ports.releases import Unit, UnitHooks
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredHooks(UnitHooks):
    """Hooks of namespaces and applications."""

    tables: Tables

    @override
    def hooks(self, unit: Unit) -> Hooks:
        return _hooks_in(self._table.get(hooks_key(*unit)))

    @override
    def update_hooks(self, unit: Unit, hooks: Hooks, entry: AuditEntry) -> frozenset[str]:
        table, place = self._table, hooks_key(*unit)
        owner = application_key(*unit) if unit[1] else namespace_key(unit[0])
        before, name = table.get(place), "/".join(filter(None, unit))
        left = secrets_of(_hooks_in(before)) - secrets_of(hooks)
        item = item_of(place, Hooks, hooks, f"hooks of {name}", left=sorted(left))
        unchanged = NEW if before is None else Path("record") == before["record"]
        try:
            is_new = transact_audited(self.tables, (Put(table, item, unchanged), Check(table, owner, THERE)), entry)
        except ConditionFailed as error:
            raise NotFound(f"no {name}") if 1 in error.places else Stale(f"hooks of {name} have changed") from error
        return left if is_new else frozenset((table.get(place) or {}).get("left", ()))

    @property
    def _table(self) -> Table:
        return self.tables.of(INVENTORY)


def _hooks_in(item: Item | None) -> Hooks:
    return {} if item is None else record_of(Hooks, item)
