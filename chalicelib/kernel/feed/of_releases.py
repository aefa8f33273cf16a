"""What occurred to a release, with the audit entry that its change is written with."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.releases.release import ReleaseKey
from slipway_formats.release_id import of_version


def occurrences_of_release(kind: OccurrenceType, key: ReleaseKey, entry: AuditEntry) -> tuple[Occurrence, ...]:
    """Return what an act about a release is to others. Nobody hears of what belongs to no project."""
    if not entry.project:
        return ()
    release = of_version(key.namespace, key.application, key.version)
    facts = {
        "release": release,
        "application": f"{key.namespace}/{key.application}",
        "version": key.version,
        "by": entry.by,
    }
    return (Occurrence(type=kind, project=entry.project, subject=release, at=entry.at, facts=facts),)
