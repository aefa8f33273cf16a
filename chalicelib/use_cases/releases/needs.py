"""What a release needs, and what that needs: the graph below it, as far as the caller may read it."""

from collections.abc import Collection, Sequence

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.releases.links import Edge, edges_of
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.links import readable
from slipway_formats.frozen import frozen

MOST_RELEASES = 60
"""In a graph: more nobody reads on one screen."""


@frozen
class NeedsQuery:
    """Query: what a release needs."""

    by: Principal
    release: Release


@frozen
class Needs:
    """The graph below a release. known: those of its releases that are there and may be read. is_cut: it goes on."""

    edges: tuple[Edge, ...]
    known: frozenset[ReleaseKey]
    is_cut: bool = False


def get_needs(ports: Ports, query: NeedsQuery) -> Needs:
    """Return the graph below a release, level by level: two reads each."""
    edges, seen, level = list[Edge](), {query.release.key}, [query.release]
    known = {query.release.key}
    while level:
        found = [edge for release in level for edge in edges_of(release)]
        fresh = list(dict.fromkeys(edge.upstream for edge in found if edge.upstream not in seen))
        edges += found
        if len(seen) + len(fresh) > MOST_RELEASES:
            room = set(fresh[: MOST_RELEASES - len(seen)]) | seen
            return Needs(edges=tuple(one for one in edges if one.upstream in room), known=frozenset(known), is_cut=True)
        seen |= set(fresh)
        level = list(_releases(ports, query.by, fresh))
        known |= {release.key for release in level}
    return Needs(edges=tuple(edges), known=frozenset(known))


def _releases(ports: Ports, by: Principal, keys: Collection[ReleaseKey]) -> Sequence[Release]:
    if not keys:
        return ()
    visible = readable(ports, [key.namespace for key in keys], by)
    wanted = [key for key in keys if key.namespace in visible]
    return ports.releases.find_releases(wanted) if wanted else ()
