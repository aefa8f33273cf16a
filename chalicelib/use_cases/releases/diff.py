"""The differences between two releases of an application."""

from dataclasses import replace

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.releases.diff import Change, difference
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.releases import ReleaseByQuery, resolve_key
from slipway_formats.frozen import frozen


@frozen
class ReleasesCompared:
    """Two releases, as version queries. old: None for the previous one."""

    namespace: str
    application: str
    new: str
    old: str | None = None


def compare_releases(ports: Ports, query: ReleasesCompared) -> tuple[Change, ...]:
    """Return every difference from old to new. Faults: NotFound, also if there is no previous release."""
    new = resolve_key(ports, _by_query(query, query.new))
    if query.old is None:
        before = ports.releases.previous(new)
        if before is None:
            raise NotFound(f"no release of {new.application} before v{new.version}")
        old = replace(new, version=before)
    else:
        old = resolve_key(ports, _by_query(query, query.old))
    return difference(ports.releases.release(old).metadata, ports.releases.release(new).metadata)


def _by_query(request: ReleasesCompared, query: str) -> ReleaseByQuery:
    return ReleaseByQuery(namespace=request.namespace, application=request.application, query=query)
