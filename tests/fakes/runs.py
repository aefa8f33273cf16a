"""The fake of the port Runs, held to the same contract as the store by tests/store/runs/test_runs.py."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from threading import Lock
from zlib import crc32

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.parting import parted, without_folds
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.engine.trace import Fold
from chalicelib.kernel.explanation.summary import RunSummary, summary_of
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.feed.of_runs import occurrences_of_run
from chalicelib.kernel.plans.plan import DefinitionRef, Plan
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.runs.run_items import plan_item, run_item
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobsBeside
from chalicelib.use_cases.ports.runs import MOST_RECENT, SHARDS, Due, Listing, Page, Runs
from tests.fakes.audits import FakeAudits
from tests.fakes.feed import FakeFeed
from tests.fakes.jobs import FakeJobs


class FakeRuns(Runs):
    """Runs in memory. remembered: as this process is to take them for last committed.

    beside: how many new jobs are written with a run.
    """

    def __init__(
        self, jobs: FakeJobs | None = None, audits: FakeAudits | None = None, feed: FakeFeed | None = None
    ) -> None:
        self.feed = feed or FakeFeed()
        self.jobs = jobs or FakeJobs()
        self.audits = audits or FakeAudits()
        self.kept: dict[str, Run] = {}
        self.remembered: dict[str, Run] = {}
        self.plans: dict[str, Plan] = {}
        self.folds: dict[str, list[Fold]] = {}
        self.moved: dict[str, list[StageExecution]] = {}
        self.enlisted: set[str] = set()
        self.archived: set[str] = set()
        self.beside = 3
        self._lock = Lock()

    def create(self, run: Run, plan: Plan, entry: AuditEntry | None = None, jobs: JobsBeside = NO_JOBS) -> bool:
        run_item(run, plan, None)
        self.replace_plan(plan)
        with self._lock:
            is_new = run.id not in self.kept
            if entry is not None and is_new and entry.id in self.audits.kept:
                raise Conflict(f"{entry.subject} was begun before")
            if is_new:
                self.jobs.write_beside(jobs)
            if entry is not None and is_new:
                self.audits.write(entry)
            self.kept.setdefault(run.id, run)
            self.feed.add(occurrences_of_run(plan, None, run) if is_new else ())
        return is_new

    def run(self, run_id: str) -> Run:
        if run_id not in self.kept:
            raise NotFound(f"no run {run_id}")
        return self.kept[run_id]

    def find_run(self, run_id: str) -> Run | None:
        return self.kept.get(run_id)

    def find_runs(self, run_ids: Collection[str]) -> Sequence[Run]:
        return [self.kept[run_id] for run_id in run_ids if run_id in self.kept]

    def last_committed(self, run_id: str) -> Run | None:
        return self.remembered.get(run_id)

    def plan(self, plan_id: str) -> Plan:
        if plan_id not in self.plans:
            raise NotFound(f"no plan {plan_id}")
        return self.plans[plan_id]

    def find_plans(self, plan_ids: Collection[str]) -> Sequence[Plan]:
        return [self.plans[plan_id] for plan_id in dict.fromkeys(plan_ids) if plan_id in self.plans]

    @property
    def most_beside(self) -> int:
        return self.beside

    def commit(self, run: Run, occurred: Sequence[Occurrence] = (), jobs: JobsBeside = NO_JOBS) -> Run:
        kept, leaving = parted(run)
        kept, folds = without_folds(kept)
        saved = replace(kept, version=run.version + 1)
        run_item(saved, self.plan(run.plan), None)
        with self._lock:
            if run.id in self.archived:
                raise Conflict(f"run {run.id} is archived: it can be read, and changes no more")
            if run.id not in self.kept or self.kept[run.id].version != run.version:
                raise Stale(f"run {run.id} has changed since version {run.version}")
            self.jobs.write_beside(jobs)
            self.kept[run.id] = saved
            self.moved.setdefault(run.id, []).extend(leaving)
            self.folds.setdefault(run.id, []).extend(folds)
            self.feed.add(occurred)
        return saved

    def replace_plan(self, plan: Plan) -> None:
        plan_item(plan)
        self.plans.setdefault(plan.id, plan)

    def due(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        known = [(run.id, due_at(self.plan(run.plan), run)) for run in list(self.kept.values())]
        found = [
            Due(id=run_id, at=at)
            for run_id, at in known
            if at is not None and at <= before and crc32(run_id.encode()) % SHARDS == shard
        ]
        assert page > 0
        return iter(sorted(found, key=lambda due: (due.at, due.id)))

    def of_definition(self, definition: DefinitionRef, page: Page) -> Sequence[Run]:
        return [run for run in self._newest_first(page) if self._first_plan(run).definition == definition][: page.size]

    def of_project(self, project: str, kind: DefinitionKind, page: Page) -> Sequence[Run]:
        return [
            run
            for run in self._newest_first(page)
            if (self._first_plan(run).definition.project, self._first_plan(run).definition.kind) == (project, kind)
        ][: page.size]

    def summaries(self, listing: Listing) -> Iterator[RunSummary]:
        for run_id in sorted(self.kept, reverse=not listing.oldest_first):
            found = summary_of(self._first_plan(self.kept[run_id]), self.kept[run_id])
            is_behind = listing.after is None or (run_id > listing.after) is listing.oldest_first
            is_one = (found.definition.project, found.is_open) == (listing.project, listing.is_open)
            if is_one and is_behind and run_id != listing.after:
                yield found

    def recent_open(self, project: str) -> Sequence[RunSummary]:
        return list(islice(self.summaries(Listing(project=project, is_open=True, oldest_first=True)), MOST_RECENT))

    def enlist(self, project: str) -> bool:
        self.enlisted.add(project)  # all are found at once
        return True

    def open_in_train(self, train: str, below: int) -> Sequence[str]:
        trains = [(self._first_plan(run).train, run) for run in list(self.kept.values()) if not run.is_final]
        found = [(held.number, run.id) for held, run in trains if held and held.name == train and held.number < below]
        return [run_id for _, run_id in sorted(found)]

    def unfinished(self) -> Sequence[str]:
        return [run.id for run in list(self.kept.values()) if not run.is_final or run.pending_effects]

    def every_of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Iterator[str]:
        for run in list(self._newest_first(Page())):
            ref = self._first_plan(run).definition
            if (ref.project, ref.kind) == (project, kind) and environment in ("", ref.environment):
                yield run.id

    def forget(self, run: Run) -> None:
        self.kept.pop(run.id, None)
        self.moved.pop(run.id, None)
        self.folds.pop(run.id, None)
        for plan in (run.id, run.plan):
            self.plans.pop(plan, None)
        self.jobs.kept = {job_id: job for job_id, job in self.jobs.kept.items() if job.run != run.id}

    def ended(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        assert page > 0
        final = [run for run in list(self.kept.values()) if self._has_ended(run) and run.id not in self.archived]
        found = [Due(id=run.id, at=run.ended_at) for run in final if run.ended_at and run.ended_at <= before]
        mine = [due for due in found if crc32(due.id.encode()) % SHARDS == shard]
        return iter(sorted(mine, key=lambda due: (due.at, due.id)))

    def archive(self, run_id: str) -> None:
        run = self.kept.get(run_id)
        if run is not None and self._has_ended(run):
            self.archived.add(run_id)

    def _has_ended(self, run: Run) -> bool:
        return run.is_final and due_at(self.plan(run.plan), run) is None

    def earlier_folds(self, run_id: str) -> Sequence[Fold]:
        return self.folds.get(run_id, [])

    def earlier_executions(self, run_id: str) -> Sequence[StageExecution]:
        return sorted(self.moved.get(run_id, ()), key=lambda execution: execution.number)

    def _newest_first(self, page: Page) -> Iterator[Run]:
        for run_id in sorted(self.kept, reverse=True):
            if page.after is None or run_id < page.after:
                yield self.kept[run_id]

    def _first_plan(self, run: Run) -> Plan:
        return self.plan(run.plan)
