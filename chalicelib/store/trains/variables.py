"""Store variables in DynamoDB: one item holds those of a scope."""

from collections.abc import Sequence
from dataclasses import replace

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.trains.variables import Scope, VariableSet
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import RECORD, record_of
from chalicelib.store.dynamo.saving import on_version
from chalicelib.store.dynamo.tables import Put, Reading, Table, Tables
from chalicelib.store.trains.items import variables_item
from chalicelib.store.trains.keys import JOINT_VARIABLES, TRAINS, variables_key
from chalicelib.use_cases.ports.trains import Variables
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredVariables(Variables):
    """Implement the port Variables on the table `trains`."""

    tables: Tables

    @override
    def variables(self, scope: Scope) -> VariableSet:
        return _variables(scope, self._table.get(variables_key(scope)))

    @override
    def of_scopes(self, scopes: Sequence[Scope]) -> Sequence[VariableSet]:
        items = self._table.get_many([variables_key(scope) for scope in scopes], consistent=True)
        return [_variables(scope, item) for scope, item in zip(scopes, items, strict=True)]

    @override
    def of_joint_scopes(self) -> Sequence[VariableSet]:
        every = self._table.every(Path("pk") == JOINT_VARIABLES, Reading(consistent=True, attributes=(RECORD,)))
        return [record_of(VariableSet, item) for item in every]

    @override
    def save(self, variables: VariableSet, entry: AuditEntry) -> VariableSet:
        saved, scope = replace(variables, version=variables.version + 1), variables.scope
        put = Put(self._table, variables_item(saved), on_version(variables.version or None))
        try:
            is_new = transact_audited(self.tables, (put,), entry)
        except ConditionFailed as error:
            raise Stale(f"variables of {scope} have changed") from error
        return saved if is_new else self.variables(scope)

    @override
    def forget(self, scopes: Sequence[Scope]) -> None:
        self._table.write_many(removed=[variables_key(scope) for scope in dict.fromkeys(scopes)])

    @property
    def _table(self) -> Table:
        return self.tables.of(TRAINS)


def _variables(scope: Scope, item: Item | None) -> VariableSet:
    found: VariableSet = VariableSet(scope=scope) if item is None else record_of(VariableSet, item)
    return found
