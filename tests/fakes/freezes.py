"""Freezes in memory: held to the contract by tests/store/installation/test_freezes.py."""

from dataclasses import dataclass, field, replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.plans.freezes import Freezes
from chalicelib.use_cases.ports.freezes import FreezeRecords
from tests.fakes.audits import FakeAudits


@dataclass
class FakeFreezes(FreezeRecords):
    """Freezes in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: Freezes = field(default_factory=Freezes)

    def recent(self) -> Freezes:
        return self.kept

    def current(self) -> Freezes:
        return self.kept

    def save(self, freezes: Freezes, entry: AuditEntry) -> Freezes:
        if self.audits.has(entry):
            return self.kept
        if freezes.version != self.kept.version:
            raise Stale("the list of freezes has changed")
        self.kept = replace(freezes, version=freezes.version + 1)
        self.audits.write(entry)
        return self.kept
