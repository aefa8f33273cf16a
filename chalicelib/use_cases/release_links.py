"""How releases hang together, as callers may see it: the graph around one, what needs it, who offers an interface."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.kernel.names import MAX_LENGTH
from chalicelib.kernel.principal import Principal, may
from chalicelib.kernel.release import Release
from chalicelib.kernel.release_links import Edge, Offer
from chalicelib.kernel.role import Level
from chalicelib.kernel.version import sort_key
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.releases import ReleaseAsked, see_release


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksAsked:
    """Around which release, and who asks."""

    of: ReleaseAsked
    by: Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersAsked:
    """Of which interface, and who asks."""

    interface: str
    by: Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseGraph:
    """A release and what needs it."""

    release: Release
    downstream: tuple[Edge, ...]


def see_graph(ports: Ports, ask: LinksAsked) -> ReleaseGraph:
    """The release and what needs it, as far as the asker may see. Faults: NotFound."""
    release = see_release(ports, ask.of)
    return ReleaseGraph(release=release, downstream=_seen(ports, ports.inventory.downstream(release.key), ask.by))


def list_downstream(ports: Ports, ask: LinksAsked) -> tuple[Edge, ...]:
    """What needs exactly this release, as far as the asker may see. Faults: NotFound."""
    return see_graph(ports, ask).downstream


def list_offers(ports: Ports, ask: OffersAsked) -> tuple[Offer, ...]:
    """Who offers the interface, as far as the asker may see."""
    found = ports.inventory.offers(ask.interface) if 0 < len(ask.interface) <= MAX_LENGTH else ()
    seen = readable(ports, [offer.namespace for offer in found], ask.by)
    return tuple(offer for offer in found if offer.namespace in seen)


def readable(ports: Ports, namespaces: Sequence[str], by: Principal) -> frozenset[str]:
    """Those of the namespaces that somebody may read."""
    owners = ports.inventory.projects_of(list(dict.fromkeys(namespaces)))
    return frozenset(name for name, project in owners.items() if may(by, Level.READ, project))


def _seen(ports: Ports, edges: Sequence[Edge], by: Principal) -> tuple[Edge, ...]:
    seen = readable(ports, [edge.downstream.namespace for edge in edges], by)
    return tuple(sorted((edge for edge in edges if edge.downstream.namespace in seen), key=_place))


def _place(edge: Edge) -> tuple[str, str, str, bool]:
    down = edge.downstream
    return down.namespace, down.application, sort_key(down.version), edge.is_extension
