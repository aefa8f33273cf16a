"""Store the records of idempotency keys in the table `access`, each with an expiry. Their content belongs to http."""

from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.store.access.keys import ACCESS, idempotency_key
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import milliseconds
from chalicelib.store.dynamo.records import RECORD, expiry
from chalicelib.store.dynamo.tables import Table, Tables
from chalicelib.use_cases.ports.access import Idempotency
from slipway_formats.frozen import frozen
from slipway_formats.override import override

UNTIL = "until"


@frozen
class StoredIdempotency(Idempotency):
    """Implement the idempotency port on DynamoDB."""

    tables: Tables

    @override
    def claim(self, key: str, record: str, *, now: datetime, until: datetime) -> str | None:
        is_free = Path("pk").does_not_exist() | (Path(UNTIL) <= milliseconds(now))
        try:
            self._table().put(_item(key, record, until), is_free)
        except ConditionFailed as error:
            existing = str((error.there[0] or {}).get(RECORD, ""))
            return None if existing == record else existing  # our own: the first reply was lost
        return None

    @override
    def find(self, key: str, *, now: datetime) -> str | None:
        item = self._table().get(idempotency_key(key))
        return None if item is None or int(item[UNTIL]) <= milliseconds(now) else str(item[RECORD])

    @override
    def finish(self, key: str, claimed: str, record: str, *, until: datetime) -> None:
        try:
            self._table().put(_item(key, record, until), _is_still(claimed))
        except ConditionFailed:
            return

    @override
    def release(self, key: str, claimed: str) -> None:
        try:
            self._table().delete(idempotency_key(key), _is_still(claimed))
        except ConditionFailed:
            return

    def _table(self) -> Table:
        return self.tables.of(ACCESS)


def _is_still(claimed: str) -> Condition:
    return Path(RECORD) == claimed


def _item(key: str, record: str, until: datetime) -> Item:
    times = {UNTIL: milliseconds(until), "expires_at": expiry(until)}
    return {**idempotency_key(key)._asdict(), RECORD: record, **times}
