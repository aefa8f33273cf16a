"""The port for freezes: all of the installation in one record, so that one small read tells them.

Audit entries are handled as in projects.py.
"""

from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.plans.freezes import Freezes


class FreezeRecords(Protocol):
    """All freezes, as of a version."""

    def recent(self) -> Freezes:
        """Return the freezes as this process read or saved them within half a second, else as they are now."""

    def current(self) -> Freezes:
        """Return the freezes as they are now (a consistent read); version 0 before the first."""

    def save(self, freezes: Freezes, entry: AuditEntry) -> Freezes:
        """Save on the version; what is saved has the next. Faults: Stale, TooLarge."""
