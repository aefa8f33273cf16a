"""How releases hang together: which ones a release is made of, which interfaces it offers. What is known of them in
the inventory is kept there, as these records.
"""

from collections.abc import Iterator

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.release import Release, ReleaseKey
from slipway_formats import release_id
from slipway_formats.version import Exact

BUILD, DEPLOY = "build", "deploy"


@frozen
class Edge:
    """A release that needs another, when it is built, when it is deployed, or because it extends it."""

    upstream: ReleaseKey
    downstream: ReleaseKey
    build: bool = True
    deploy: bool = True
    is_extension: bool = False

    @property
    def name(self) -> str:
        """Its name among all that need the same release."""
        down = self.downstream
        how = "extends" if self.is_extension else "depends"
        return f"{how}#{release_id.of_version(down.namespace, down.application, down.version)}"


@frozen
class Offer:
    """An interface that an application offers. project: as the metadata has it. version: the highest that offers it."""

    interface: str
    namespace: str
    project: str
    application: str
    version: str
    description: str = ""

    @property
    def name(self) -> str:
        """Its name among all offers of the interface."""
        return f"{self.namespace}/{self.application}"


def edges_of(release: Release) -> tuple[Edge, ...]:
    """Answers what the release needs, each exact release once for each way."""
    found = {(edge.upstream, edge.is_extension): edge for edge in _edges(release)}
    return tuple(found.values())


def offers_of(release: Release) -> tuple[Offer, ...]:
    """Answers the interfaces that the release offers, each once."""
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
    """The release that an id names, unless it only asks for one."""
    parsed = release_id.parse(text)
    if not isinstance(parsed.query, Exact):
        return None
    return ReleaseKey(namespace=parsed.namespace, application=parsed.application, version=parsed.query.version)
