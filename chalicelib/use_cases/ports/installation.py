"""The port for what the installation has by integer id and title: kernel/installation/entries.py.

Audit entries are handled as in projects.py.
"""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.installation.entries import Kind


class Installation(Protocol):
    """Entries of the installation. Reads are consistent."""

    def create(self, record: Kind, entry: AuditEntry) -> Kind:
        """Store a new entry. Faults: Conflict if one of its handles is taken, TooLarge."""

    def save(self, record: Kind, before: Kind, entry: AuditEntry) -> Kind:
        """Save on the version of `before`; the saved one has the next. Faults: Stale, Conflict (a handle), TooLarge."""

    def remove(self, record: Kind, entry: AuditEntry) -> None:
        """Delete an entry; a missing one is no fault."""

    def find(self, kind: type[Kind], number: int) -> Kind | None:
        """Return the entry of this id, if there is one."""

    def find_by(self, kind: type[Kind], handle: str) -> Kind | None:
        """Return the entry that has the handle, if there is one."""

    def every(self, kind: type[Kind]) -> Sequence[Kind]:
        """List the entries of a kind, in the order of their ids."""

    def with_handles(self, kind: type[Kind], prefix: str) -> Sequence[Kind]:
        """List the entries of a kind that have a handle with this prefix, in the order of these."""
