"""The fake of the port Runners, held to the same contract as the store by tests/store/runs/test_runners.py."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import NotFound
from chalicelib.store.runs.runners import NotedRunners
from chalicelib.use_cases.ports.runners import Runners
from tests.fakes.audits import FakeAudits


class FakeRunners(Runners):
    """Runners in memory."""

    def __init__(self, audits: FakeAudits | None = None) -> None:
        self.audits = audits or FakeAudits()
        self.kept: dict[tuple[str, str], Runner] = {}
        self._noted = NotedRunners()

    def note(self, runner: Runner) -> None:
        if not self._noted.is_due(runner):
            return
        before = self.kept.get((runner.pool, runner.name), runner)
        self.kept[runner.pool, runner.name] = replace(
            runner,
            slots=before.slots if runner.slots is None else runner.slots,
            busy=before.busy if runner.busy is None else runner.busy,
            version=runner.version or before.version,
            executor=before.executor if runner.slots is None else runner.executor,
            drained_by=before.drained_by,
            labels=before.labels if runner.slots is None else runner.labels,
        )

    def drain(self, runner: Runner, entry: AuditEntry) -> None:
        if self.audits.has(entry):
            return
        known = self.kept.get((runner.pool, runner.name))
        if known is None:
            raise NotFound(f"no runner {runner.name} of pool {runner.pool}")
        self.kept[runner.pool, runner.name] = replace(known, drained_by=runner.drained_by)
        self.audits.write(entry)

    def is_drained(self, pool: str, name: str) -> bool:
        known = self.kept.get((pool, name))
        return known is not None and bool(known.drained_by)

    def every(self) -> Sequence[Runner]:
        return [runner for _, runner in sorted(self.kept.items())]

    def of_pool(self, pool: str) -> Sequence[Runner]:
        return [runner for runner in self.every() if runner.pool == pool]
