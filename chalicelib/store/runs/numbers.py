"""Store counters, and the owners of integer ids, in the table `runs`."""

from pynamodb.expressions.operand import Path

from chalicelib.kernel.integer_ids import IdOwner, block_of, first_of
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Tables
from chalicelib.store.runs import keys
from chalicelib.use_cases.ports.numbers import Numbers
from slipway_formats.override import override

BLOCKS = "ids"
MOST_KNOWN = 10_000
"""Blocks and owners that are remembered, by each other: a few hundred bytes each."""


class StoredNumbers(Numbers):
    """Implement the port Numbers on DynamoDB."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._table = tables.of(keys.RUNS)
        self._owners: dict[int, IdOwner] = {}
        self._given: dict[Key, int] = {}

    @override
    def following(self, counter: str) -> int:
        counted = self._table.update(keys.counter_key(counter), (Path("counted").add(1),))
        return int(counted["counted"])

    @override
    def following_id(self, kind: str, owner: str = "") -> int:
        block = self.following(BLOCKS)
        self._table.put(_block_item(block, kind, owner))
        return first_of(block)

    @override
    def ensure_ids(self, kind: str, owner: str) -> int:
        key = keys.owned_block_key(kind, owner)
        if key not in self._given:
            if len(self._given) >= MOST_KNOWN:
                self._given.clear()
            self._given[key] = self._ensured(key, kind, owner)
        return self._given[key]

    def _ensured(self, key: Key, kind: str, owner: str) -> int:
        known = self._table.get(key)
        if known is None:
            block = self.following(BLOCKS)
            leading = {**key._asdict(), "first_id": first_of(block)}
            writes = (Put(self._table, leading, NEW), Put(self._table, _block_item(block, kind, owner)))
            try:
                self._tables.transact(writes, f"{BLOCKS}/{block}")
            except ConditionFailed as error:  # somebody else was faster
                known = error.there[0]
            else:
                return first_of(block)
        return int((known or {})["first_id"])

    @override
    def find_owner(self, number: int) -> IdOwner | None:
        block = block_of(number)
        if block is None or block in self._owners:
            return None if block is None else self._owners[block]
        item = self._table.get(keys.block_key(block))
        if item is None:
            return None
        if len(self._owners) >= MOST_KNOWN:
            self._owners.clear()
        owner: IdOwner = record_of(IdOwner, item)
        self._owners[block] = owner
        return owner


def _block_item(block: int, kind: str, owner: str) -> Item:
    """The item that says whose the ids of a block are."""
    record = IdOwner(kind=kind, id=owner or str(first_of(block)))
    return item_of(keys.block_key(block), IdOwner, record, f"block {block} of ids")
