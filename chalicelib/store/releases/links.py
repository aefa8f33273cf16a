"""Implement the port Links on the table `inventory`: dependents of a release, and providers of an interface."""

from collections.abc import Sequence

from pynamodb.expressions.operand import Path

from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Reading, Table, Tables
from chalicelib.store.releases import keys
from chalicelib.store.releases.lists import in_partition
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
        mine = keys.needs_hash(key.namespace, key.application)
        return [record_of(Edge, item) for item in in_partition(self._table, mine, keys.edges_prefix(key), page)]

    @override
    def offers(self, interface: str, page: Page | None = None) -> Sequence[Offer]:
        return [record_of(Offer, item) for item in in_partition(self._table, keys.offers_hash(interface), "", page)]

    @override
    def subscribers(self, namespace: str, application: str) -> Sequence[Unit]:
        mine = Path("pk") == keys.needs_hash(namespace, application)
        items = self._table.every(mine & Path("sk").startswith(keys.SUBSCRIBER_PREFIX), Reading(consistent=True))
        places = (str(item["sk"]).removeprefix(keys.SUBSCRIBER_PREFIX).partition("/") for item in items)
        return [(namespace, application) for namespace, _, application in places]

    @property
    def _table(self) -> Table:
        return self.tables.of(keys.INVENTORY)
