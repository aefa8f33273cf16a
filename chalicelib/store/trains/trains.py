"""Store trains in DynamoDB, each with the item that keeps its number for it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound, Stale, Worded
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import titled
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import BY_FIRST, BY_SECOND, due_range, instant
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Put, Reading, Table, Tables
from chalicelib.store.trains.items import schedule_put, train_item, variables_puts
from chalicelib.store.trains.keys import (
    ALL_TRAINS,
    DUE,
    TRAINS,
    application_partition,
    id_key,
    train_key,
    train_number_key,
)
from chalicelib.use_cases.ports.runs import Due, Page
from chalicelib.use_cases.ports.trains import Trains
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredTrains(Trains):
    """Implement the port Trains on the table `trains`."""

    tables: Tables

    @override
    def create(self, train: Train, variables: VariableSet | None, entry: AuditEntry) -> Train:
        key = train_number_key(train.project, train.application, train.number)
        number = Put(self._table, {**key._asdict(), "train": train.id}, NEW)
        fresh, schedule = Put(self._table, train_item(train), NEW), schedule_put(self._table, train)
        writes = (number, fresh, schedule, *variables_puts(self._table, variables))
        try:
            is_new = transact_audited(self.tables, writes, entry)
        except ConditionFailed as error:
            raise Conflict(Worded("{} exists already", titled(train))) from error
        found = None if is_new else self.find_numbered(train.project, train.application, train.number)
        return found or train

    @override
    def train(self, number: int) -> Train:
        found = self.find_train(number)
        if found is None:
            raise NotFound(Worded("no train {}", number))
        return found

    @override
    def find_train(self, number: int) -> Train | None:
        item = self._table.get(train_key(number))
        return None if item is None else _train(item)

    @override
    def find_numbered(self, project: str, application: str, number: str) -> Train | None:
        item = self._table.get(train_number_key(project, application, number))
        return None if item is None else self.find_train(int(item["train"]))

    @override
    def of_application(self, project: str, application: str, page: Page) -> Sequence[Train]:
        return self._page(BY_FIRST, Path("first") == application_partition(project, application), page)

    @override
    def trains(self, page: Page) -> Sequence[Train]:
        return self._page(BY_SECOND, Path("second") == ALL_TRAINS, page)

    @override
    def due(self, before: datetime, page: int) -> Iterator[Due]:
        wanted = (Path("second") == DUE) & (Path("second_key") <= due_range(before))
        for one in self._table.every(wanted, Reading(index=BY_SECOND, limit=page)):
            yield Due(id=str(one["train"]), at=instant(int(one["second_key"])))

    @override
    def save(self, train: Train, entry: AuditEntry) -> Train:
        saved = replace(train, version=train.version + 1)
        put = Put(self._table, train_item(saved), on_version(train.version))
        try:
            is_new = transact_audited(self.tables, (put, schedule_put(self._table, saved)), entry)
        except ConditionFailed as error:
            raise Stale(Worded("{} has changed", titled(train))) from error
        return saved if is_new else self.train(train.id)

    @override
    def forget(self, train: Train) -> None:
        own = Path("pk") == train_key(train.id).pk
        inside = [_key(item) for item in self._table.every(own, Reading(consistent=True, attributes=("pk", "sk")))]
        last = train_key(train.id)
        self._table.write_many(removed=[key for key in inside if key != last])
        numbered = train_number_key(train.project, train.application, train.number)
        self._table.write_many(removed=[numbered, last])

    @property
    def _table(self) -> Table:
        return self.tables.of(TRAINS)

    def _page(self, index: str, keys: Condition, page: Page) -> Sequence[Train]:
        if page.after is not None:
            keys = keys & (Path("first_key" if index == BY_FIRST else "second_key") < id_key(int(page.after)))
        found = self._table.query(keys, Reading(index=index, limit=page.size, backward=True))
        return [_train(item) for item in found.items]


def _key(item: Item) -> Key:
    return Key(str(item["pk"]), str(item["sk"]))


def _train(item: Item) -> Train:
    found: Train = record_of(Train, item)
    return found
