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


def next_version(ports: Ports, ask: NextVersion) -> str:
    """Return the prefix with the next number; 0 if there is no such release, or the caller may not see it."""
    head = ports.applications.application_head(ask.namespace, ask.application)
    latest = head.latest
    if latest is None or head.project is None or not _may_read(ports, ask, head.project):
        return version.next_version(ask.prefix, ())
    if not version.is_plain_prefix(ask.prefix):
        return version.next_version(ask.prefix, ports.releases.versions(ask.namespace, ask.application))
    # If the highest version of all has the prefix it is also the highest with it: mostly one read is enough.
    if not latest.startswith(ask.prefix):
        latest = ports.releases.highest(ask.namespace, ask.application, ask.prefix)
    return version.next_version(ask.prefix, () if latest is None else (latest,))


def _may_read(ports: Ports, ask: NextVersion, project: str) -> bool:
    if may(ask.by, Level.READ, project):
        return True
    return any(namespace.is_public for namespace in ports.namespaces.named([ask.namespace]))
