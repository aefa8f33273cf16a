"""Reading the audit log. Its hash chain is verified in seal.py."""

from collections.abc import Sequence

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen


@frozen
class ListAudit:
    """Query: the entries of a project, or of the installation without one. page: after as `place_of` writes it."""

    project: str = ""
    page: Page


def list_audit(ports: Ports, query: ListAudit) -> Sequence[AuditEntry]:
    """List the entries, newest first."""
    return ports.audits.of_project(query.project, query.page)
