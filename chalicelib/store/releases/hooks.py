"""Hooks of namespaces and applications: beside them stands which secrets they left behind, until they are replaced."""

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
from chalicelib.store.releases import keys
from chalicelib.store.releases.register import THERE
from chalicelib.use_cases.ports.releases import Unit


def hooks_of(table: Table, unit: Unit) -> Hooks:
    """The hooks of a namespace or an application."""
    return _hooks_in(table.get(keys.hooks_key(*unit)))


def put_hooks(tables: Tables, unit: Unit, hooks: Hooks, entry: AuditEntry) -> frozenset[str]:
    """Replace the hooks; which secrets no hook has any more. Faults: NotFound, Stale."""
    table, place = tables.of(keys.INVENTORY), keys.hooks_key(*unit)
    owner = keys.application_key(*unit) if unit[1] else keys.namespace_key(unit[0])
    before, name = table.get(place), "/".join(filter(None, unit))
    left = secrets_of(_hooks_in(before)) - secrets_of(hooks)
    item = item_of(place, Hooks, hooks, f"hooks of {name}", left=sorted(left))
    unchanged = NEW if before is None else Path("record") == before["record"]
    try:
        is_new = transact_audited(tables, (Put(table, item, unchanged), Check(table, owner, THERE)), entry)
    except ConditionFailed as missed:
        raise NotFound(f"no {name}") if 1 in missed.places else Stale(f"hooks of {name} have changed") from missed
    return left if is_new else frozenset((table.get(place) or {}).get("left", ()))


def _hooks_in(item: Item | None) -> Hooks:
    return {} if item is None else record_of(Hooks, item)
