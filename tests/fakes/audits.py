"""The audit log in memory. What tests tamper with is public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, Seal, head_at, is_of_machine, refuse_late
from chalicelib.use_cases.ports.access import Audits, AuditSearch, FoundEntries, matches, moment_of, place_of
from chalicelib.use_cases.ports.runs import Page


@dataclass
class FakeAudits(Audits):
    """The audit log in memory. _waiting: what is not sealed, with its place: it takes long to write."""

    kept: dict[str, AuditEntry] = field(default_factory=dict)
    chain: dict[int, Seal] = field(default_factory=dict)
    _head: Head = Head()  # noqa: RUF009 - frozen
    _waiting: dict[str, str] = field(default_factory=dict)

    def write(self, entry: AuditEntry) -> None:
        if entry.id not in self.kept:
            self.kept[entry.id] = entry
            self._waiting[entry.id] = place_of(entry)

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

    def find(self, search: AuditSearch, page: Page) -> FoundEntries:
        newest_first = sorted(self.kept.values(), key=place_of, reverse=True)
        behind = [entry for entry in newest_first if page.after is None or place_of(entry) < page.after]
        found = [entry for entry in behind if _is_wanted(search, entry)]
        more = len(found) > page.size
        return FoundEntries(entries=found[: page.size], after=place_of(found[page.size - 1]) if more else None)

    def relist(self, now: datetime) -> None:
        pass  # every entry is found at once

    def entries(self, ids: Sequence[str]) -> Mapping[str, AuditEntry]:
        return {each: self.kept[each] for each in ids if each in self.kept}

    def unsealed(self, limit: int) -> Sequence[AuditEntry]:
        return [self.kept[each] for each in sorted(self._waiting, key=self._waiting.__getitem__)[:limit]]

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


def _is_wanted(search: AuditSearch, entry: AuditEntry) -> bool:
    moment = moment_of(entry.at)
    return (
        search.project in ("", entry.project)
        and search.machines is is_of_machine(entry)
        and matches(search, entry)
        and (search.since is None or moment >= moment_of(search.since))
        and (search.until is None or moment < moment_of(search.until))
    )
