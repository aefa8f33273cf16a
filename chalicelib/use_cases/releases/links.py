"""How releases hang together, as callers may see it: the graph around one, what needs it, who offers an interface."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.names import MAX_LENGTH
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.access.authorise import may_read
from chalicelib.use_cases.pagination import WHOLE, Slice, Sliced, page_of, sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.releases import ReleaseByQuery, get_release, resolve_key
from slipway_formats.version import sort_key


@frozen
class LinksQuery:
    """Around which release, and who asks; which slice, where they are listed."""

    of: ReleaseByQuery
    by: Principal
    slice: Slice = WHOLE


@frozen
class OffersQuery:
    """Which slice of who offers which interface, and who asks."""

    interface: str
    by: Principal
    slice: Slice = WHOLE


@frozen
class ReleaseGraph:
    """A release and what needs it."""

    release: Release
    downstream: tuple[Edge, ...]


def get_graph(ports: Ports, ask: LinksQuery) -> ReleaseGraph:
    """The release and what needs it, as far as the asker may see. Faults: NotFound."""
    release = get_release(ports, ask.of)
    return ReleaseGraph(release=release, downstream=_seen(ports, ports.links.downstream(release.key), ask.by))


def list_downstream(ports: Ports, ask: LinksQuery) -> Sliced[Edge]:
    """What needs exactly this release, as far as the asker may see: a slice holds no more. Faults: NotFound."""
    key = resolve_key(ports, ask.of)
    found = sliced(ports.links.downstream(key, page_of(ask.slice)), ask.slice, lambda edge: edge.name)
    return replace(found, items=_seen(ports, found.items, ask.by))


def list_offers(ports: Ports, ask: OffersQuery) -> Sliced[Offer]:
    """Who offers the interface, as far as the asker may see: a slice holds no more."""
    is_name = 0 < len(ask.interface) <= MAX_LENGTH
    offers = ports.links.offers(ask.interface, page_of(ask.slice)) if is_name else ()
    found = sliced(offers, ask.slice, lambda offer: offer.name)
    seen = readable(ports, [offer.namespace for offer in found.items], ask.by)
    return replace(found, items=tuple(offer for offer in found.items if offer.namespace in seen))


def readable(ports: Ports, namespaces: Sequence[str], by: Principal) -> frozenset[str]:
    """Those of the namespaces that somebody may read."""
    known = ports.namespaces.named(list(dict.fromkeys(namespaces)))
    return frozenset(namespace.name for namespace in known if may_read(by, namespace))


def _seen(ports: Ports, edges: Sequence[Edge], by: Principal) -> tuple[Edge, ...]:
    seen = readable(ports, [edge.downstream.namespace for edge in edges], by)
    return tuple(sorted((edge for edge in edges if edge.downstream.namespace in seen), key=_place))


def _place(edge: Edge) -> tuple[str, str, str, bool]:
    down = edge.downstream
    return down.namespace, down.application, sort_key(down.version), edge.is_extension
