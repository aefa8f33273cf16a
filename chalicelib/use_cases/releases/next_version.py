"""The version that the next release of an application should have. It is not reserved."""

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats import version
from slipway_formats.frozen import frozen


@frozen
class NextVersion:
    """Query: the version after the highest one with a prefix."""

    namespace: str
    application: str
    prefix: str
    by: Principal


def next_version(ports: Ports, query: NextVersion) -> str:
    """Return the prefix with the next number; 0 if there is no such release, or the caller may not see it."""
    head = ports.applications.application_head(query.namespace, query.application)
    latest = head.latest
    if latest is None or head.project is None or not _may_read(ports, query, head.project):
        return version.next_version(query.prefix, ())
    if not version.is_plain_prefix(query.prefix):
        return version.next_version(query.prefix, ports.releases.versions(query.namespace, query.application))
    # If the highest version of all has the prefix it is also the highest with it: mostly one read is enough.
    if not latest.startswith(query.prefix):
        latest = ports.releases.highest(query.namespace, query.application, query.prefix)
    return version.next_version(query.prefix, () if latest is None else (latest,))


def _may_read(ports: Ports, query: NextVersion, project: str) -> bool:
    if may(query.by, Level.READ, project):
        return True
    return any(namespace.is_public for namespace in ports.namespaces.named([query.namespace]))
