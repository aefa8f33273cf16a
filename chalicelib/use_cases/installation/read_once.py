"""The installation as one request reads it: what it asks for twice is read once."""

from collections.abc import Sequence
from dataclasses import field, replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.installation.entries import Entry, Kind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.installation import Installation
from slipway_formats.frozen import frozen
from slipway_formats.override import override


def reading_once(ports: Ports) -> Ports:
    """Return the ports for one request. What it does then goes by the entries as they were when it first read them."""
    return replace(ports, installation=_ReadOnce(source=ports.installation))


@frozen
class _ReadOnce(Installation):
    source: Installation
    known: dict[tuple[type, str | int], Entry | None] = field(default_factory=dict)

    @override
    def create(self, record: Kind, entry: AuditEntry) -> Kind:
        self.known.clear()
        return self.source.create(record, entry)

    @override
    def save(self, record: Kind, before: Kind, entry: AuditEntry) -> Kind:
        self.known.clear()
        return self.source.save(record, before, entry)

    @override
    def remove(self, record: Kind, entry: AuditEntry) -> None:
        self.known.clear()
        self.source.remove(record, entry)

    @override
    def find(self, kind: type[Kind], number: int) -> Kind | None:
        if (kind, number) not in self.known:
            self.known[kind, number] = self.source.find(kind, number)
        found = self.known[kind, number]
        return found if isinstance(found, kind) else None

    @override
    def find_by(self, kind: type[Kind], handle: str) -> Kind | None:
        if (kind, handle) not in self.known:
            self.known[kind, handle] = self.source.find_by(kind, handle)
        found = self.known[kind, handle]
        return found if isinstance(found, kind) else None

    @override
    def every(self, kind: type[Kind]) -> Sequence[Kind]:
        return self.source.every(kind)

    @override
    def with_handles(self, kind: type[Kind], prefix: str) -> Sequence[Kind]:
        return self.source.with_handles(kind, prefix)
