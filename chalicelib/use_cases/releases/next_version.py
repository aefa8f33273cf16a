"""The version that the next release of an application should have. Nothing is reserved by asking."""

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats import version


@frozen
class NextVersion:
    """A question for the version after the highest one with a prefix."""

    namespace: str
    application: str
    prefix: str
    by: Principal


def next_version(ports: Ports, ask: NextVersion) -> str:
    """The prefix and one more than the highest number that follows it; from 0 where nothing is, or may be seen."""
    standing = ports.applications.application_head(ask.namespace, ask.application)
    latest = standing.latest
    if latest is None or standing.project is None or not _may_see(ports, ask, standing.project):
        return version.next_version(ask.prefix, ())
    if not version.is_plain_prefix(ask.prefix):
        return version.next_version(ask.prefix, ports.releases.versions(ask.namespace, ask.application))
    # The highest of all is the highest of those that begin as it does: in most lines of releases one read is enough.
    if not latest.startswith(ask.prefix):
        latest = ports.releases.highest(ask.namespace, ask.application, ask.prefix)
    return version.next_version(ask.prefix, () if latest is None else (latest,))


def _may_see(ports: Ports, ask: NextVersion, project: str) -> bool:
    if may(ask.by, Level.READ, project):
        return True
    return any(namespace.is_public for namespace in ports.namespaces.named([ask.namespace]))
