"""Reading and writing the tables: the one way from the stores to DynamoDB. Which tables there are: schema.py.

Conditions and updates are PynamoDB's expressions: `Path("version") == 3`, `Path("n").add(1)`. The calls are not
PynamoDB's: its Model takes 1.18 ms for a GetItem and 0.80 ms of processor time, aws/http_pool.py 0.55 and 0.16; a page
of 1,000 small items is read in a fifth of the time. How a store uses this, in short:

    table = tables.of("projects")
    table.put({"pk": ..., "sk": ..., "name": ...}, Path("pk").does_not_exist())   # raises Missed: translate it
    table.get(Key("project#web", "project"))                                      # consistent, or None
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
from chalicelib.kernel.frozen import frozen
from chalicelib.store.dynamo.expressions import ConditionFailed, Key, expressed, named, projected, wired_key
from chalicelib.store.dynamo.items import Item, Wire, unwired, wired
from chalicelib.store.dynamo.key_limits import checked, fits, may_match, names_a_place

TRANSACTION_LIMIT = 100
BATCH_GET_LIMIT = 100
BATCH_WRITE_LIMIT = 25
BATCH_ROUNDS = 8
CONDITION_FAILED = "ConditionalCheckFailedException"


@frozen
class Reading:
    """How a query reads. after: exclusive start key. backward: from the highest sort key down."""

    index: str | None = None
    limit: int | None = None
    backward: bool = False
    after: Item | None = None
    consistent: bool = False
    only: Condition | None = None
    attributes: tuple[str, ...] = ()


class Found(NamedTuple):
    """A page of items. next: start key of the page after it, or None."""

    items: Sequence[Item]
    next: Item | None


class Put(NamedTuple):
    """Write a whole item, if the condition holds."""

    table: "Table"
    item: Item
    condition: Condition | None = None


class Change(NamedTuple):
    """Change some attributes, if the condition holds."""

    table: "Table"
    key: Key
    actions: tuple[Action, ...]
    condition: Condition | None = None


class Remove(NamedTuple):
    """Delete an item, if the condition holds."""

    table: "Table"
    key: Key
    condition: Condition | None = None


class Check(NamedTuple):
    """Write nothing; the transaction goes on if the condition holds."""

    table: "Table"
    key: Key
    condition: Condition


Write = Put | Change | Remove | Check


@frozen
class Tables:
    """All tables of an installation, by their names without the prefix."""

    aws: Aws
    prefix: str

    def of(self, name: str) -> "Table":
        """The table of that name."""
        return Table(aws=self.aws, name=f"{self.prefix}{name}")

    def transact(self, writes: Sequence[Write], token: str) -> None:
        """All of the writes or none; at most 100. token: of this asking; the same writes again under it count once.

        Faults: Missed, with one place and item for each write; Invalid.
        """
        items = [_transacted(_fitting(write)) for write in writes]
        arguments = {"TransactItems": items, "ClientRequestToken": _request_token(token, items)}
        try:
            self.aws.call("dynamodb", "TransactWriteItems", arguments)
        except Refused as error:
            if error.code != CANCELLED or "ConditionalCheckFailed" not in error.reasons:
                raise
            raise _missed(error) from error


@frozen
class Table:
    """One table. name: with the prefix. What keys too long name is not there; to write under them is Invalid."""

    aws: Aws
    name: str

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        """The item, or None."""
        if not fits(key):
            return None
        asked = {"TableName": self.name, "Key": wired_key(key), "ConsistentRead": consistent}
        answer = self.aws.call("dynamodb", "GetItem", asked)
        return unwired(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item, condition: Condition | None = None) -> None:
        """Write a whole item. Faults: Missed, Invalid."""
        self._write("PutItem", {"Item": wired(checked(item))}, condition)

    def update(self, key: Key, actions: Sequence[Action], condition: Condition | None = None) -> Item:
        """Change attributes, making the item where there is none; the item as it is then. Faults: Missed, Invalid."""
        checked(key._asdict())
        answer = self._write("UpdateItem", {"Key": wired_key(key), "ReturnValues": "ALL_NEW"}, condition, actions)
        return unwired(answer["Attributes"])

    def delete(self, key: Key, condition: Condition | None = None) -> Item | None:
        """Delete the item; what it was, or None where there was none. Faults: Missed."""
        if not fits(key) and condition is None:
            return None
        answer = self._write("DeleteItem", {"Key": wired_key(key), "ReturnValues": "ALL_OLD"}, condition)
        return unwired(answer["Attributes"]) if answer.get("Attributes") else None

    def query(self, keys: Condition, reading: Reading | None = None) -> Found:
        """One page of the items whose keys meet a condition, in order of the sort key."""
        asked = self._asked(keys, reading or Reading())
        if asked is None:
            return Found((), None)
        answer = self.aws.call("dynamodb", "Query", asked)
        items = [unwired(one) for one in answer["Items"]]
        return Found(items, unwired(answer["LastEvaluatedKey"]) if answer.get("LastEvaluatedKey") else None)

    def every(self, keys: Condition, reading: Reading | None = None) -> Iterator[Item]:
        """All items whose keys meet a condition, page after page; limit is that of a page."""
        reading = reading or Reading()
        while True:
            found = self.query(keys, reading)
            yield from found.items
            if found.next is None:
                return
            reading = replace(reading, after=found.next)

    def get_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        """The items in the order of the keys; None where there is none."""
        found: dict[Key, Item] = {}
        unique = [key for key in dict.fromkeys(keys) if fits(key)]
        for start in range(0, len(unique), BATCH_GET_LIMIT):
            asked: Wire = {"Keys": [wired_key(key) for key in unique[start : start + BATCH_GET_LIMIT]]}
            for item in self._batch_got({**asked, "ConsistentRead": consistent}):
                found[Key(item["pk"], item["sk"])] = item
        return [found.get(key) for key in keys]

    def write_many(self, puts: Sequence[Item] = (), removed: Sequence[Key] = ()) -> None:
        """Put and delete without conditions; no key twice. Some may be written when a fault is raised.

        Faults: Invalid, Throttled.
        """
        writes = [{"PutRequest": {"Item": wired(checked(item))}} for item in puts]
        writes += [{"DeleteRequest": {"Key": wired_key(key)}} for key in removed if fits(key)]
        for start in range(0, len(writes), BATCH_WRITE_LIMIT):
            left: Wire = {self.name: writes[start : start + BATCH_WRITE_LIMIT]}
            for attempt in range(BATCH_ROUNDS):
                self._pause(attempt)
                left = self.aws.call("dynamodb", "BatchWriteItem", {"RequestItems": left}).get("UnprocessedItems") or {}
                if not left:
                    break
            if left:
                raise Throttled(f"table {self.name} asks to slow down")

    def scan(self, only: Condition, attributes: tuple[str, ...]) -> Iterator[Item]:
        """Some attributes of all items that meet a condition. Reads the whole table: never on the way of a request."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        asked: Wire = {"TableName": self.name, "FilterExpression": only.serialize(names, values)}
        asked["ProjectionExpression"] = projected(attributes, names)
        asked |= named(names, values)
        while True:
            answer = self.aws.call("dynamodb", "Scan", asked)
            yield from (unwired(one) for one in answer["Items"])
            if not answer.get("LastEvaluatedKey"):
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _write(
        self, operation: str, asked: Wire, condition: Condition | None, actions: Sequence[Action] = ()
    ) -> Answer:
        asked = {"TableName": self.name, **asked, **expressed(condition, actions)}
        try:
            return self.aws.call("dynamodb", operation, asked)
        except Refused as error:
            if error.code != CONDITION_FAILED:
                raise
            there = error.answer.get("Item")
            raise ConditionFailed((0,), (unwired(there) if there else None,)) from error

    def _asked(self, keys: Condition, reading: Reading) -> Wire | None:
        """The query as DynamoDB takes it; nothing when no key can be like that."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        wanted = keys.serialize(names, values)
        if not may_match(values.values()) or not (reading.after is None or names_a_place(reading.after)):
            return None
        asked: Wire = {
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
        return {name: value for name, value in asked.items() if value is not None} | named(names, values)

    def _batch_got(self, asked: Wire) -> Iterator[Item]:
        left: Wire = {self.name: asked}
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
    """AWS takes 36 characters, and a token used for other writes ill."""
    return sha256(json.dumps([token, items]).encode()).hexdigest()[:36]


def _fitting(write: Write) -> Write:
    """The write, if there can be something under its key. Faults: Invalid."""
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


def _missed(error: Refused) -> ConditionFailed:
    reasons = error.answer["CancellationReasons"]
    places = tuple(place for place, code in enumerate(error.reasons) if code == "ConditionalCheckFailed")
    return ConditionFailed(places, tuple(unwired(one["Item"]) if one.get("Item") else None for one in reasons))
