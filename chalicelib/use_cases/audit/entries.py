"""The origin of a command, and its audit entry. Of runs: run_entries.py; of decisions about them: perform_audit.py.

The store writes the change and its entry in one transaction. The entry's id is derived from the request, the act and
the subject, so that a repeated request finds it and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class Origin:
    """Where a request comes from: the caller, the time, and the seed of ids it creates (the same on repetition)."""

    by: Principal
    at: datetime
    seed: str


@frozen
class AuditAction:
    """What was done, in past tense, to what. project: empty for the installation.

    key: distinguishes it from other actions of the same request; by default the subject, unless that has a random name.
    """

    act: str
    subject: str
    key: str = ""
    project: str = ""
    notes: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def write_audit(ports: Ports, origin: Origin, action: AuditAction) -> None:
    """Write an audit entry; the same action of the same request is written once."""
    ports.audits.write(entry_of(origin, action))


def entry_of(origin: Origin, action: AuditAction) -> AuditEntry:
    """Build the audit entry of an action."""
    return AuditEntry(
        id=f"{origin.seed[:32]}/{action.act}/{action.key or action.subject}",
        at=origin.at,
        by=origin.by.name,
        act=action.act,
        subject=action.subject,
        project=action.project,
        notes=action.notes,
        details={**_details_of(origin.by), **action.details},
    )


def _details_of(by: Principal) -> dict[str, str]:
    proof = {"proof": str(by.proof)} if by.proof is not None else {}
    return {"kind": by.kind, "token": by.token, **proof}
