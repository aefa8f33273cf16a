"""Entries of the installation in memory: held to the contract by tests/store/installation."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.installation.entries import Entry, Kind, word_of
from chalicelib.use_cases.ports.installation import Installation
from tests.fakes.audits import FakeAudits


@dataclass
class FakeInstallation(Installation):
    """Entries of the installation in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: dict[tuple[type[Any], int], Any] = field(default_factory=dict)

    def create(self, record: Kind, entry: AuditEntry) -> Kind:
        if self.audits.has(entry):
            return self._current(record)
        self._refuse_taken(record, None)
        return self._keep(replace(record, version=1), entry)

    def save(self, record: Kind, before: Kind, entry: AuditEntry) -> Kind:
        if self.audits.has(entry):
            return self._current(record)
        known = self.find(type(record), record.id)
        if known is None or known.version != before.version:
            raise Stale(f"{record.title} has changed")
        self._refuse_taken(record, record.id)
        return self._keep(replace(record, version=before.version + 1), entry)

    def remove(self, record: Kind, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self.kept.pop((type(record), record.id), None)
            self.audits.write(entry)

    def find(self, kind: type[Kind], number: int) -> Kind | None:
        found: Kind | None = self.kept.get((kind, number))
        return found

    def find_by(self, kind: type[Kind], handle: str) -> Kind | None:
        return next((one for one in self.every(kind) if handle in one.handles), None)

    def every(self, kind: type[Kind]) -> Sequence[Kind]:
        return [self.kept[key] for key in sorted((key for key in self.kept if key[0] is kind), key=lambda key: key[1])]

    def with_handles(self, kind: type[Kind], prefix: str) -> Sequence[Kind]:
        found = ((handle, one) for one in self.every(kind) for handle in one.handles if handle.startswith(prefix))
        return [one for _, one in sorted(found, key=lambda pair: pair[0].encode())]

    def _keep(self, record: Kind, entry: AuditEntry) -> Kind:
        self.kept[type(record), record.id] = record
        self.audits.write(entry)
        return record

    def _refuse_taken(self, record: Entry, own: int | None) -> None:
        others = (one for one in self.every(type(record)) if one.id != own)
        if any(set(one.handles) & set(record.handles) or one.id == record.id for one in others):
            raise Conflict(f"{word_of(record)} {record.title} exists already")

    def _current(self, record: Kind) -> Kind:
        found = self.find(type(record), record.id) or self.find_by(type(record), record.handles[0])
        return found or record
