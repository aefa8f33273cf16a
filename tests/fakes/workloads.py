"""Workloads and reports of pods in memory: held to the contract by tests/store/workloads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.workloads.pods import PodReport
from chalicelib.kernel.workloads.workload import Workload, WorkloadPhase, titled
from chalicelib.use_cases.ports.runs import Due, Page
from chalicelib.use_cases.ports.workloads import EnvironmentCounts, Workloads
from tests.fakes.audits import FakeAudits
from tests.fakes.projects import FakeProjects


@dataclass
class FakeWorkloads(Workloads):
    """Workloads in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    projects: FakeProjects | None = None
    kept: dict[str, Workload] = field(default_factory=dict)
    held: dict[tuple[str, ...], str] = field(default_factory=dict)
    reports: dict[tuple[str, str], PodReport] = field(default_factory=dict)
    pipelines: dict[tuple[str, str], int] = field(default_factory=dict)

    def save(
        self, workload: Workload, *, replaces: Workload | None = None, entry: AuditEntry | None = None
    ) -> Workload:
        if entry is not None and self.audits.has(entry):
            return self.workload(workload.id)
        for one in (workload, *((replaces,) if replaces is not None else ())):
            if self.kept.get(one.id, replace(one, version=0)).version != one.version:
                raise Stale(f"{titled(one)} has changed")
        if self.projects is not None and not workload.version:
            self.projects.demand_open(workload.project, workload.environment)
        self._claim(workload, replaces)
        if replaces is not None:
            self.kept[replaces.id] = _following(replaces)
        if entry is not None:
            self.audits.write(entry)
        self.kept[workload.id] = _following(workload)
        return self.kept[workload.id]

    def workload(self, workload_id: str) -> Workload:
        if workload_id not in self.kept:
            raise NotFound(f"no workload {workload_id}")
        return self.kept[workload_id]

    def find_workload(self, workload_id: str) -> Workload | None:
        return self.kept.get(workload_id)

    def find_named(self, project: str, environment: str, name: str) -> Workload | None:
        return self.kept.get(self.held.get((project, environment, name), ""))

    def find_published(self, prefixes: Sequence[str]) -> Workload | None:
        return next((self.kept[self.held[one,]] for one in prefixes if (one,) in self.held), None)

    def of_environment(self, project: str, environment: str, page: Page) -> Sequence[Workload]:
        own = [one for one in self.kept.values() if (one.project, one.environment) == (project, environment)]
        listed = sorted((one for one in own if one.is_current), key=lambda one: one.id, reverse=True)
        return [one for one in listed if page.after is None or one.id < page.after][: page.size]

    def every_in(self, project: str, environment: str) -> Sequence[str]:
        return sorted(one.id for one in self.kept.values() if (one.project, one.environment) == (project, environment))

    def count_pipeline(self, project: str, environment: str, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self.audits.write(entry)
            self.pipelines[project, environment] = self.pipelines.get((project, environment), 0) + 1

    def counts(self, places: Sequence[tuple[str, str]]) -> Sequence[EnvironmentCounts]:
        current = [(one.project, one.environment) for one in self.kept.values() if one.is_current]
        return [EnvironmentCounts(workloads=current.count(one), pipelines=self.pipelines.get(one, 0)) for one in places]

    def forget_counts(self, project: str, environment: str) -> None:
        self.pipelines.pop((project, environment), None)

    def due(self, before: datetime, page: int) -> Iterator[Due]:
        found = [Due(id=one.id, at=one.look_at) for one in self.kept.values() if one.look_at and one.look_at <= before]
        assert page > 0
        return iter(sorted(found, key=lambda due: due.at))

    def report(self, report: PodReport) -> bool:
        known = self.reports.get((report.workload, report.run))
        if known is not None and known.sequence >= report.sequence:
            return known.sequence == report.sequence
        self.reports[report.workload, report.run] = report
        return True

    def find_report(self, workload_id: str, run: str) -> PodReport | None:
        return self.reports.get((workload_id, run))

    def reports_of(self, workload_id: str) -> Sequence[PodReport]:
        return [report for (of, _), report in sorted(self.reports.items()) if of == workload_id]

    def reports_in(self, project: str, environment: str, page: Page) -> Sequence[PodReport]:
        own = [one for one in self.reports.values() if (one.project, one.environment) == (project, environment)]
        listed = sorted(own, key=lambda one: one.run)
        return [one for one in listed if page.after is None or one.run > page.after][: page.size]

    def forget_reports(self, workload_id: str) -> None:
        self.reports = {key: one for key, one in self.reports.items() if key[0] != workload_id}

    def forget(self, project: str, environment: str, workload_id: str) -> None:
        self.forget_reports(workload_id)
        if workload_id in self.every_in(project, environment):
            del self.kept[workload_id]

    def _claim(self, workload: Workload, replaces: Workload | None) -> None:
        name, prefix, before = _name(workload), _prefix(workload), _prefix(replaces)
        own = (None, workload.id, replaces.id if replaces is not None else None)
        if workload.phase is WorkloadPhase.CURRENT:
            for key in (name, *((prefix,) if prefix[0] else ())):
                if self.held.get(key) not in own:
                    raise Conflict(f"{' '.join(key)} is in use")
            if before[0]:
                self.held.pop(before, None)
            self.held |= {name: workload.id, **({prefix: workload.id} if prefix[0] else {})}
        elif workload.phase is WorkloadPhase.DELETED:
            for key in (name, prefix):
                if self.held.get(key) in own:
                    self.held.pop(key, None)


def _following(workload: Workload) -> Workload:
    return replace(workload, version=workload.version + 1, is_counted=workload.is_current)


def _name(workload: Workload) -> tuple[str, ...]:
    return (workload.project, workload.environment, workload.name)


def _prefix(workload: Workload | None) -> tuple[str, ...]:
    manifest = workload.manifest if workload is not None else None
    return (manifest.published.prefix if manifest is not None and manifest.published is not None else "",)
