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


def get_release(ports: Ports, ask: ReleaseByQuery) -> Release:
    """Return the release that the query selects. Faults: NotFound."""
    query = parse_query(ask.query)
    if isinstance(query, Exact):
        # An exact version needs no lookup.
        key = ReleaseKey(namespace=ask.namespace, application=ask.application, version=query.version)
        return ports.releases.release(key)
    return ports.releases.release(resolve_key(ports, ask))


def get_full_release(ports: Ports, ask: ReleaseByQuery) -> ReleaseInFull:
    """Return the release that the query selects, with its details. Faults: NotFound."""
    release = get_release(ports, ask)
    return ReleaseInFull(
        release=release,
        versions=tuple(ports.releases.versions(ask.namespace, ask.application)),
        is_latest=ports.releases.resolve(ask.namespace, ask.application, "latest") == release.key.version,
        downloads=ports.package_records.downloads(release.key),
    )


def get_previous_release(ports: Ports, ask: ReleaseByQuery) -> Release:
    """Return the release below the one that the query selects. Faults: NotFound."""
    key = resolve_key(ports, ask)
    before = ports.releases.previous(key)
    if before is None:
        raise NotFound(f"no release of {key.application} before v{key.version}")
    return ports.releases.release(replace(key, version=before))


def list_versions(ports: Ports, ask: VersionsQuery) -> VersionsPage:
    """List the versions of an application. Faults: Invalid, NotFound if there are none."""
    if ask.size is None:
        page = VersionsPage(versions=tuple(ports.releases.versions(ask.namespace, ask.application)))
    else:
        page = _page(ports, ask, ask.size)
    if not page.versions and ask.below is None:
        raise NotFound(f"no releases of {ask.namespace}/{ask.application}")
    return page


def resolve_key(ports: Ports, ask: ReleaseByQuery) -> ReleaseKey:
    """Return the key of the release that the query selects. Faults: NotFound."""
    version = ports.releases.resolve(ask.namespace, ask.application, ask.query)
    if version is None:
        raise NotFound(f"no release {ask.query[:64]} of {ask.namespace}/{ask.application}")
    return ReleaseKey(namespace=ask.namespace, application=ask.application, version=version)


def _page(ports: Ports, ask: VersionsQuery, size: int) -> VersionsPage:
    if ask.below is not None and not is_version(ask.below):
        raise Invalid.single("page_from", "should be a version")
    # One more than requested shows whether there is a next page.
    found = tuple(ports.releases.page_of_versions(ask.namespace, ask.application, size + 1, ask.below))
    return VersionsPage(versions=found[:size], after=found[size - 1] if len(found) > size else None)
