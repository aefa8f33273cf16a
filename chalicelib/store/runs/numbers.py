"""Store counters, and the owners of integer ids, in the table `runs`."""

from pynamodb.expressions.operand import Path

from chalicelib.kernel.integer_ids import IdOwner, block_of, first_of
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys

BLOCKS = "ids"
MOST_KNOWN = 10_000
"""Owners that are remembered: a few hundred bytes each."""


class StoredNumbers:
    """Implement the port Numbers on DynamoDB."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.of(keys.RUNS)
        self._owners: dict[int, IdOwner] = {}

    def following(self, counter: str) -> int:
        """Return the next number of a counter, from 1, never twice. A retry after a lost reply leaves a gap."""
        counted = self._table.update(keys.counter_key(counter), (Path("counted").add(1),))
        return int(counted["counted"])

    def following_id(self, kind: str, owner: str = "") -> int:
        """Give an owner the next block of ids and return the first."""
        block = self.following(BLOCKS)
        record = IdOwner(kind=kind, id=owner or str(first_of(block)))
        self._table.put(item_of(keys.block_key(block), IdOwner, record, f"block {block} of ids"))
        return first_of(block)

    def find_owner(self, number: int) -> IdOwner | None:
        """Return whose an id is. An owner once found is remembered: it never changes."""
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
