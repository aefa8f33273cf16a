"""Store the freezes of the installation in DynamoDB: one item of the table `projects`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.plans.freezes import Freezes
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import Recent, item_of, record_of
from chalicelib.store.dynamo.saving import on_version
from chalicelib.store.dynamo.tables import Put, Tables
from chalicelib.store.installation.keys import FREEZES, PROJECTS
from chalicelib.use_cases.ports.freezes import FreezeRecords
from slipway_formats.override import override

RECENT = timedelta(milliseconds=500)
"""How old the freezes may be by which a step begins: a stop of the line holds within a second."""


class StoredFreezes(FreezeRecords):
    """Implement the port FreezeRecords. A process reads at most twice a second, whatever it advances."""

    def __init__(self, tables: Tables, now: Callable[[], datetime]) -> None:
        self._tables = tables
        self._table = tables.of(PROJECTS)
        self._recent: Recent[Freezes] = Recent(now, kept=RECENT)

    @override
    def recent(self) -> Freezes:
        return self._recent.get(FREEZES, self.current) or Freezes()

    @override
    def current(self) -> Freezes:
        item = self._table.get(FREEZES)
        return _freezes(item) if item is not None else Freezes()

    @override
    def save(self, freezes: Freezes, entry: AuditEntry) -> Freezes:
        saved = replace(freezes, version=freezes.version + 1)
        item = item_of(FREEZES, Freezes, saved, "the list of freezes", version=saved.version)
        put = Put(self._table, item, on_version(freezes.version or None))
        try:
            is_new = transact_audited(self._tables, (put,), entry)
        except ConditionFailed as error:
            raise Stale("the list of freezes has changed") from error
        finally:
            self._recent.drop(FREEZES)
        return saved if is_new else self.current()


def _freezes(item: Item) -> Freezes:
    found: Freezes = record_of(Freezes, item)
    return found
