"""Ports for runs and jobs. Each port has one fake and one real store."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.engine.trace import Fold
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.plans.plan import DefinitionRef, Plan
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobsBeside
from slipway_formats.frozen import frozen

SHARDS = 16
"""Of each index by due time."""


MOST_RECENT = 100
"""Open runs of a project that are told of as they were some seconds ago."""


@frozen
class Page:
    """A page of a list. after: exclusive id of the last one on the page before; None to begin."""

    size: int = 50
    after: str | None = None


@frozen
class Listing:
    """Query: summaries of a project's runs, open or ended. after: exclusive id; None to begin. chunk: read at once."""

    project: str
    is_open: bool
    after: str | None = None
    chunk: int = 50
    oldest_first: bool = False


@frozen
class Due:
    """A run, job or delivery that must be checked, and when."""

    id: str
    at: datetime


class DueKind(StrEnum):
    """What must be checked."""

    RUN = "run"
    JOB = "job"
    WORKLOAD = "workload"
    TRAIN = "train"
    DELIVERY = "delivery"


class Runs(Protocol):
    """Runs and their plans. A run is saved by create and commit alone."""

    def create(self, run: Run, plan: Plan, entry: AuditEntry | None = None, jobs: JobsBeside = NO_JOBS) -> bool:
        """Store a new run with its plan; return False if a run of that id exists.

        entry: written with the run, if a request begins it. That the run began is written into the feed in the same
        transaction, and so are the jobs. Faults: TooLarge; Conflict if the entry alone exists; JobMoved.
        """

    def run(self, run_id: str) -> Run:
        """Return the run as it is now (a consistent read). Faults: NotFound."""

    def find_run(self, run_id: str) -> Run | None:
        """Return the run as it is now (a consistent read), if there is one."""

    def find_runs(self, run_ids: Collection[str]) -> Sequence[Run]:
        """Return those of these runs that exist, as they are now, in the order in which they are named."""

    def last_committed(self, run_id: str) -> Run | None:
        """Return the run as this process last committed it, if it remembers; perhaps out of date."""

    def plan(self, plan_id: str) -> Plan:
        """Return the plan; it never changes, so it may come from a cache. Faults: NotFound."""

    def find_plans(self, plan_ids: Collection[str]) -> Sequence[Plan]:
        """Return those of these plans that exist, each once; those in no cache are read at once."""

    @property
    def most_beside(self) -> int:
        """Return how many new jobs are written with a run for less than one by one."""

    def commit(self, run: Run, occurred: Sequence[Occurrence] = (), jobs: JobsBeside = NO_JOBS) -> Run:
        """Save the run by one conditional write on its version; the saved run has the next.

        What occurred is written into the feed in the same transaction, and so are the jobs. Faults: Stale, TooLarge;
        JobMoved, where the run alone could be saved.

        If the conflict is with our own write whose reply was lost, it is a success. A replaced plan is stored before.
        """

    def replace_plan(self, plan: Plan) -> None:
        """Store another plan of a run; idempotent."""

    def due(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        """Yield runs due at or before an instant, earliest first, read by the page. shard: 0 to SHARDS - 1."""

    def of_definition(self, definition: DefinitionRef, page: Page) -> Sequence[Run]:
        """List the runs of a definition, newest first."""

    def of_project(self, project: str, kind: DefinitionKind, page: Page) -> Sequence[Run]:
        """List the runs of a project's definitions of a kind, newest first."""

    def summaries(self, listing: Listing) -> Iterator[RunSummary]:
        """Yield summaries of runs by id, newest first unless it says otherwise. May lag."""

    def recent_open(self, project: str) -> Sequence[RunSummary]:
        """Return summaries of the first MOST_RECENT open runs of a project, oldest first, of at most seconds ago."""

    def enlist(self, project: str) -> bool:
        """Let `summaries` and `ended` find some more of a project's runs that older versions wrote, newest first.

        Return True once all are found; idempotent.
        """

    def open_in_train(self, train: str, below: int) -> Sequence[str]:
        """Return ids of the runs of a train that have not ended and have a number under `below`, oldest first."""

    def unfinished(self) -> Sequence[str]:
        """Return ids of the runs that have not ended or have pending effects. For recovery: it scans the table."""

    def every_of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Iterator[str]:
        """Yield ids of all runs of a project's definitions of a kind, newest first.

        environment: empty for all. Eventually consistent.
        """

    def forget(self, run: Run) -> None:
        """Delete a run with its plan, its stage executions and its jobs; idempotent."""

    def ended(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        """Yield runs that ended for good by then and are not archived, by their end; older ones once enlisted."""

    def archive(self, run_id: str) -> None:
        """Take a run out of the tables if it ended for good; reads stay, commit is Conflict. Faults: Stale."""

    def earlier_folds(self, run_id: str) -> Sequence[Fold]:
        """Return the folds of a run that are no longer in its record, oldest first."""

    def earlier_executions(self, run_id: str) -> Sequence[StageExecution]:
        """Return the ended stage executions that were moved out of a long run, in order."""


class Jobs(Protocol):
    """Jobs and their leases. Every change is a conditional put on the version."""

    def create(self, job: Job) -> Job:
        """Store the job and return it; or return the existing one of its id, which may be a tombstone.

        Faults: TooLarge.
        """

    def job(self, job_id: str) -> Job:
        """Return the job as it is now. Faults: NotFound."""

    def find_job(self, job_id: str) -> Job | None:
        """Return the job as it is now, if there is one."""

    def find_jobs(self, job_ids: Collection[str]) -> Sequence[Job]:
        """Return those of these jobs that exist, as they are now, in the order in which they are named."""

    def last_saved(self, job_id: str) -> Job | None:
        """Return the job as this process last saved it, if it remembers; perhaps out of date."""

    def save(self, job: Job, entry: AuditEntry | None = None) -> Job:
        """Save on its version; the saved job has the next. Faults: Stale, TooLarge.

        entry: written with it; the same command saves once, and returns the job as it is. Faults: Conflict after a day.
        """

    def create_tombstone(self, job: Job) -> Job:
        """Store a tombstone, an ended job, if there is no job yet; else return the existing job."""

    def waiting(self, pool: str, limit: int, without: Collection[str] = (), runner: str = "") -> Sequence[Job]:
        """Return jobs of a pool that are not leased, by project in turn, oldest first.

        runner: who asks. Where several processes lease, each runner begins with another project, and has its own turns.
        Eventually consistent: whether one can still be leased shows when it is saved.
        """

    def turn(self, pool: str) -> AbstractContextManager[None]:
        """Keep other lease requests of this process from the line of the pool meanwhile, unless that lasts long.

        Of two that see the same jobs one would lease in vain. Which leases count, a save tells alone.
        """

    def line(self, pool: str, project: str, most: int) -> Sequence[Job] | None:
        """Return all jobs of a project that wait in a pool, oldest first; None if they are more than `most`.

        One read; may lag.
        """

    def counted(self, project: str) -> int:
        """Return how many counted jobs of a project are leased (an eventually consistent read)."""

    def note_turn(self, job: Job) -> None:
        """Note that a job was leased, so that its pool's next turn is another project's. Kept in this process only."""

    def leased_with(self, pool: str, nonce: str) -> Sequence[Job]:
        """Return the jobs that a lease request of this nonce took, leased or ended since, to answer its repetition.

        Eventually consistent, but for where `finds_every_lease`.
        """

    @property
    def finds_every_lease(self) -> bool:
        """Return True if leased_with misses no lease that was saved before."""

    @property
    def is_due_when_lost(self) -> bool:
        """Return True if a lease is due when it ends, and not within minutes: then no message need have it checked."""

    def due(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        """Yield jobs with an expired lease, or ended but not yet acknowledged and sealed, as those of runs."""

    def of_run(self, run_id: str) -> Sequence[Job]:
        """List the jobs of a run, oldest first."""


class Queue(Protocol):
    """Messages to runs, jobs, deliveries and viewers."""

    def enqueue_events(self, run_id: str, events: Sequence[Event], key: str) -> None:
        """Enqueue events in the order of the run's events. key: for deduplication. Faults: TooLarge."""

    def enqueue_for_each(self, run_ids: Sequence[str], events: Sequence[Event], key: str) -> None:
        """Enqueue the same events for each of these runs, several by one call. Faults: TooLarge."""

    def enqueue_for_all(self, run_ids: Sequence[str], events: Sequence[Event], key: str) -> None:
        """Enqueue the same events for these runs by one call: of many runs by a message whose reader enqueues them."""

    def enqueue_tick(self, run_id: str, key: str) -> None:
        """Enqueue a check of the run, in the order of its events. key: for deduplication."""

    def wake(self, run_id: str, at: datetime) -> None:
        """Schedule a check of the run at an instant within 15 minutes; later ones are left to the due index."""

    def schedule_job_check(self, job_id: str, at: datetime) -> None:
        """Schedule a check of the job at an instant within 15 minutes; later ones are left to the due index."""

    def schedule_workload_check(self, workload_id: str, at: datetime) -> None:
        """Schedule a look at the workload at an instant within 15 minutes; later ones are left to the due index."""

    def enqueue_due(self, kind: DueKind, due: Sequence[Due]) -> None:
        """Schedule checks of up to ten at once, each at its instant, as if scheduled one by one."""

    def schedule_suspension_check(self, train: int, at: datetime) -> None:
        """Schedule a look at whether a train's open runs stand still as it says, at an instant within 15 minutes."""

    def enqueue_built_version(self, run_id: str) -> None:
        """Enqueue giving a train the version that the run of a workflow request has built."""

    def enqueue_dispatch(self, number: int) -> None:
        """Enqueue sending what occurred, up to this number of the feed, to webhooks: one dispatch after the other."""

    def enqueue_external_call(self, run_id: str, effect: Effect, turn: str) -> None:
        """Enqueue an effect that calls another system. turn: for whom and whom, so that no crowd is before others."""

    def schedule_delivery(self, delivery_id: str, at: datetime, turn: str = "") -> None:
        """Likewise of a pending delivery. turn: empty if unknown, one of its own."""

    def schedule_package_check(self, delivery_id: str, at: datetime, turn: str) -> None:
        """Schedule the check of a package, which may take 15 minutes, as `schedule_delivery` does a delivery."""

    def enqueue_log_update(self, connection: str, key: str) -> None:
        """Enqueue an update for a viewer of a log, after those before it. key: for deduplication."""

    def delay_message(self, queue: str, receipt: str, seconds: int) -> None:
        """Make a received message visible again after so many seconds. queue: its full name."""
