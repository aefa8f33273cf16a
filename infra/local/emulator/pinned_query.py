"""Queries of the pinned ministack that read only their page. Unpatched it sorts the whole partition for each page.

ministack itself answers a query, from a table that holds no more than the page and the item after it. Sorted indexes
beside its tables tell which items these are, for partitions that were queried and are long enough; they follow its two
functions that store and remove an item. A query that this module does not understand goes to ministack unchanged.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from threading import RLock
from types import ModuleType
from typing import Any

from infra.local.emulator.sorted_index import Edge, Place, SortedIndex, Span

LONG = 48
"""Items of a partition from which on keeping its order is less work than sorting it."""

LAST = "\U0010ffff"
Bounds = tuple[Edge | None, Edge | None]
TYPES = frozenset({"S", "N"})

Item = Mapping[str, Any]
Table = dict[str, Any]
Asked = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """How the items of a table, or of an index, are ordered. keys: hash and range. names: attributes to sort by."""

    index: str | None
    keys: tuple[str, str]
    names: tuple[str, ...]

    def partition(self, item: Item) -> str | None:
        """Return the partition of an item; None if it is not in this index."""
        held = [item.get(key) for key in self.keys]
        return None if None in held else str(next(iter((held[0] or {"": ""}).values())))


@dataclass(slots=True, kw_only=True)
class TableIndexes:
    """The indexes of one table."""

    table: Table
    items: Any
    lines: tuple[KeyOrder, ...]
    indexes: dict[tuple[str | None, str], SortedIndex] = field(default_factory=dict)


class Pages:
    """The indexes of all tables of a ministack. dynamodb: its module. A thread of ministack's own removes items too."""

    def __init__(self, dynamodb: ModuleType) -> None:
        self._its = dynamodb
        self._query: Callable[[Asked], Any] = dynamodb._query
        self._tables: dict[int, TableIndexes] = {}
        self._lock = RLock()

    def query(self, asked: Asked) -> Any:  # noqa: ANN401 - ministack's answer
        """Answer a query as ministack does, from the page alone if the page can be determined."""
        name = self._its._normalize_table_name(asked.get("TableName"))
        table = self._its._tables.get(name)
        page = self._page(table, asked) if table else None
        if page is None:
            return self._query(asked)
        self._its._tables[name] = page
        try:
            return self._query(asked)
        finally:
            self._its._tables[name] = table

    def stored(self, table: Table, old: Item | None, new: Item | None) -> None:
        """Update the indexes after an item was stored or removed."""
        kept = self._tables.get(id(table))
        if kept is None:
            return
        with self._lock:
            for line in kept.lines:
                self._move(kept, line, old, new)

    def forget(self, table: Table) -> None:
        """Drop the indexes of a table whose items were all replaced."""
        with self._lock:
            self._tables.pop(id(table), None)

    def _move(self, kept: TableIndexes, line: KeyOrder, old: Item | None, new: Item | None) -> None:
        for item, is_new in ((old, False), (new, True)):
            partition = None if item is None else line.partition(item)
            order = None if partition is None else kept.indexes.get((line.index, partition))
            if item is None or order is None:
                continue
            place = self._place(kept.table, line, item)
            if is_new:
                order.add(place)
            else:
                order.remove(place)

    def _page(self, table: Table, asked: Asked) -> Table | None:
        """The table with the page and one more item alone; nothing when that is not to be told."""
        with self._lock:
            kept = self._kept(table)
            line = next((one for one in kept.lines if one.index == asked.get("IndexName")), None)
            condition = asked.get("KeyConditionExpression")
            if line is None or not condition:
                return None
            values, names = asked.get("ExpressionAttributeValues") or {}, asked.get("ExpressionAttributeNames") or {}
            partition = self._its._extract_pk_from_condition(condition, values, names, line.keys[0])
            bounds = bounds_in(condition, values, _references(line.keys[1], names))
            if partition is None or bounds is None:
                return None
            order = self._order(kept, line, partition)
            span = self._span(table, line, asked, bounds)
            if order is None or span is None:
                return None
            return self._narrowed(table, line, partition, order.within(span))

    def _kept(self, table: Table) -> TableIndexes:
        kept = self._tables.get(id(table))
        if kept is None or kept.items is not table["items"]:
            kept = TableIndexes(table=table, items=table["items"], lines=tuple(self._lines(table)))
            self._tables[id(table)] = kept
        return kept

    def _lines(self, table: Table) -> Iterator[KeyOrder]:
        """A table is ordered by its range key; an index by its own and, where that is the same, by the table's keys."""
        own = (table["pk_name"], table["sk_name"])
        if not own[1] or {self._its._get_attr_type(table, key) for key in own} != {"S"}:
            return
        yield KeyOrder(index=None, keys=own, names=(own[1],))
        for name, hashes, ranges in self._its._index_key_schemas(table):
            if len(hashes) == len(ranges) == 1 and self._its._get_attr_type(table, ranges[0]) in TYPES:
                names = tuple(dict.fromkeys((ranges[0], *own)))
                yield KeyOrder(index=name, keys=(hashes[0], ranges[0]), names=names)

    def _order(self, kept: TableIndexes, line: KeyOrder, partition: str) -> SortedIndex | None:
        known = kept.indexes.get((line.index, partition))
        if known is None:
            items, count = self._items(kept.table, line, partition)
            if count < LONG:
                return None
            known = SortedIndex(self._place(kept.table, line, item) for item in items)
            kept.indexes[line.index, partition] = known
        return known

    def _items(self, table: Table, line: KeyOrder, partition: str) -> tuple[Iterator[Item], int]:
        """The items of a partition, one at a time, for many may be packed; and how many they are."""
        if line.index is None:
            places = [(partition, sk) for sk in table["items"].get(partition, ())]
        else:
            places = list(self._its._index_members(table).get(line.index, {}).get(partition, ()))
        return (table["items"][pk][sk] for pk, sk in places), len(places)

    def _place(self, table: Table, line: KeyOrder, item: Item) -> Place:
        values = (
            self._its._index_order_value(item, name, self._its._get_attr_type(table, name)) for name in line.names
        )
        return tuple(intern(one) if type(one) is str else one for one in values)

    def _span(self, table: Table, line: KeyOrder, asked: Asked, bounds: Bounds) -> Span | None:
        limit, after = asked.get("Limit"), asked.get("ExclusiveStartKey")
        kind = self._its._get_attr_type(table, line.keys[1])
        given = [edge.value for edge in bounds if edge is not None]
        given += [] if after is None else [after.get(name) for name in line.keys[1:]]
        # What cannot be compared is for ministack to refuse.
        if any(not isinstance(one, dict) or kind not in one for one in given):
            return None
        if after is not None and any(name not in after for name in line.names):
            return None
        least, most = (
            None if bound is None else Edge(self._its._sort_key_value(bound.value, kind), bound.included)
            for bound in bounds
        )
        return Span(
            least=least,
            most=most,
            after=None if after is None else self._place(table, line, after),
            backward=asked.get("ScanIndexForward") is False,
            limit=limit + 1 if isinstance(limit, int) and limit > 0 else None,
        )

    def _narrowed(self, table: Table, line: KeyOrder, partition: str, places: Sequence[Place]) -> Table:
        """The table with the items at these places alone, in the one partition."""
        if line.index is None:
            found = [(partition, place[0]) for place in places]
        else:
            at = [line.names.index(table[name]) for name in ("pk_name", "sk_name")]
            found = [(place[at[0]], place[at[1]]) for place in places]
        items: dict[str, dict[str, Item]] = {}
        for pk, sk in found:
            # What expires is removed by another thread.
            item = table["items"].get(pk, {}).get(sk)
            if item is not None:
                items.setdefault(pk, {})[sk] = item
        members = {} if line.index is None else {line.index: {partition: dict.fromkeys(found)}}
        return {**table, "items": items, self._its._INDEX_MEMBERS: members}


def bounds_in(condition: str, values: Asked, references: list[str]) -> Bounds | None:
    """Return the range of range keys that a condition allows, as DynamoDB JSON; None if it cannot be determined."""
    for reference in references:
        if (found := re.search(rf"{reference}\s*(<=|>=|=|<|>)\s*(:\w+)", condition)) is not None:
            edge = Edge(values.get(found[2]), "=" in found[1])
            return edge if found[1] in (">", ">=", "=") else None, edge if found[1] in ("<", "<=", "=") else None
        if (found := re.search(rf"begins_with\s*\(\s*{reference}\s*,\s*(:\w+)\s*\)", condition)) is not None:
            value = values.get(found[1])
            return (Edge(value), Edge({"S": value["S"] + LAST})) if value and "S" in value else None
        if (found := re.search(rf"{reference}\s+BETWEEN\s+(:\w+)\s+AND\s+(:\w+)", condition)) is not None:
            return Edge(values.get(found[1])), Edge(values.get(found[2]))
        if re.search(rf"{reference}(?!\w)", condition):
            return None
    return None, None


def _references(key: str, names: Mapping[str, str]) -> list[str]:
    """How a condition may name a key, as patterns."""
    return [rf"(?<![\w#:]){re.escape(one)}" for one in (key, *(short for short, name in names.items() if name == key))]


def read_by_page(dynamodb: ModuleType) -> None:
    """Patch ministack so that its queries read only their page."""
    pages = Pages(dynamodb)
    store, remove, replaced = dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced

    def set_item(table: Table, pk: str, sk: str, item: Item) -> Any:  # noqa: ANN401 - ministack's answer
        old = store(table, pk, sk, item)
        pages.stored(table, old, item)
        return old

    def remove_item(table: Table, pk: str, sk: str) -> Any:  # noqa: ANN401 - ministack's answer
        old = remove(table, pk, sk)
        pages.stored(table, old, None)
        return old

    def items_replaced(table: Table) -> None:
        replaced(table)
        pages.forget(table)

    ours = {"_set_item": set_item, "_remove_item": remove_item, "_items_replaced": items_replaced}
    vars(dynamodb).update(ours, _query=pages.query)
