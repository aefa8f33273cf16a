"""Lists of the inventory, whole or page by page: a page costs the same wherever it stands."""

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Application, Namespace, ReleaseKey
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.releases import keys
from chalicelib.store.releases.items import application_of, namespace_of
from chalicelib.use_cases.ports.runs import Page


def namespaces_by_name(table: Table, page: Page | None, projects: Collection[str] | None) -> Sequence[Namespace]:
    """Namespaces by name: of every project, or of these."""
    if projects is None:
        found = map(namespace_of, _in_index(table, ("first", keys.ALL_NAMESPACES), page))
        return list(islice(found, _most(page)))
    parts = [_namespaces_of(table, project, page) for project in sorted(projects)]
    return list(islice(heapq.merge(*parts, key=attrgetter("name")), _most(page)))


def public(table: Table, page: Page | None) -> Sequence[Namespace]:
    """The public namespaces, by name."""
    found = map(namespace_of, _in_index(table, ("first", keys.PUBLIC_NAMESPACES), page))
    return list(islice(found, _most(page)))


def applications(table: Table, namespace: str, page: Page | None) -> Sequence[Application]:
    """The applications of a namespace, by name."""
    items = _in_index(table, ("first", keys.applications_hash(namespace)), page)
    return [application_of(item) for item in islice(items, _most(page))]


def tags(table: Table, unit: tuple[str, str], page: Page | None) -> Mapping[str, str]:
    """The version that each tag names."""
    items = _in_partition(table, keys.partition(*unit), keys.TAG_PREFIX, page)
    return {str(item["sk"]).removeprefix(keys.TAG_PREFIX): str(item["version"]) for item in items}


def downstream(table: Table, key: ReleaseKey, page: Page | None) -> Sequence[Edge]:
    """What needs exactly this release, by name."""
    items = _in_partition(table, keys.needs_hash(key.namespace, key.application), keys.edges_prefix(key), page)
    return [record_of(Edge, item) for item in items]


def offers(table: Table, interface: str, page: Page | None) -> Sequence[Offer]:
    """Who offers the interface, by name."""
    items = _in_partition(table, keys.offers_hash(interface), "", page)
    return [record_of(Offer, item) for item in items]


def _namespaces_of(table: Table, project: str, page: Page | None) -> Iterator[Namespace]:
    return map(namespace_of, _in_index(table, ("second", keys.namespaces_hash(project)), page))


def _in_index(table: Table, place: tuple[str, str], page: Page | None) -> Iterator[Item]:
    """The items of one hash of an index of names, after the page's start."""
    index, hashed = place
    wanted: Condition = Path(index) == hashed
    if page is not None and page.after is not None:
        wanted &= Path(f"{index}_key") > page.after
    by_first, by_second = Reading(index="by_first", limit=_most(page)), Reading(index="by_second", limit=_most(page))
    return table.every(wanted, by_first if index == "first" else by_second)


def _in_partition(table: Table, partition: str, prefix: str, page: Page | None) -> Iterator[Item]:
    """The items of a partition whose sort keys begin so, after the page's start."""
    within: Condition = Path("pk") == partition
    if page is not None and page.after is not None:
        # Of both conditions DynamoDB takes one: whatever comes after the prefix's end is left out here.
        wanted = within & (Path("sk") > f"{prefix}{page.after}")
    else:
        wanted = within & Path("sk").startswith(prefix) if prefix else within
    items = table.every(wanted, Reading(consistent=True, limit=_most(page)))
    return islice(_while_in(items, prefix), _most(page))


def _while_in(items: Iterator[Item], prefix: str) -> Iterator[Item]:
    for item in items:
        if not str(item["sk"]).startswith(prefix):
            return
        yield item


def _most(page: Page | None) -> int | None:
    return None if page is None else page.size
