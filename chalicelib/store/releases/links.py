"""Implement the port Links on the table `inventory`: dependents of a release, and providers of an interface."""

from collections.abc import Sequence
from itertools import islice

from pynamodb.expressions.operand import Path

from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Reading, Table, Tables
from chalicelib.store.releases import keys
from chalicelib.store.releases.early_links import BATCH, visible_edges, visible_subscribers
from chalicelib.store.releases.lists import after_in_partition, in_partition, most
from chalicelib.use_cases.ports.releases import Links, Unit
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.override import override


@frozen
class StoredLinks(Links):
    """Dependencies between releases, and the interfaces they offer."""

    tables: Tables

    @override
    def downstream(self, key: ReleaseKey, page: Page | None = None) -> Sequence[Edge]:
        mine, after = keys.needs_hash(key.namespace, key.application), (page.after if page is not None else None) or ""
        items = after_in_partition(self._table, mine, keys.edges_prefix(key), page)
        found = visible_edges(self._table, items, most(page) or BATCH)
        # The key of an early edge goes on behind its name, and so comes after it.
        return list(islice((edge for edge in found if edge.name > after), most(page)))

    @override
    def offers(self, interface: str, page: Page | None = None) -> Sequence[Offer]:
        return [record_of(Offer, item) for item in in_partition(self._table, keys.offers_hash(interface), "", page)]

    @override
    def subscribers(self, namespace: str, application: str) -> Sequence[Unit]:
        mine = Path("pk") == keys.needs_hash(namespace, application)
        items = self._table.every(mine & Path("sk").startswith(keys.SUBSCRIBER_PREFIX), Reading(consistent=True))
        return list(dict.fromkeys(visible_subscribers(self._table, items)))

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.INVENTORY)
