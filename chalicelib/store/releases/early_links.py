"""Links of a release that has more of them than fit into its transaction: written before it, and seen once it is there.

Each early item names its registration in the attribute `of`, and in its key, so that nobody writes over it. The
transaction that stores the release leaves a mark with the same name. Readers pass over what no such mark is of: what a
registration left behind that came to nothing, or came second.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from chalicelib.kernel.releases.links import Edge
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import item_of, record_of
from chalicelib.store.dynamo.tables import Table
from chalicelib.store.releases import keys

OF = "of"
BATCH = 100


def registration(entry_id: str) -> str:
    """Return a short name of the registration with this audit entry."""
    return sha256(entry_id.encode()).hexdigest()[:16]


def early_items(edges: Sequence[Edge], of: str) -> Iterator[Item]:
    """Yield the items of the links of a release. of: its registration."""
    for edge in edges:
        yield item_of(keys.early_edge_key(edge, of), Edge, edge, "a dependency", of=of)
    subscribers = {keys.early_subscriber_key(edge, of): edge.downstream for edge in edges}
    for key, downstream in subscribers.items():
        yield {**key._asdict(), OF: of, "version": downstream.version}


def mark_item(release: ReleaseKey, of: str) -> Item:
    """Return the item that makes the early links of a release visible."""
    return {**keys.links_key(release)._asdict(), OF: of}


def early_keys(table: Table, releases: Sequence[tuple[ReleaseKey, Sequence[Edge]]]) -> Iterator[Key]:
    """Yield the keys of the early items of these releases and their edges."""
    marks = table.get_many([keys.links_key(release) for release, _ in releases], consistent=True)
    for (_, edges), mark in zip(releases, marks, strict=True):
        if mark is not None:
            yield from (Key(str(item["pk"]), str(item["sk"])) for item in early_items(edges, str(mark[OF])))


def visible_edges(table: Table, items: Iterable[Item], at_once: int) -> Iterator[Edge]:
    """Yield the edges in these items, without those of releases that are not there. at_once: items that are read."""
    for part in _parts(items, at_once):
        edges = [record_of(Edge, item) for item in part]
        known = _marked(table, [edge.downstream for edge, item in zip(edges, part, strict=True) if OF in item])
        yield from (
            edge
            for edge, item in zip(edges, part, strict=True)
            if OF not in item or known.get(edge.downstream) == item[OF]
        )


def visible_subscribers(table: Table, items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Yield the namespace and name of each application in these items, without those of releases that are not there."""
    for part in _parts(items, BATCH):
        places = [_subscriber(item) for item in part]
        early = [_release(place, item) for place, item in zip(places, part, strict=True) if OF in item]
        known = _marked(table, early)
        yield from (
            place
            for place, item in zip(places, part, strict=True)
            if OF not in item or known.get(_release(place, item)) == item[OF]
        )


def _marked(table: Table, releases: Sequence[ReleaseKey]) -> dict[ReleaseKey, str]:
    """Map the releases that left a mark to the registration that they came by."""
    wanted = list(dict.fromkeys(releases))
    marks = table.get_many([keys.links_key(release) for release in wanted], consistent=True)
    return {release: str(mark[OF]) for release, mark in zip(wanted, marks, strict=True) if mark is not None}


def _parts(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    rest = iter(items)
    while part := tuple(islice(rest, size)):
        yield part


def _subscriber(item: Item) -> tuple[str, str]:
    unit = str(item["sk"]).removeprefix(keys.SUBSCRIBER_PREFIX).partition("#")[0]
    namespace, _, application = unit.partition("/")
    return namespace, application


def _release(place: tuple[str, str], item: Item) -> ReleaseKey:
    return ReleaseKey(namespace=place[0], application=place[1], version=str(item["version"]))
