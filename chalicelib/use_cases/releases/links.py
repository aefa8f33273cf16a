"""Links between releases that the caller may see: the graph around one, its dependents, providers of an interface."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.names import MAX_LENGTH
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.access.authorise import may_read
from chalicelib.use_cases.pagination import WHOLE, Slice, Sliced, page_of, sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.releases import ReleaseByQuery, get_release, resolve_key
from slipway_formats.frozen import frozen
from slipway_formats.version import sort_key


@frozen
class LinksQuery:
    """Query: links of a release. slice: of the list."""

    of: ReleaseByQuery
    by: Principal
    slice: Slice = WHOLE


@frozen
class OffersQuery:
    """Query: providers of an interface. slice: of the list."""

    interface: str
    by: Principal
    slice: Slice = WHOLE


@frozen
class ReleaseGraph:
    """A release and its dependents."""

    release: Release
    downstream: tuple[Edge, ...]


def get_graph(ports: Ports, query: LinksQuery) -> ReleaseGraph:
    """Return the release with the dependents that the caller may see. Faults: NotFound."""
    release = get_release(ports, query.of)
    return ReleaseGraph(release=release, downstream=_visible(ports, ports.links.downstream(release.key), query.by))


def list_downstream(ports: Ports, query: LinksQuery) -> Sliced[Edge]:
    """List the dependents of exactly this release that the caller may see; a slice may have fewer items.

    Faults: NotFound.
    """
    key = resolve_key(ports, query.of)
    found = sliced(ports.links.downstream(key, page_of(query.slice)), query.slice, lambda edge: edge.name)
    return replace(found, items=_visible(ports, found.items, query.by))


def list_offers(ports: Ports, query: OffersQuery) -> Sliced[Offer]:
    """List the providers of the interface that the caller may see; a slice may have fewer items."""
    is_name = 0 < len(query.interface) <= MAX_LENGTH
    offers = ports.links.offers(query.interface, page_of(query.slice)) if is_name else ()
    found = sliced(offers, query.slice, lambda offer: offer.name)
    visible = readable(ports, [offer.namespace for offer in found.items], query.by)
    return replace(found, items=tuple(offer for offer in found.items if offer.namespace in visible))


def readable(ports: Ports, namespaces: Sequence[str], by: Principal) -> frozenset[str]:
    """Return those of the namespaces that the caller may read."""
    known = ports.namespaces.named(list(dict.fromkeys(namespaces)))
    return frozenset(namespace.name for namespace in known if may_read(by, namespace))


def _visible(ports: Ports, edges: Sequence[Edge], by: Principal) -> tuple[Edge, ...]:
    visible = readable(ports, [edge.downstream.namespace for edge in edges], by)
    return tuple(sorted((edge for edge in edges if edge.downstream.namespace in visible), key=_place))


def _place(edge: Edge) -> tuple[str, str, str, bool]:
    down = edge.downstream
    return down.namespace, down.application, sort_key(down.version), edge.is_extension
