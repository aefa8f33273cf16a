"""The audit log in memory. What tests tamper with is public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, Seal, head_at, refuse_late
from chalicelib.use_cases.ports.access import Audits, place_of
from chalicelib.use_cases.ports.runs import Page


@dataclass
class FakeAudits(Audits):
    """The audit log in memory."""

    kept: dict[str, AuditEntry] = field(default_factory=dict)
    chain: dict[int, Seal] = field(default_factory=dict)
    _head: Head = Head()  # noqa: RUF009 - frozen
    _waiting: dict[str, None] = field(default_factory=dict)

    def write(self, entry: AuditEntry) -> None:
        if entry.id not in self.kept:
            self.kept[entry.id] = entry
            self._waiting[entry.id] = None

    def forget(self, act: str) -> None:
        """As if nothing of this kind had been written."""
        for key in [key for key, entry in self.kept.items() if entry.act == act]:
            del self.kept[key]
            self._waiting.pop(key, None)

    def has(self, entry: AuditEntry) -> bool:
        """Whether this very ask was done before, as the other fakes want to know."""
        kept = self.kept.get(entry.id)
        if kept is not None:
            refuse_late(entry, kept)
        return kept is not None

    def of_project(self, project: str, page: Page) -> Sequence[AuditEntry]:
        own = [entry for entry in self.kept.values() if entry.project == project]
        newest_first = sorted(own, key=place_of, reverse=True)
        return [entry for entry in newest_first if page.after is None or place_of(entry) < page.after][: page.size]

    def entries(self, ids: Sequence[str]) -> Mapping[str, AuditEntry]:
        return {each: self.kept[each] for each in ids if each in self.kept}

    def unsealed(self, limit: int) -> Sequence[AuditEntry]:
        return sorted((self.kept[each] for each in self._waiting), key=place_of)[:limit]

    def head(self) -> Head:
        return self._head

    def seals(self, after: int, limit: int) -> Sequence[Seal]:
        return [self.chain[number] for number in sorted(self.chain) if number > after][:limit]

    def add_seal(self, seal: Seal) -> bool:
        if seal.number != self._head.number + 1 or seal.previous != self._head.digest:
            return False
        self.chain[seal.number] = seal
        self._head = head_at(seal)
        return True

    def mark_sealed(self, seal: Seal) -> None:
        for entry in seal.entries:
            self._waiting.pop(entry.id, None)
