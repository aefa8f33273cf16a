"""Dependencies between releases, and the interfaces that applications provide, as indexed by the inventory."""

from collections.abc import Iterator

from chalicelib.kernel.releases.release import Release, ReleaseKey
from slipway_formats import release_id
from slipway_formats.frozen import frozen
from slipway_formats.version import Exact

BUILD, DEPLOY = "build", "deploy"

MOST_LINKS = 1000
"""Releases that a release may depend on or extend."""


@frozen
class Edge:
    """One release depends on, or extends, another. build, deploy: when it is needed."""

    upstream: ReleaseKey
    downstream: ReleaseKey
    build: bool = True
    deploy: bool = True
    is_extension: bool = False

    @property
    def name(self) -> str:
        """The edge's key among all edges of the same upstream release."""
        down = self.downstream
        how = "extends" if self.is_extension else "depends"
        return f"{how}#{release_id.of_version(down.namespace, down.application, down.version)}"


@frozen
class Offer:
    """An interface that an application provides. project: from the metadata. version: the highest providing it."""

    interface: str
    namespace: str
    project: str
    application: str
    version: str
    description: str = ""

    @property
    def name(self) -> str:
        """The offer's key among all offers of the interface."""
        return f"{self.namespace}/{self.application}"


def edges_of(release: Release) -> tuple[Edge, ...]:
    """The exact releases that a release depends on or extends, without repeats."""
    found = {(edge.upstream, edge.is_extension): edge for edge in _edges(release)}
    return tuple(found.values())


def offers_of(release: Release) -> tuple[Offer, ...]:
    """The interfaces that a release provides, without repeats."""
    metadata = release.metadata
    return tuple(
        Offer(
            interface=name,
            namespace=release.namespace,
            project=metadata.project,
            application=metadata.name,
            version=metadata.version,
            description=metadata.description,
        )
        for name in dict.fromkeys(one.name for one in metadata.provides or () if one.name)
    )


def _edges(release: Release) -> Iterator[Edge]:
    for one in release.metadata.depends or ():
        if (upstream := _exact(one.release_id)) is not None:
            scopes = one.scopes or (BUILD, DEPLOY)
            yield Edge(upstream=upstream, downstream=release.key, build=BUILD in scopes, deploy=DEPLOY in scopes)
    for other in release.metadata.extends or ():
        if (upstream := _exact(other.release_id)) is not None:
            yield Edge(upstream=upstream, downstream=release.key, is_extension=True)


def _exact(text: str) -> ReleaseKey | None:
    """Parse the id of an exact release; None when it is a version query."""
    parsed = release_id.parse(text)
    if not isinstance(parsed.query, Exact):
        return None
    return ReleaseKey(namespace=parsed.namespace, application=parsed.application, version=parsed.query.version)
