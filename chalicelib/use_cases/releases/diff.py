"""What is different between two releases of an application."""

from dataclasses import replace

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.diff import Change, difference
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.releases import ReleaseByQuery, resolve_key


@frozen
class ReleasesCompared:
    """Which releases, as version queries. old: nothing for the one before."""

    namespace: str
    application: str
    new: str
    old: str | None = None


def compare_releases(ports: Ports, ask: ReleasesCompared) -> tuple[Change, ...]:
    """Every difference from the old to the new. Faults: NotFound, also where there is none before."""
    new = resolve_key(ports, _asked(ask, ask.new))
    if ask.old is None:
        before = ports.releases.previous(new)
        if before is None:
            raise NotFound(f"no release of {new.application} before v{new.version}")
        old = replace(new, version=before)
    else:
        old = resolve_key(ports, _asked(ask, ask.old))
    return difference(ports.releases.release(old).metadata, ports.releases.release(new).metadata)


def _asked(ask: ReleasesCompared, query: str) -> ReleaseByQuery:
    return ReleaseByQuery(namespace=ask.namespace, application=ask.application, query=query)
