"""Releases: get by version query, with details, the previous one, and all versions of an application."""

from dataclasses import replace

from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen
from slipway_formats.version import Exact, is_version, parse_query


@frozen
class ReleaseByQuery:
    """Query: a release. query: `latest`, `v1.0.@`, `1.0`, a tag."""

    namespace: str
    application: str
    query: str


@frozen
class ReleaseInFull:
    """A release with its details. versions: of its application, highest first.

    is_latest: it is the highest that is not yanked.
    """

    release: Release
    versions: tuple[str, ...]
    is_latest: bool
    downloads: int


@frozen
class VersionsQuery:
    """Query: versions of an application. size: maximum, None for all. below: exclusive."""

    namespace: str
    application: str
    size: int | None = None
    below: str | None = None


@frozen
class VersionsPage:
    """Versions, highest first. after: start of the next page, if there may be one."""

    versions: tuple[str, ...]
    after: str | None = None


def get_release(ports: Ports, request: ReleaseByQuery) -> Release:
    """Return the release that the query selects. Faults: NotFound."""
    query = parse_query(request.query)
    if isinstance(query, Exact):
        # An exact version needs no lookup.
        key = ReleaseKey(namespace=request.namespace, application=request.application, version=query.version)
        return ports.releases.release(key)
    return ports.releases.release(resolve_key(ports, request))


def get_full_release(ports: Ports, query: ReleaseByQuery) -> ReleaseInFull:
    """Return the release that the query selects, with its details. Faults: NotFound."""
    release = get_release(ports, query)
    return ReleaseInFull(
        release=release,
        versions=tuple(ports.releases.versions(query.namespace, query.application)),
        is_latest=ports.releases.resolve(query.namespace, query.application, "latest") == release.key.version,
        downloads=ports.package_records.downloads(release.key),
    )


def get_previous_release(ports: Ports, query: ReleaseByQuery) -> Release:
    """Return the release below the one that the query selects. Faults: NotFound."""
    key = resolve_key(ports, query)
    before = ports.releases.previous(key)
    if before is None:
        raise NotFound(f"no release of {key.application} before v{key.version}")
    return ports.releases.release(replace(key, version=before))


def list_versions(ports: Ports, query: VersionsQuery) -> VersionsPage:
    """List the versions of an application. Faults: Invalid, NotFound if there are none."""
    if query.size is None:
        page = VersionsPage(versions=tuple(ports.releases.versions(query.namespace, query.application)))
    else:
        page = _page(ports, query, query.size)
    if not page.versions and query.below is None:
        raise NotFound(f"no releases of {query.namespace}/{query.application}")
    return page


def resolve_key(ports: Ports, query: ReleaseByQuery) -> ReleaseKey:
    """Return the key of the release that the query selects. Faults: NotFound."""
    version = ports.releases.resolve(query.namespace, query.application, query.query)
    if version is None:
        raise NotFound(f"no release {query.query[:64]} of {query.namespace}/{query.application}")
    return ReleaseKey(namespace=query.namespace, application=query.application, version=version)


def _page(ports: Ports, query: VersionsQuery, size: int) -> VersionsPage:
    if query.below is not None and not is_version(query.below):
        raise Invalid.single("page_from", "should be a version")
    # One more than requested shows whether there is a next page.
    found = tuple(ports.releases.page_of_versions(query.namespace, query.application, size + 1, query.below))
    return VersionsPage(versions=found[:size], after=found[size - 1] if len(found) > size else None)
