"""Implement the port Search on the table `inventory`: an index of words."""

from collections.abc import Sequence

from pynamodb.expressions.operand import Path

from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.kernel.releases.search import Hit
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Reading, Table, Tables
from chalicelib.store.releases import keys
from chalicelib.store.releases.items import release_of
from chalicelib.use_cases.ports.releases import Search, Unit
from slipway_formats.frozen import frozen
from slipway_formats.override import override

SHORT_WORD = 2


@frozen
class StoredSearch(Search):
    """Index of words."""

    tables: Tables

    @override
    def hits(self, word: str, most: int) -> Sequence[Hit]:
        begins = word if len(word) >= SHORT_WORD else f"{word}#"
        mine = (Path("pk") == keys.words_hash(word)) & Path("sk").startswith(begins)
        return [record_of(Hit, item) for item in self._table.query(mine, Reading(limit=most)).items]

    @override
    def latest_of(self, units: Sequence[Unit]) -> Sequence[Release]:
        heads = self._table.get_many([keys.application_key(*unit) for unit in units])
        found = zip(units, heads, strict=True)
        wanted = [keys.release_key(key) for key in (_key_of(unit, head) for unit, head in found) if key is not None]
        return [release_of(item) for item in self._table.get_many(wanted) if item is not None]

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.INVENTORY)


def _key_of(unit: Unit, head: Item | None) -> ReleaseKey | None:
    if head is None:
        return None
    return ReleaseKey(namespace=unit[0], application=unit[1], version=str(head["latest"]))
