"""Tells by the audit log whether a request is a repeated one."""

from chalicelib.kernel.access.audit_entry import AuditEntry, refuse_late
from chalicelib.use_cases.ports.bundle import Ports


def was_done(ports: Ports, entry: AuditEntry) -> bool:
    """Return True if this same request was executed before. Faults: Conflict if that was more than a day ago."""
    known = ports.audits.entries([entry.id]).get(entry.id)
    if known is not None:
        refuse_late(entry, known)
    return known is not None
