"""Store templates of trains in DynamoDB. There are few: one partition holds them."""

from collections.abc import Sequence
from dataclasses import replace

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.trains.template import Template
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.saving import on_version
from chalicelib.store.dynamo.tables import Put, Reading, Table, Tables
from chalicelib.store.trains.keys import TEMPLATE_PREFIX, TEMPLATES, TRAINS, template_key
from chalicelib.use_cases.ports.trains import Templates
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredTemplates(Templates):
    """Implement the port Templates on the table `trains`."""

    tables: Tables

    @override
    def save(self, template: Template, entry: AuditEntry) -> Template:
        saved = replace(template, version=template.version + 1)
        thing = f"template {template.name}"
        item = item_of(template_key(template.name), Template, saved, thing, version=saved.version)
        put = Put(self._table, item, on_version(template.version or None))
        try:
            is_new = transact_audited(self.tables, (put,), entry)
        except ConditionFailed as error:
            raise Stale(f"{thing} has changed") from error
        return saved if is_new else self.find_template(template.name) or saved

    @override
    def find_template(self, name: str) -> Template | None:
        item = self._table.get(template_key(name))
        found: Template | None = None if item is None else record_of(Template, item)
        return found

    @override
    def templates(self) -> Sequence[Template]:
        keys = (Path("pk") == TEMPLATES) & Path("sk").startswith(TEMPLATE_PREFIX)
        return [record_of(Template, item) for item in self._table.every(keys, Reading(consistent=True))]

    @property
    def _table(self) -> Table:
        return self.tables.of(TRAINS)
