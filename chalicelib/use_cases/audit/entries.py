"""Who asks for a change, and the entry of the audit log that says so. Acts of runs: runs/perform_audit.py.

The entry goes to the store with the change, which writes both in one transaction: neither is there without the other.
Its id is that of the ask, the act and the subject, so that a repeated ask finds it and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry, refuse_late
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports


@frozen
class Origin:
    """Where an ask comes from: who, when, and the seed of the ids it makes, the same when it is repeated."""

    by: Principal
    at: datetime
    seed: str


@frozen
class AuditAction:
    """What was done, in past tense, to what. project: empty for the installation.

    key: what tells it from other deeds of the same ask; the subject, unless that is named by chance.
    """

    act: str
    subject: str
    key: str = ""
    project: str = ""
    notes: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def was_done(ports: Ports, entry: AuditEntry) -> bool:
    """Whether this very ask did it before. Faults: Conflict, when that is more than a day ago."""
    kept = ports.audits.entries([entry.id]).get(entry.id)
    if kept is not None:
        refuse_late(entry, kept)
    return kept is not None


def write_audit(ports: Ports, origin: Origin, action: AuditAction) -> None:
    """Keep what was done; the same deed of the same ask is kept once."""
    ports.audits.write(entry_of(origin, action))


def entry_of(origin: Origin, action: AuditAction) -> AuditEntry:
    """The entry that says what was done."""
    return AuditEntry(
        id=f"{origin.seed[:32]}/{action.act}/{action.key or action.subject}",
        at=origin.at,
        by=origin.by.name,
        act=action.act,
        subject=action.subject,
        project=action.project,
        notes=action.notes,
        details={"kind": origin.by.kind, "token": origin.by.token, **action.details},
    )
