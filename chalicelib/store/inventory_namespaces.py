"""Making, changing and leaving namespaces, each in one transaction with its audit entry."""

from dataclasses import replace

from pynamodb.expressions.operand import Path

from chalicelib.kernel.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.release import Namespace
from chalicelib.store.deeds import transact_deed
from chalicelib.store.expressions import Missed
from chalicelib.store.inventory_items import namespace_item
from chalicelib.store.inventory_register import NEW, OPEN, THERE
from chalicelib.store.keys_inventory import INVENTORY, namespace_key
from chalicelib.store.tables import Change, Put, Tables


def add_namespace(tables: Tables, namespace: Namespace, entry: AuditEntry) -> None:
    """Store a new namespace. Faults: Conflict."""
    try:
        transact_deed(tables, (Put(tables.of(INVENTORY), namespace_item(namespace), NEW),), entry)
    except Missed as missed:
        raise Conflict(f"namespace {namespace.name} exists already") from missed


def change_namespace(tables: Tables, namespace: Namespace, entry: AuditEntry) -> None:
    """Replace a namespace; its project stays. Faults: NotFound."""
    table = tables.of(INVENTORY)
    known = table.get(namespace_key(namespace.name))
    item = namespace_item(replace(namespace, project="" if known is None else str(known["project"])))
    try:
        transact_deed(tables, (Put(table, item, OPEN),), entry)
    except Missed as missed:
        raise NotFound(f"no namespace {namespace.name}") from missed


def leave_namespace(tables: Tables, name: str, entry: AuditEntry) -> None:
    """Have nothing be registered in the namespace any more; one that is not there is no fault."""
    mark = Change(tables.of(INVENTORY), namespace_key(name), (Path("leaving").set(1),), THERE)
    try:
        transact_deed(tables, (mark,), entry)
    except Missed:
        return
