"""Making, changing and leaving namespaces, each in one transaction with its audit entry."""

from dataclasses import replace

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.releases.release import Namespace
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Change, Put, Remove, Tables
from chalicelib.store.releases.items import namespace_item, public_item
from chalicelib.store.releases.keys import INVENTORY, namespace_key, public_key
from chalicelib.store.releases.register import OPEN, THERE


def add_namespace(tables: Tables, namespace: Namespace, entry: AuditEntry) -> None:
    """Store a new namespace. Faults: Conflict."""
    try:
        made = Put(tables.of(INVENTORY), namespace_item(namespace), NEW)
        transact_audited(tables, (made, _shown(tables, namespace)), entry)
    except ConditionFailed as missed:
        raise Conflict(f"namespace {namespace.name} exists already") from missed


def change_namespace(tables: Tables, namespace: Namespace, entry: AuditEntry) -> None:
    """Replace a namespace; its project stays. Faults: NotFound."""
    table = tables.of(INVENTORY)
    known = table.get(namespace_key(namespace.name))
    changed = replace(namespace, project="" if known is None else str(known["project"]))
    try:
        transact_audited(tables, (Put(table, namespace_item(changed), OPEN), _shown(tables, changed)), entry)
    except ConditionFailed as missed:
        raise NotFound(f"no namespace {namespace.name}") from missed


def leave_namespace(tables: Tables, name: str, entry: AuditEntry) -> None:
    """Have nothing be registered in the namespace any more; one that is not there is no fault."""
    mark = Change(tables.of(INVENTORY), namespace_key(name), (Path("leaving").set(1),), THERE)
    try:
        transact_audited(tables, (mark,), entry)
    except ConditionFailed:
        return


def _shown(tables: Tables, namespace: Namespace) -> Put | Remove:
    """The namespace among those that are public, or not."""
    table = tables.of(INVENTORY)
    return Put(table, public_item(namespace)) if namespace.is_public else Remove(table, public_key(namespace.name))
