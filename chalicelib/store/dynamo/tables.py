"""Read and write DynamoDB tables. Every store goes through here. The list of tables: schema.py.

Conditions and updates are PynamoDB expressions: `Path("version") == 3`, `Path("n").add(1)`. The calls are not
PynamoDB's: its Model takes 1.18 ms for a GetItem and 0.80 ms of processor time, aws/http_pool.py 0.55 and 0.16; a page
of 1,000 small items is read in a fifth of the time. Usage:

    table = tables.of("projects")
    table.put({"pk": ..., "sk": ..., "name": ...}, Path("pk").does_not_exist())   # raises ConditionFailed
    table.get(Key("project#web", "project"))                                      # consistent; None if missing
    table.query(Path("pk") == "project#web", Reading(limit=50, backward=True, after=cursor))
    tables.transact((Put(table, item, condition), Remove(other, key)))
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.aws.calls import CANCELLED, Answer, Aws, Refused
from chalicelib.kernel.faults import Throttled
from chalicelib.store.dynamo.due_memory import DueMemory, noting
from chalicelib.store.dynamo.expressions import ConditionFailed, Key, expressed, named, projected, wired_key
from chalicelib.store.dynamo.items import Item, Wire, unwired, wired
from chalicelib.store.dynamo.key_limits import checked, fits, may_match, names_a_place
from slipway_formats.frozen import frozen

BATCH_GET_LIMIT = 100
BATCH_WRITE_LIMIT = 25
BATCH_ROUNDS = 8
CONDITION_FAILED = "ConditionalCheckFailedException"


@frozen
class Reading:
    """Options of a query. after: exclusive start key. backward: in descending order of the sort key. only: filter."""

    index: str | None = None
    limit: int | None = None
    backward: bool = False
    after: Item | None = None
    consistent: bool = False
    only: Condition | None = None
    attributes: tuple[str, ...] = ()


class Found(NamedTuple):
    """A page of items. next: start key of the next page, or None."""

    items: Sequence[Item]
    next: Item | None


class Put(NamedTuple):
    """Write a whole item if the condition holds."""

    table: "Table"
    item: Item
    condition: Condition | None = None


class Change(NamedTuple):
    """Update some attributes if the condition holds."""

    table: "Table"
    key: Key
    actions: tuple[Action, ...]
    condition: Condition | None = None


class Remove(NamedTuple):
    """Delete an item if the condition holds."""

    table: "Table"
    key: Key
    condition: Condition | None = None


class Check(NamedTuple):
    """Write nothing, but fail the transaction unless the condition holds."""

    table: "Table"
    key: Key
    condition: Condition


Write = Put | Change | Remove | Check


@frozen
class Tables:
    """All tables of an installation, by name without the prefix. due: told of what is written, if somebody is."""

    aws: Aws
    prefix: str
    due: DueMemory | None = None

    def of(self, name: str) -> "Table":
        """Return the table with this name."""
        return Table(aws=self.aws, name=f"{self.prefix}{name}", due=self.due)

    def transact(self, writes: Sequence[Write], token: str) -> None:
        """Write all or nothing, at most 100 writes. token: repeating the same writes with the same token has no effect.

        Faults: ConditionFailed, with one place and item per write; Invalid.
        """
        items = [_transacted(_checked_write(write)) for write in writes]
        arguments = {"TransactItems": items, "ClientRequestToken": _request_token(token, items)}
        try:
            with noting(self.due, [write.item for write in writes if isinstance(write, Put)]):
                self.aws.call("dynamodb", "TransactWriteItems", arguments)
        except Refused as error:
            if error.code != CANCELLED or "ConditionalCheckFailed" not in error.reasons:
                raise
            raise _condition_failed(error) from error


@frozen
class Table:
    """One table. name: with the prefix. Reads with a too long key find nothing; writes are Invalid."""

    aws: Aws
    name: str
    due: DueMemory | None = None

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        """Return the item, or None."""
        if not fits(key):
            return None
        arguments = {"TableName": self.name, "Key": wired_key(key), "ConsistentRead": consistent}
        answer = self.aws.call("dynamodb", "GetItem", arguments)
        return unwired(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item, condition: Condition | None = None) -> None:
        """Write a whole item. Faults: ConditionFailed, Invalid."""
        with noting(self.due, (item,)):
            self._write("PutItem", {"Item": wired(checked(item))}, condition)

    def update(self, key: Key, actions: Sequence[Action], condition: Condition | None = None) -> Item:
        """Update or create an item and return all its new attributes. Faults: ConditionFailed, Invalid."""
        checked(key._asdict())
        answer = self._write("UpdateItem", {"Key": wired_key(key), "ReturnValues": "ALL_NEW"}, condition, actions)
        with noting(self.due, (written := unwired(answer["Attributes"]),)):
            return written

    def delete(self, key: Key, condition: Condition | None = None) -> Item | None:
        """Delete the item and return its old attributes, or None if there was none. Faults: ConditionFailed."""
        if not fits(key) and condition is None:
            return None
        answer = self._write("DeleteItem", {"Key": wired_key(key), "ReturnValues": "ALL_OLD"}, condition)
        return unwired(answer["Attributes"]) if answer.get("Attributes") else None

    def query(self, keys: Condition, reading: Reading | None = None) -> Found:
        """Return one page of the items that match a key condition, in order of the sort key."""
        arguments = self._query_arguments(keys, reading or Reading())
        if arguments is None:
            return Found((), None)
        answer = self.aws.call("dynamodb", "Query", arguments)
        items = [unwired(one) for one in answer["Items"]]
        return Found(items, unwired(answer["LastEvaluatedKey"]) if answer.get("LastEvaluatedKey") else None)

    def every(self, keys: Condition, reading: Reading | None = None) -> Iterator[Item]:
        """Yield all items that match a key condition, page by page. reading.limit: items per page."""
        reading = reading or Reading()
        while True:
            found = self.query(keys, reading)
            yield from found.items
            if found.next is None:
                return
            reading = replace(reading, after=found.next)

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        """Return the items in the order of the keys; None where there is none."""
        found: dict[Key, Item] = {}
        unique = [key for key in dict.fromkeys(keys) if fits(key)]
        for start in range(0, len(unique), BATCH_GET_LIMIT):
            arguments: Wire = {"Keys": [wired_key(key) for key in unique[start : start + BATCH_GET_LIMIT]]}
            for item in self._get_batch({**arguments, "ConsistentRead": consistent}):
                found[Key(item["pk"], item["sk"])] = item
        return [found.get(key) for key in keys]

    def write_many(self, puts: Sequence[Item] = (), removed: Sequence[Key] = ()) -> None:
        """Put and delete items without conditions; no key twice. On a fault some may already be written.

        Faults: Invalid, Throttled.
        """
        writes = [{"PutRequest": {"Item": wired(checked(item))}} for item in puts]
        writes += [{"DeleteRequest": {"Key": wired_key(key)}} for key in removed if fits(key)]
        with noting(self.due, puts):
            for start in range(0, len(writes), BATCH_WRITE_LIMIT):
                left: Wire = {self.name: writes[start : start + BATCH_WRITE_LIMIT]}
                for attempt in range(BATCH_ROUNDS):
                    self._pause(attempt)
                    answer = self.aws.call("dynamodb", "BatchWriteItem", {"RequestItems": left})
                    left = answer.get("UnprocessedItems") or {}
                    if not left:
                        break
                if left:
                    raise Throttled(f"table {self.name} asks to slow down")

    def scan(self, only: Condition, attributes: tuple[str, ...]) -> Iterator[Item]:
        """Yield some attributes of all items that match a filter. Reads the whole table: never use it in a request."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        arguments: Wire = {"TableName": self.name, "FilterExpression": only.serialize(names, values)}
        arguments["ProjectionExpression"] = projected(attributes, names)
        arguments |= named(names, values)
        while True:
            answer = self.aws.call("dynamodb", "Scan", arguments)
            yield from (unwired(one) for one in answer["Items"])
            if not answer.get("LastEvaluatedKey"):
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _write(
        self, operation: str, arguments: Wire, condition: Condition | None, actions: Sequence[Action] = ()
    ) -> Answer:
        arguments = {"TableName": self.name, **arguments, **expressed(condition, actions)}
        try:
            return self.aws.call("dynamodb", operation, arguments)
        except Refused as error:
            if error.code != CONDITION_FAILED:
                raise
            there = error.answer.get("Item")
            raise ConditionFailed((0,), (unwired(there) if there else None,)) from error

    def _query_arguments(self, keys: Condition, reading: Reading) -> Wire | None:
        """Return the arguments of a query, or None when no key can match it."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        wanted = keys.serialize(names, values)
        if not may_match(values.values()) or not (reading.after is None or names_a_place(reading.after)):
            return None
        arguments: Wire = {
            "TableName": self.name,
            "KeyConditionExpression": wanted,
            "ScanIndexForward": not reading.backward,
            "ConsistentRead": reading.consistent,
            "IndexName": reading.index,
            "Limit": reading.limit,
            "ExclusiveStartKey": wired(reading.after) if reading.after else None,
            "FilterExpression": None if reading.only is None else reading.only.serialize(names, values),
            "ProjectionExpression": projected(reading.attributes, names) if reading.attributes else None,
        }
        return {name: value for name, value in arguments.items() if value is not None} | named(names, values)

    def _get_batch(self, arguments: Wire) -> Iterator[Item]:
        left: Wire = {self.name: arguments}
        for attempt in range(BATCH_ROUNDS):
            self._pause(attempt)
            answer = self.aws.call("dynamodb", "BatchGetItem", {"RequestItems": left})
            yield from (unwired(one) for one in answer.get("Responses", {}).get(self.name, ()))
            left = answer.get("UnprocessedKeys") or {}
            if not left:
                return
        raise Throttled(f"table {self.name} asks to slow down")

    def _pause(self, attempt: int) -> None:
        if attempt:
            self.aws.clock.sleep(0.02 * 2**attempt * self.aws.clock.dice())


def _request_token(token: str, items: Sequence[Wire]) -> str:
    """Hash token and writes to 36 characters, AWS's limit; AWS rejects a token reused for other writes."""
    return sha256(json.dumps([token, items]).encode()).hexdigest()[:36]


def _checked_write(write: Write) -> Write:
    """Return the write if its key is within the limits. Faults: Invalid."""
    checked(write.item if isinstance(write, Put) else write.key._asdict())
    return write


def _transacted(write: Write) -> Wire:
    table = {"TableName": write.table.name}
    match write:
        case Put():
            return {"Put": {**table, "Item": wired(write.item), **expressed(write.condition)}}
        case Change():
            return {
                "Update": {
                    **table,
                    "Key": wired_key(write.key),
                    **expressed(write.condition, write.actions),
                }
            }
        case Remove():
            return {"Delete": {**table, "Key": wired_key(write.key), **expressed(write.condition)}}
        case Check():
            return {"ConditionCheck": {**table, "Key": wired_key(write.key), **expressed(write.condition)}}


def _condition_failed(error: Refused) -> ConditionFailed:
    reasons = error.answer["CancellationReasons"]
    places = tuple(place for place, code in enumerate(error.reasons) if code == "ConditionalCheckFailed")
    return ConditionFailed(places, tuple(unwired(one["Item"]) if one.get("Item") else None for one in reasons))
