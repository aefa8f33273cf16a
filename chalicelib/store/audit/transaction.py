"""A deed in one transaction: what a use case changes, and the entry of the audit log that tells of it.

The id of an entry is that of the ask, of the act and of its subject. So an entry that is there says that this very ask
took effect before: then nothing is written again, whatever else has changed since.
"""

from collections.abc import Sequence

from chalicelib.kernel.access.audit_entry import AuditEntry, refuse_late
from chalicelib.store.audit import keys
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Tables, Write
from chalicelib.use_cases.ports.access import place_of

ENTRY_WRITES = 2
"""What an entry takes of the writes that a transaction may have."""


def transact_audited(tables: Tables, writes: Sequence[Write], entry: AuditEntry) -> bool:
    """All of the writes and the entry, or none; false when this very ask did it before.

    Faults: Missed, with one place and item for each write; Conflict when before was more than a day ago.
    """
    try:
        tables.transact((*writes, *entry_writes(tables, entry)), entry.id)
    except ConditionFailed as missed:
        if len(writes) not in missed.places:
            raise
        there = missed.there[len(writes)]
        if there is not None:
            refuse_late(entry, record_of(AuditEntry, there))
        return False
    return True


def is_done(tables: Tables, entry: AuditEntry) -> bool:
    """Whether this very ask did it before. Faults: Conflict when before was more than a day ago."""
    there = tables.of(keys.AUDIT).get(keys.entry_key(entry.id))
    if there is not None:
        refuse_late(entry, record_of(AuditEntry, there))
    return there is not None


def entry_writes(tables: Tables, entry: AuditEntry) -> tuple[Put, Put]:
    """The entry, if it is not there, and its mark of being unsealed."""
    table = tables.of(keys.AUDIT)
    listed = {"first": keys.project_entries(entry.project), "first_key": place_of(entry)}
    item = item_of(keys.entry_key(entry.id), AuditEntry, entry, "an entry of the audit log", **listed)
    return Put(table, item, NEW), Put(table, keys.unsealed_key(entry.id)._asdict())
