"""Store runs in the table `runs`: saved by one conditional write, found by definition, project, train and due time."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import EPOCH
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.parting import parted, without_folds
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.engine.trace import Fold
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.feed.of_runs import occurrences_of_run
from chalicelib.kernel.plans.plan import DefinitionRef, Plan
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.audit.transaction import entry_writes
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import LastSaved, Recent, record_of
from chalicelib.store.dynamo.saving import Save, create_with, save
from chalicelib.store.dynamo.tables import Put, Reading, Tables, Write
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.runs import keys
from chalicelib.store.runs.archive.archived_runs import ARCHIVED
from chalicelib.store.runs.due_index import due_in
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.store.runs.older_runs import OlderRuns
from chalicelib.store.runs.plans import Plans
from chalicelib.store.runs.run_items import (
    execution_item,
    folds_item,
    folds_of,
    plan_item,
    run_item,
    run_of,
    summary_in,
)
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobMoved, JobsBeside
from chalicelib.use_cases.ports.runs import MOST_RECENT, Due, Listing, Page, Runs
from slipway_formats.override import override

RECENT = timedelta(seconds=5)
"""How old summaries may be that are asked for as recent ones."""

MOST_PROJECTS = 200
"""Projects whose summaries are remembered: up to 100 KB each."""


class StoredRuns(Runs):
    """Implement the port Runs on DynamoDB. identifier: returns a unique name for each write.

    plans: those that this process knows, if another store begins runs too. remembered: how many open runs this process
    remembers as it last committed them. feed: writes what occurred with each change. recent: open runs of projects, as
    this process has read them of late. jobs: what is written with runs.
    """

    def __init__(
        self,
        tables: Tables,
        identifier: Callable[[], str],
        plans: Plans | None = None,
        *,
        remembered: int = 0,
        feed: FeedWriter | None = None,
        recent: Recent[tuple[RunSummary, ...]] | None = None,
        jobs: StoredJobs | None = None,
    ) -> None:
        self._tables = tables
        self._feed = feed or FeedWriter(tables=tables)
        self._table = tables.of(keys.RUNS)
        self._plans = plans or Plans(self._table)
        self._identifier = identifier
        self._jobs = jobs or StoredJobs(tables, identifier)
        self._last_committed: LastSaved[Run] = LastSaved(remembered)
        self._archived = self._plans.archived
        self._recent = recent or Recent(lambda: EPOCH, kept=timedelta(0))
        self._older = OlderRuns(self._table, self._plans)

    @override
    def create(self, run: Run, plan: Plan, entry: AuditEntry | None = None, jobs: JobsBeside = NO_JOBS) -> bool:
        item = run_item(run, plan, due_at(plan, run))
        plan_item(plan)
        # The plan first: a run without a plan could not advance, a plan without a run does no harm.
        self._plans.put(plan)
        put, commit = Put(self._table, item), self._identifier()
        audited = () if entry is None else entry_writes(self._tables, entry)
        beside = (*audited, *self._jobs.puts(jobs))
        try:
            is_new = self._feed.transact(
                occurrences_of_run(plan, None, run),
                lambda last: create_with(self._tables, put, (*beside, *last), commit),
            )
        except ConditionFailed as error:
            if jobs and min(error.places) >= 1 + len(audited):
                raise JobMoved(f"a job of run {run.id} is there before it") from error
            if entry is None:
                raise
            # The run is gone, perhaps with its project: begun again, it would be under the entry of the first.
            raise Conflict(f"{entry.subject} was begun before") from error
        if is_new and run.ended_at is None:
            self._last_committed.keep(run.id, run)
        return is_new

    @override
    def run(self, run_id: str) -> Run:
        found = self.find_run(run_id)
        if found is None:
            raise NotFound(f"no run {run_id}")
        return found

    @override
    def find_run(self, run_id: str) -> Run | None:
        item = self._table.get(keys.run_key(run_id))
        return None if item is None else self._run_of(item)

    @override
    def find_runs(self, run_ids: Collection[str]) -> Sequence[Run]:
        found = self._table.get_many([keys.run_key(run_id) for run_id in run_ids], consistent=True)
        return self._runs_of(found)

    @override
    def plan(self, plan_id: str) -> Plan:
        return self._plans.plan(plan_id)

    @override
    def find_plans(self, plan_ids: Collection[str]) -> Sequence[Plan]:
        return self._plans.find_plans(plan_ids)

    @override
    @property
    def most_beside(self) -> int:
        return self._jobs.most_beside

    @override
    def commit(self, run: Run, occurred: Sequence[Occurrence] = (), jobs: JobsBeside = NO_JOBS) -> Run:
        kept, moved = parted(run)
        kept, folds = without_folds(kept)
        self._move(run, folds)
        saved, plan = replace(kept, version=run.version + 1), self.plan(run.plan)
        self._recent.drop(plan.definition.project)
        change = Save(
            item=run_item(saved, plan, due_at(plan, saved)),
            since=run.version,
            thing=f"run {run.id}",
            commit=self._identifier(),
            beside=tuple(execution_item(run.id, one) for one in moved),
            last=self._jobs.puts(jobs),
        )
        self._last_committed.drop(run.id)
        try:
            self._feed.transact(occurred, lambda last: self._saved(change, last))
        except ConditionFailed as error:
            if not jobs:
                raise
            raise JobMoved(f"a job of run {run.id} has changed") from error
        except Stale as error:
            if self._archived is not None and self._archived.is_archived(run.id):
                raise Conflict(f"run {run.id} is archived: it can be read, and changes no more") from error
            raise
        if saved.ended_at is None:
            self._last_committed.keep(run.id, saved)
        return saved

    @override
    def last_committed(self, run_id: str) -> Run | None:
        return self._last_committed.kept(run_id)

    @override
    def replace_plan(self, plan: Plan) -> None:
        self._plans.put(plan)

    @override
    def due(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        return due_in(self._table, keys.shard_name("run", shard), before, page)

    @override
    def of_definition(self, definition: DefinitionRef, page: Page) -> Sequence[Run]:
        return self._listed("by_definition", "definition", keys.definition_hash(definition), page)

    @override
    def of_project(self, project: str, kind: DefinitionKind, page: Page) -> Sequence[Run]:
        return self._listed("by_project", "project", keys.project_hash(project, kind), page)

    @override
    def summaries(self, listing: Listing) -> Iterator[RunSummary]:
        wanted = Path("listing") == keys.listing_hash(listing.project, is_open=listing.is_open)
        if listing.after is not None:
            place = Path("run")
            wanted &= place > listing.after if listing.oldest_first else place < listing.after
        reading = Reading(index="by_listing", limit=listing.chunk, backward=not listing.oldest_first)
        return map(summary_in, self._table.every(wanted, reading))

    @override
    def recent_open(self, project: str) -> Sequence[RunSummary]:
        listing = Listing(project=project, is_open=True, chunk=MOST_RECENT, oldest_first=True)
        return self._recent.get(project, lambda: tuple(islice(self.summaries(listing), MOST_RECENT))) or ()

    @override
    def enlist(self, project: str) -> bool:
        return self._older.enlist(project)

    @override
    def open_in_train(self, train: str, below: int) -> Sequence[str]:
        wanted = (Path("train") == train) & (Path("number") < below)
        return [_run_id(item) for item in self._table.every(wanted, Reading(index="by_train"))]

    @override
    def unfinished(self) -> Sequence[str]:
        return [_run_id(item) for item in self._table.scan(Path("unfinished").exists(), ("pk",))]

    @override
    def every_of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Iterator[str]:
        wanted = Path("project") == keys.project_hash(project, kind)
        for item in self._table.every(wanted, Reading(index="by_project", backward=True)):
            if keys.is_in_environment(self._definition_of(item), environment):
                yield _run_id(item)

    @override
    def forget(self, run: Run) -> None:
        place = keys.run_key(run.id)
        items = self._table.every(Path("pk") == place.pk, Reading(consistent=True, attributes=("pk", "sk", ARCHIVED)))
        found = list(items)
        if self._archived is not None and any(ARCHIVED in item for item in found):
            self._archived.remove_object(run.id)
        beside = [Key(str(item["pk"]), str(item["sk"])) for item in found]
        plans = dict.fromkeys((keys.plan_key(run.id), keys.plan_key(run.plan)))
        self._table.write_many(removed=[*(key for key in beside if key != place), *plans])
        # Last: a retry finds the rest through it.
        self._table.delete(place)

    @override
    def earlier_folds(self, run_id: str) -> Sequence[Fold]:
        wanted = (Path("pk") == keys.run_key(run_id).pk) & Path("sk").startswith(keys.FOLDS_PREFIX)
        return [fold for item in self._table.every(wanted, Reading(consistent=True)) for fold in folds_of(item)]

    @override
    def earlier_executions(self, run_id: str) -> Sequence[StageExecution]:
        wanted = (Path("pk") == keys.run_key(run_id).pk) & Path("sk").startswith(keys.EXECUTION_PREFIX)
        found = self._table.every(wanted, Reading(consistent=True))
        whole = found if self._archived is None else self._archived.expanded(found, keys.EXECUTION_PREFIX)
        return [record_of(StageExecution, item) for item in whole]

    @override
    def ended(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        return due_in(self._table, keys.shard_name("ended", shard), before, page)

    @override
    def archive(self, run_id: str) -> None:
        if self._archived is not None:
            self._archived.move_out(run_id)

    def _saved(self, change: Save, last: Sequence[Write]) -> bool:
        save(self._tables, self._table, replace(change, last=(*change.last, *last)))
        return True

    def _move(self, run: Run, folds: Sequence[Fold]) -> None:
        """Store folds that are committed already, and leave the record with the next commit.

        They go there by a write of their own: a rival writes the same, whether it or this one commits.
        """
        if folds and run.trace is not None:
            self._table.put(folds_item(run.id, run.trace.moved, folds))

    def _definition_of(self, found: Item) -> str:
        """Return the definition hash of an index entry. Indexes of earlier versions do not project it."""
        if "definition" in found:
            return str(found["definition"])
        item = self._table.get(Key(str(found["pk"]), str(found["sk"])))
        return str(item["definition"]) if item is not None else "###"

    def _listed(self, index: str, name: str, held: str, page: Page) -> Sequence[Run]:
        wanted = Path(name) == held
        if page.after is not None:
            wanted &= Path("run") < page.after
        found = self._table.query(wanted, Reading(index=index, limit=page.size, backward=True)).items
        return self._runs_of(self._table.get_many([Key(one["pk"], one["sk"]) for one in found]))

    def _run_of(self, item: Item) -> Run:
        (found,) = self._runs_of([item])
        return found

    def _runs_of(self, items: Sequence[Item | None]) -> Sequence[Run]:
        found = [item for item in items if item is not None]
        return [run_of(item) for item in (found if self._archived is None else self._archived.whole(found))]


def _run_id(item: Item) -> str:
    return str(item["pk"]).partition("#")[2]
