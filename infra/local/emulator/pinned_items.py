"""The items and tables of the pinned ministack: which changes were made, what is there, and how it is made again."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from sys import intern
from types import ModuleType
from typing import Any

from infra.local.emulator.expiries import Expiries
from infra.local.emulator.journal.file import Change
from infra.local.emulator.packed import Item, Partition, Resting, as_json

Note = Callable[[Change], None]
Table = dict[str, Any]

STORES = (
    "tags",
    "ttl_settings",
    "pitr_settings",
    "kinesis_destinations",
    "contributor_insights",
    "backups",
    "resource_policies",
    "exports",
    "imports",
)
"""What ministack holds of tables besides the tables themselves."""
BATCH = 1_000
REST = 60.0
"""Seconds from its writing until an item is packed."""


def _nowhere(_: Change) -> None:
    """Note nothing."""


@dataclass(slots=True, kw_only=True)
class Items:
    """The tables of a ministack. dynamodb: its module. note: takes each change, once `follow` was called."""

    dynamodb: ModuleType
    note: Note = _nowhere
    resting: Resting = field(default_factory=lambda: Resting(REST))
    expiries: Expiries = field(default_factory=Expiries)
    definitions: bytes = b""

    def follow(self, note: Note) -> None:
        """From now on, note every change."""
        self.note = note
        self.definitions = self._definitions()

    def note_definitions(self) -> None:
        """Note how tables are defined, if that has changed."""
        found = self._definitions()
        if found != self.definitions:
            self.definitions = found
            self.note(Change(("tables",), found))

    def tend(self, most: int) -> bool:
        """Pack items that rest, and remove expired ones, at most so many; return True if more may be due."""
        now = time.time()
        for table, pk, sk in (due := self.expiries.due(most, now)):
            self._remove_if_expired(table, pk, sk, now)
        return self.resting.pack(most, now) == most or len(due) == most

    def whole(self) -> Iterator[Sequence[Change]]:
        """Yield all that is there, by the batch."""
        yield (Change(("tables",), self._definitions()),)
        for table in self._tables():
            yield from _in_batches(self._at_rest(table))
            yield from _in_batches(self._members(table))
        yield from self.expiries.whole()

    def apply(self, change: Change) -> bool:
        """Make a change again; return False if it is none of these."""
        kind, *rest = change.head
        match kind:
            case "tables":
                self._define(change.body)
            case "item":
                self._put(change.body, *rest)
            case "packed":
                self._restore(change.body, *rest)
            case "emptied":
                self._empty(*rest)
            case "members":
                self._restore_members(json.loads(change.body), *rest)
            case "expiries":
                self.expiries.restore(json.loads(change.body), *rest)
            case _:
                return False
        return True

    def stored(self, table: Table, pk: str, sk: str, item: Item) -> None:
        """Note an item that was just stored."""
        if (expiry := item.get(self._expiry_name(table), {}).get("N")) is not None:
            self.expiries.note((table["TableArn"], pk, sk), float(expiry))
        if self.note is not _nowhere:
            self.resting.written(table["items"][pk], sk, item, time.time())
            self.note(Change(("item", table["TableArn"], pk, sk), as_json(item)))

    def removed(self, table: Table, pk: str, sk: str) -> None:
        """Note an item that was just removed."""
        self.note(Change(("item", table["TableArn"], pk, sk)))

    def replaced(self, table: Table) -> None:
        """Note all items of a table, which were just replaced."""
        self.note(Change(("emptied", table["TableArn"])))
        for pk, partition in list(table["items"].items()):
            table["items"][pk] = Partition(partition)
            for sk, item in partition.items():
                self.stored(table, pk, sk, item)

    def _expiry_name(self, table: Table) -> str:
        _, _, _, region, account, _ = table["TableArn"].split(":", 5)
        setting = self.dynamodb._ttl_settings.get_scoped(account, region, table["TableName"]) or {}
        return str(setting.get("AttributeName", "")) if setting.get("TimeToLiveStatus") == "ENABLED" else ""

    def _remove_if_expired(self, arn: str, pk: str, sk: str, now: float) -> None:
        table = self._table(arn)
        item = table["items"].get(pk, {}).get(sk) if table is not None else None
        value = item.get(self._expiry_name(table), {}).get("N") if table is not None and item is not None else None
        if value is not None and float(value) <= now:
            self.dynamodb._remove_item(table, pk, sk)

    def _tables(self) -> list[Table]:
        return [*self.dynamodb._tables.all_values()]

    def _table(self, arn: str) -> Table | None:
        _, _, _, region, account, name = arn.split(":", 5)
        return self.dynamodb._tables.get_scoped(account, region, name.partition("/")[2])  # type: ignore[no-any-return]  # ministack has no types

    def _definitions(self) -> bytes:
        from ministack.core import persistence
        from ministack.core.responses import AccountRegionScopedDict

        tables = AccountRegionScopedDict()
        left_out = {"items", "ItemCount", "TableSizeBytes", self.dynamodb._INDEX_MEMBERS}
        for (account, region, name), table in self.dynamodb._tables.all_items():
            tables.set_scoped(account, region, name, {k: v for k, v in table.items() if k not in left_out})
        state = {"tables": tables, **{name: vars(self.dynamodb)[f"_{name}"] for name in STORES}}
        return json.dumps(state, default=persistence._json_default).encode()

    def _define(self, body: bytes) -> None:
        from ministack.core import persistence

        state = json.loads(body, object_hook=persistence._json_object_hook)
        tables, held = state.pop("tables")._data, self.dynamodb._tables._data
        for key in [key for key in held if key not in tables]:
            del held[key]
        for key, table in tables.items():
            held[key] = _with_items(table, held.get(key), self.dynamodb._INDEX_MEMBERS)
            # From the first item on: of many items at once it takes ministack long.
            self.dynamodb._index_members(held[key])
        for name in STORES:
            vars(self.dynamodb)[f"_{name}"].clear()
        self.dynamodb.load_persisted_state({"tables": self.dynamodb._tables, **state})

    def _put(self, content: bytes, arn: str, pk: str, sk: str) -> None:
        table = self._table(arn)
        if table is not None and content:
            self.dynamodb._set_item(table, pk, sk, json.loads(content))
            # As JSON it waits to be packed in a quarter of the memory.
            table["items"][pk][sk] = content
            self.resting.written(table["items"][pk], sk, content, time.time())
        elif table is not None:
            self.dynamodb._remove_item(table, pk, sk)

    def _restore(self, content: bytes, arn: str, pk: str, keys: Sequence[tuple[str, int]]) -> None:
        table = self._table(arn)
        if table is None:
            return
        partition, at = partition_of(table, intern(pk)), 0
        for sk, length in keys:
            partition[intern(sk)] = content[at : at + length]
            at += length
        table["ItemCount"] += len(keys)

    def _empty(self, arn: str) -> None:
        table = self._table(arn)
        if table is not None:
            table["items"].clear()
            self.dynamodb._items_replaced(table)

    def _at_rest(self, table: Table) -> Iterator[Change]:
        for pk, partition in table["items"].items():
            at_rest = [*(partition if type(partition) is Partition else Partition(partition)).at_rest()]
            keys = [(sk, len(content)) for sk, content in at_rest]
            yield Change(("packed", table["TableArn"], pk, keys), b"".join(content for _, content in at_rest))

    def _members(self, table: Table) -> Iterator[Change]:
        for index, partitions in self.dynamodb._index_members(table).items():
            yield Change(("members", table["TableArn"], index), b"{}")
            for name, members in partitions.items():
                yield Change(("members", table["TableArn"], index), json.dumps({name: [*members]}).encode())

    def _restore_members(self, partitions: Mapping[str, Iterable[tuple[str, str]]], arn: str, index: str) -> None:
        table = self._table(arn)
        if table is not None:
            known = table.setdefault(self.dynamodb._INDEX_MEMBERS, {}).setdefault(index, {})
            for name, members in partitions.items():
                known[name] = dict.fromkeys((intern(pk), intern(sk)) for pk, sk in members)


def partition_of(table: Table, pk: str) -> Partition:
    """Return a partition of a table, made if need be, as one that packs its items."""
    found = table["items"].get(pk)
    if type(found) is not Partition:
        table["items"][pk] = found = Partition(found or {})
    return found


def observe(dynamodb: ModuleType) -> Items:
    """Return the tables of this ministack, which from now on packs items that rest and has no thread that expires."""
    items = Items(dynamodb=dynamodb)
    store, remove, replaced = dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced

    def set_item(table: Table, pk: str, sk: str, item: Item) -> Any:  # noqa: ANN401 - ministack's answer
        pk, sk = intern(pk), intern(sk)
        partition_of(table, pk)
        old = store(table, pk, sk, item)
        items.stored(table, pk, sk, item)
        return old

    def remove_item(table: Table, pk: str, sk: str) -> Any:  # noqa: ANN401 - ministack's answer
        old = remove(table, pk, sk)
        items.removed(table, pk, sk)
        return old

    def items_replaced(table: Table) -> None:
        replaced(table)
        items.replaced(table)

    vars(dynamodb).update(_set_item=set_item, _remove_item=remove_item, _items_replaced=items_replaced)
    return items


def _with_items(table: Table, held: Table | None, members: str) -> Table:
    """A definition with the items that its table holds; with its indexes, where they are defined alike."""
    if held is None:
        return {**table, "items": {}, "ItemCount": 0, "TableSizeBytes": 0}
    is_alike = all(table.get(one) == held.get(one) for one in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"))
    indexes = {members: held[members]} if is_alike and members in held else {}
    counts = {name: held[name] for name in ("items", "ItemCount", "TableSizeBytes")}
    return {**table, **counts, **indexes}


def _in_batches(changes: Iterable[Change]) -> Iterator[Sequence[Change]]:
    rest = iter(changes)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
