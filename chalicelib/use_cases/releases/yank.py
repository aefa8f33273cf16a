"""Yank a release, and undo it: a yanked one is found by its exact version only."""

from collections.abc import Callable

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale, Throttled
from chalicelib.kernel.releases.check import refused
from chalicelib.kernel.releases.release import ReleaseKey, Yanked
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats import version
from slipway_formats.frozen import frozen
from slipway_formats.release_id import of_version

LONGEST_REASON = 1000


@frozen
class Yank:
    """Yank a release. version: as in the URL."""

    origin: Origin
    namespace: str
    application: str
    version: str
    reason: str = ""


def yank(ports: Ports, command: Yank) -> None:
    """Yank the release; one that is yanked keeps its reason. Faults: Invalid, NotFound, Throttled."""
    if not command.reason.strip() or len(command.reason) > LONGEST_REASON:
        raise refused(f"A reason of 1 to {LONGEST_REASON} characters is needed")
    yanked = Yanked(reason=command.reason, by=command.origin.by.name, at=command.origin.at)
    key, entry = _key(command), _entry(ports, command, "yanked-release")
    _retry(ports, command, lambda: ports.releases.yank(key, yanked, entry))


def unyank(ports: Ports, command: Yank) -> None:
    """Undo the yank of a release. Faults: Invalid, NotFound, Throttled."""
    key, entry = _key(command), _entry(ports, command, "unyanked-release")
    _retry(ports, command, lambda: ports.releases.unyank(key, entry))


def _key(command: Yank) -> ReleaseKey:
    exact = command.version.removeprefix("v")
    if not version.is_version(exact):
        raise refused(f"Invalid version string '{command.version}'.")
    return ReleaseKey(namespace=command.namespace, application=command.application, version=exact)


def _retry(ports: Ports, command: Yank, act: Callable[[], None]) -> None:
    try:
        retry_on_conflict(ports, act, since=command.origin.at)
    except Stale as stale:
        raise Throttled(stale.message) from stale


def _entry(ports: Ports, command: Yank, act: str) -> AuditEntry:
    key = _key(command)
    subject = of_version(key.namespace, key.application, key.version)
    project = ports.namespaces.project_of(key.namespace, key.application) or ""
    return entry_of(command.origin, AuditAction(act=act, subject=subject, project=project, notes=command.reason))
