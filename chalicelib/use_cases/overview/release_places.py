"""Where releases are: the versions of an application, newest first, each with where it is deployed."""

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.projects.cell import Cell
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import visible_projects
from chalicelib.use_cases.releases.releases import VersionsPage, VersionsQuery, list_versions
from slipway_formats.frozen import frozen


@frozen
class ReleasePlaces:
    """Query: a page of the versions of an application, or one of them alone. below: exclusive."""

    by: Principal
    namespace: str
    application: str
    version: str = ""
    size: int = 20
    below: str | None = None


@frozen
class Placed:
    """What is deployed somewhere. project: in which."""

    project: str
    cell: Cell


@frozen
class PlacedRelease:
    """A release, and where it is deployed as far as the caller may read it."""

    release: Release
    places: tuple[Placed, ...] = ()


@frozen
class PlacedReleases:
    """A page of releases, highest first. after: where the next one begins; None when there is none."""

    releases: tuple[PlacedRelease, ...]
    after: str | None = None


def get_release_places(ports: Ports, query: ReleasePlaces) -> PlacedReleases:
    """Return a page of releases with where they are: one query of cells for each project that the caller may read.

    Faults: NotFound, Invalid.
    """
    page = _versions(ports, query)
    places = defaultdict[str, list[Placed]](list)
    for one in places_of(ports, query.by, f"{query.namespace}/{query.application}"):
        places[one.cell.version].append(one)
    keys = (ReleaseKey(namespace=query.namespace, application=query.application, version=one) for one in page.versions)
    found = [release for key in keys if (release := ports.releases.find_release(key)) is not None]
    if query.version and not found:
        raise NotFound(f"no release {query.version[:64]} of {query.namespace}/{query.application}")
    return PlacedReleases(
        releases=tuple(PlacedRelease(release=one, places=tuple(places.get(one.metadata.version, ()))) for one in found),
        after=page.after,
    )


def _versions(ports: Ports, query: ReleasePlaces) -> VersionsPage:
    if query.version:
        return VersionsPage(versions=(query.version,))
    asked = VersionsQuery(namespace=query.namespace, application=query.application, size=query.size, below=query.below)
    return list_versions(ports, asked)


def places_of(ports: Ports, by: Principal, application: str) -> Sequence[Placed]:
    """Return where an application is, in any version, as far as the caller may read it."""
    return [
        Placed(project=project.name, cell=cell)
        for project in visible_projects(ports, by)
        for cell in ports.deployments.cells(project.name, project.environments)
        if cell.application == application and cell.environment in project.environments
    ]
