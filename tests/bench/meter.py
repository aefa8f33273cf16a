"""Counts what AWS would count: DynamoDB's units from true item sizes, and requests of SQS and S3.

A write costs a unit for each KB begun of the larger of the item before and after, and so does each index whose entry
comes, goes, moves or changes; in a transaction twice that. A read costs a unit for each 4 KB begun, half of it when it
need not be consistent. To know what was there before, the meter looks, uncounted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.aws.calls import Answer, AwsRequest, Refused, Send
from chalicelib.store.dynamo.items import Item, size, unwired
from chalicelib.store.dynamo.schema import TABLES, schema, table_name

WRITE_BYTES = 1024
READ_BYTES = 4096
TRANSACTION = 2
SINGLE_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem"})
READS = frozenset({"GetItem", "Query", "BatchGetItem", "Scan"})


class Index(NamedTuple):
    """A secondary index. whole: it holds the items, not their keys and what is beside them alone."""

    name: str
    keys: tuple[str, str]
    whole: bool
    beside: tuple[str, ...] = ()

    def entry(self, item: Item | None) -> Item | None:
        """What the index holds of an item, if anything."""
        if item is None or any(item.get(key) is None for key in self.keys):
            return None
        kept = {"pk", "sk", *self.keys, *self.beside}
        return item if self.whole else {name: value for name, value in item.items() if name in kept}


class Place(NamedTuple):
    """An item's: table with prefix, and key on the wire."""

    table: str
    key: Mapping[str, Any]


INDEXES = {
    table_name(table): tuple(
        Index(
            name=one["IndexName"],
            keys=(one["KeySchema"][0]["AttributeName"], one["KeySchema"][1]["AttributeName"]),
            whole=one["Projection"]["ProjectionType"] == "ALL",
            beside=tuple(one["Projection"].get("NonKeyAttributes", ())),
        )
        for one in schema(table).get("GlobalSecondaryIndexes", ())
    )
    for table in TABLES
}


@dataclass(slots=True)
class Meter:
    """What was used since it was made or last cleared. prefix: of the tables' names. Not safe for threads."""

    prefix: str
    writes: float = 0
    reads: float = 0
    written: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)

    def interceptor(self, ask: AwsRequest, send: Send) -> Answer:
        """Hand the call on and count it."""
        self.requests[_request(ask)] += 1
        if ask.service != "dynamodb":
            return send(ask)
        if ask.operation in SINGLE_WRITES:
            return self._count_writes(ask, send, [_place(ask.arguments)], 1)
        if ask.operation == "TransactWriteItems":
            places = [_place(next(iter(one.values()))) for one in ask.arguments["TransactItems"]]
            return self._count_writes(ask, send, places, TRANSACTION)
        if ask.operation == "BatchWriteItem":
            return self._count_writes(ask, send, list(_batched(ask)), 1)
        answer = send(ask)
        if ask.operation in READS:
            self.reads += _read_units(ask, answer)
        return answer

    def clear(self) -> None:
        """Nothing was used."""
        self.writes = self.reads = 0
        self.written.clear()
        self.requests.clear()

    def sqs(self, *, fifo: bool | None = None) -> int:
        """Requests to SQS; of FIFO queues or of others alone, where asked."""
        named = (("sqs fifo ", True), ("sqs standard ", False))
        wanted = tuple(name for name, is_fifo in named if fifo in (None, is_fifo))
        return sum(count for name, count in self.requests.items() if name.startswith(wanted))

    def of(self, service: str, *operations: str) -> int:
        """Requests of a service; of some operations alone, where asked."""
        if not operations:
            return sum(count for name, count in self.requests.items() if name.startswith(service))
        return sum(self.requests[f"{service} {one}"] for one in operations)

    def _count_writes(self, ask: AwsRequest, send: Send, places: list[Place], times: int) -> Answer:
        before = [_looked_up(send, place) for place in places]
        try:
            answer = send(ask)
        except Refused:
            # A write that is refused by its condition costs what it would have overwritten.
            for place, old in zip(places, before, strict=True):
                self._add(place, "refused", times * _units(size(old or {}), WRITE_BYTES))
            raise
        for place, old in zip(places, before, strict=True):
            new = _looked_up(send, place)
            for name, units in self._written(place.table, old, new):
                self._add(place, name, times * units)
        return answer

    def _written(self, table: str, old: Item | None, new: Item | None) -> Iterator[tuple[str, int]]:
        yield "", _units(max(size(old or {}), size(new or {})), WRITE_BYTES)
        for index in INDEXES[table.removeprefix(self.prefix)]:
            units = _entry_units(index, index.entry(old), index.entry(new))
            if units:
                yield index.name, units

    def _add(self, place: Place, name: str, units: float) -> None:
        table = place.table.removeprefix(self.prefix)
        self.writes += units
        self.written[f"{table} {place.key['sk']['S'].partition('#')[0]} {name}".strip()] += int(units)


def _entry_units(index: Index, old: Item | None, new: Item | None) -> int:
    if old == new:
        return 0
    if old is None or new is None:
        return _units(size(old or new or {}), WRITE_BYTES)
    if all(old[key] == new[key] for key in index.keys):
        return _units(max(size(old), size(new)), WRITE_BYTES)
    return _units(size(old), WRITE_BYTES) + _units(size(new), WRITE_BYTES)


def _read_units(ask: AwsRequest, answer: Answer) -> float:
    if ask.operation == "BatchGetItem":
        return sum(_batch_got(table, asked, answer) for table, asked in ask.arguments["RequestItems"].items())
    whole = 1.0 if ask.arguments.get("ConsistentRead") else 0.5
    found = [answer["Item"]] if "Item" in answer else answer.get("Items", ())
    return whole * _units(sum(size(unwired(one)) for one in found), READ_BYTES)


def _batch_got(table: str, asked: Mapping[str, Any], answer: Answer) -> float:
    found = answer["Responses"].get(table, ())
    units = sum(_units(size(unwired(one)), READ_BYTES) for one in found) + len(asked["Keys"]) - len(found)
    return units * (1.0 if asked.get("ConsistentRead") else 0.5)


def _units(length: int, step: int) -> int:
    return max(1, -(-length // step))


def _place(asked: Mapping[str, Any]) -> Place:
    held = asked.get("Key") or asked["Item"]
    return Place(asked["TableName"], {"pk": held["pk"], "sk": held["sk"]})


def _batched(ask: AwsRequest) -> Iterator[Place]:
    for table, writes in ask.arguments["RequestItems"].items():
        for write in writes:
            yield _place({"TableName": table, **next(iter(write.values()))})


def _looked_up(send: Send, place: Place) -> Item | None:
    asked = {"TableName": place.table, "Key": place.key, "ConsistentRead": True}
    answer = send(AwsRequest(service="dynamodb", operation="GetItem", arguments=asked))
    return unwired(answer["Item"]) if "Item" in answer else None


def _request(ask: AwsRequest) -> str:
    if ask.service != "sqs":
        return f"{ask.service} {ask.operation}"
    queue = str(ask.arguments.get("QueueUrl") or ask.arguments.get("QueueName") or "")
    return f"sqs {'fifo' if queue.endswith('.fifo') else 'standard'} {ask.operation}"
