"""Write the changes of a command and its audit entry in one transaction.

An entry's id is derived from the request, the action and the subject. So if the entry exists, this very command took
effect before, and nothing is written again, whatever has changed since.
"""

from collections.abc import Sequence

from chalicelib.kernel.access.audit_entry import AuditEntry, is_of_machine, refuse_late
from chalicelib.store.audit import keys
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Tables, Write
from chalicelib.use_cases.ports.access import place_of


def transact_audited(tables: Tables, writes: Sequence[Write], entry: AuditEntry) -> bool:
    """Write everything and the audit entry in one transaction. Return False when this command already took effect.

    Faults: ConditionFailed, with one place and item per write; Conflict when it took effect more than a day ago.
    """
    try:
        tables.transact((*writes, *entry_writes(tables, entry)), entry.id)
    except ConditionFailed as error:
        if len(writes) not in error.places:
            raise
        there = error.there[len(writes)]
        if there is not None:
            refuse_late(entry, record_of(AuditEntry, there))
        return False
    return True


def is_done(tables: Tables, entry: AuditEntry) -> bool:
    """True when this command already took effect. Faults: Conflict when that was more than a day ago."""
    return done_before(tables, entry) is not None


def done_before(tables: Tables, entry: AuditEntry) -> AuditEntry | None:
    """The stored entry, when this command already took effect. Faults: Conflict when that was more than a day ago."""
    item = tables.of(keys.AUDIT).get(keys.entry_key(entry.id))
    if item is None:
        return None
    known: AuditEntry = record_of(AuditEntry, item)
    refuse_late(entry, known)
    return known


def entry_writes(tables: Tables, entry: AuditEntry) -> tuple[Put, Put]:
    """Return the writes for an entry (if its id is new) and its "unsealed" marker."""
    table = tables.of(keys.AUDIT)
    return Put(table, entry_item(entry), NEW), Put(table, keys.unsealed_key(entry.id)._asdict())


def entry_item(entry: AuditEntry) -> Item:
    """Return the item of an entry, with where it is listed."""
    machines, place = is_of_machine(entry), place_of(entry)
    first, second = keys.project_entries(entry.project, machines=machines), keys.all_entries(machines=machines)
    listed = {"first": first, "first_key": place, "second": second, "second_key": place}
    return item_of(keys.entry_key(entry.id), AuditEntry, entry, "an entry of the audit log", **listed)
