"""The audit log as those see it who may. Walking its chain stands in seal.py."""

from collections.abc import Sequence

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page


@frozen
class ListAudit:
    """What was done in a project, or, without one, to the installation. page: after as `place_of` writes it."""

    project: str = ""
    page: Page


def list_audit(ports: Ports, ask: ListAudit) -> Sequence[AuditEntry]:
    """The entries, newest first."""
    return ports.audits.of_project(ask.project, ask.page)
