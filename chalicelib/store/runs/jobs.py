"""Store jobs in the table `runs`, in the partition of their run."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import EPOCH
from chalicelib.kernel.engine.job import Job, JobPhase, Lease
from chalicelib.kernel.faults import NotFound, Stale, TooLarge
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item, size
from chalicelib.store.dynamo.records import STATE, LastSaved, item_of
from chalicelib.store.dynamo.saving import NEW, Save, create, on_version, save
from chalicelib.store.dynamo.tables import Put, Reading, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.archive.archived_runs import ArchivedRuns
from chalicelib.store.runs.due_index import due_in
from chalicelib.store.runs.pool_line import PoolLine, Wanted, job_of
from chalicelib.use_cases.ports.jobs_beside import JobsBeside
from chalicelib.use_cases.ports.runs import Due, Jobs
from slipway_formats.override import override

LONGEST_TURN = 1.0
"""Seconds for which a lease request waits for another one of its pool: more than one takes, if nothing hangs."""

MOST_TURNS = 10_000
MOST_BESIDE, MOST_BESIDE_ALONE = 1, 60
"""New jobs in the transaction of a run. There a job costs two write units, and what it spares of the run about three;
to the one process of a machine it is the calls that cost.
"""
MOST_BESIDE_BYTES = 3_000_000
"""Of new jobs in the transaction of a run, which may have 4 MB."""

UNSEEN, GRID = timedelta(seconds=90), timedelta(minutes=1)


def job_due_at(job: Job, *, is_exact: bool = False) -> datetime | None:
    """Return when to check a job: when its lease expires, or until its end is acknowledged and its log sealed.

    is_exact: at the very end of its lease.
    """
    if job.phase is JobPhase.WAITING or (job.acknowledged and (job.sealed or not job.leases)):
        return None
    if job.lease is not None:
        # Also once it has ended: the check that its lease armed sees to that, and the index need not move for it.
        return job.lease.until if is_exact else _looked_at(job.lease)
    return job.ending.at if job.ending is not None else None


def _looked_at(lease: Lease) -> datetime:
    """Return when a sweep finds a lease of which no message speaks: at a full minute, so that renewals seldom move it.

    It is further away than a sweep looks ahead: a lease that is renewed is not looked at.
    """
    end = lease.until + UNSEEN
    return end + (EPOCH - end) % GRID


class StoredJobs(Jobs):
    """Implement the port Jobs on DynamoDB. identifier: returns a unique name for each write.

    Which project had the last turn in a pool is remembered in this process: where there are several, turns are
    approximately fair. remembered: how many leased jobs this process remembers as it last saved them, which only the
    one process of a machine does. shards: over how many the line of each pool is spread; in one that is, each runner
    has turns of its own.

    archived: runs that are in objects with their jobs, if this installation has such.
    """

    def __init__(
        self,
        tables: Tables,
        identifier: Callable[[], str],
        archived: ArchivedRuns | None = None,
        *,
        remembered: int = 0,
        shards: int = 1,
    ) -> None:
        self._archived = archived
        self._tables = tables
        self._table = tables.of(keys.RUNS)
        self._identifier = identifier
        self._line = PoolLine(self._table, shards)
        self._shards = shards
        self._last_turns: dict[str, str] = {}
        self._turns: dict[str, Lock] = {}
        self._last_saved: LastSaved[Job] = LastSaved(remembered)
        self._is_alone = remembered > 0

    @override
    def create(self, job: Job) -> Job:
        there = create(self._table, self._job_item(job), self._identifier())
        return job if there is None else job_of(there)

    @override
    def job(self, job_id: str) -> Job:
        found = self.find_job(job_id)
        if found is None:
            raise NotFound(f"no job {job_id}")
        return found

    @override
    def find_job(self, job_id: str) -> Job | None:
        key = keys.job_key(job_id)
        item = self._table.get(key) or self._item_of_archived(key)
        return None if item is None else job_of(item)

    @override
    def find_jobs(self, job_ids: Collection[str]) -> Sequence[Job]:
        wanted = [keys.job_key(job_id) for job_id in job_ids]
        there = zip(wanted, self._table.get_many(wanted, consistent=True), strict=True)
        found = (item or self._item_of_archived(key) for key, item in there)
        return [job_of(item) for item in found if item is not None]

    @override
    def save(self, job: Job, entry: AuditEntry | None = None) -> Job:
        saved, commit = replace(job, version=job.version + 1), self._identifier()
        change = Save(item=self._job_item(saved), since=job.version, thing=f"job {job.id}", commit=commit)
        self._last_saved.drop(job.id)
        if entry is not None:
            return saved if self._save_audited(change, entry) else self.job(job.id)
        save(self._tables, self._table, change)
        if not saved.acknowledged:
            self._last_saved.keep(job.id, saved)
        return saved

    @property
    def most_beside(self) -> int:
        """Return how many new jobs are written with a run for less than one by one."""
        return MOST_BESIDE_ALONE if self._is_alone else MOST_BESIDE

    def puts(self, beside: JobsBeside) -> tuple[Put, ...]:
        """Return the writes of jobs for the transaction of their run. Faults: TooLarge, also if all together are."""
        items = [self._job_item(job) for job in beside.new]
        if len(items) > 1 and sum(map(size, items)) > MOST_BESIDE_BYTES:
            raise TooLarge(f"{len(items)} jobs outgrow the transaction of their run")
        new = [Put(self._table, item, NEW) for item in items]
        if (ended := beside.saved) is None:
            return tuple(new)
        self._last_saved.drop(ended.id)
        item = self._job_item(replace(ended, version=ended.version + 1))
        return (*new, Put(self._table, item, on_version(ended.version)))

    @override
    def last_saved(self, job_id: str) -> Job | None:
        return self._last_saved.kept(job_id)

    @override
    def note_turn(self, job: Job) -> None:
        if len(self._last_turns) >= MOST_TURNS:
            self._last_turns.clear()
        self._last_turns[self._turns_of(job.pool, job.lease.runner if job.lease else "")] = job.project

    @override
    def create_tombstone(self, job: Job) -> Job:
        return self.create(job)

    @override
    def waiting(self, pool: str, limit: int, without: Collection[str] = (), runner: str = "") -> Sequence[Job]:
        last = self._last_turns.get(self._turns_of(pool, runner), "" if self._shards == 1 else None)
        return self._line.waiting(Wanted(pool=pool, limit=limit, without=without, runner=runner, last=last))

    @override
    @contextmanager
    def turn(self, pool: str) -> Iterator[None]:
        lock = self._turns.setdefault(pool, Lock())
        is_alone = lock.acquire(timeout=LONGEST_TURN)
        try:
            yield
        finally:
            if is_alone:
                lock.release()

    @override
    def line(self, pool: str, project: str, most: int) -> Sequence[Job] | None:
        return self._line.of_project(pool, project, most)

    @override
    def counted(self, project: str) -> int:
        leased = Path("pool") == keys.counted_pool(project)
        return sum(1 for _ in self._table.every(leased, Reading(index="by_pool")))

    def _save_audited(self, change: Save, entry: AuditEntry) -> bool:
        try:
            return transact_audited(self._tables, (Put(self._table, change.item, on_version(change.since)),), entry)
        except ConditionFailed as error:
            raise Stale(f"{change.thing} has changed since version {change.since}") from error

    @override
    def leased_with(self, pool: str, nonce: str) -> Sequence[Job]:
        wanted = Path("nonce") == keys.nonce_hash(pool, nonce)
        found = self._table.query(wanted, Reading(index="by_nonce")).items
        read = self._table.get_many([Key(one["pk"], one["sk"]) for one in found], consistent=True)
        jobs = [job_of(item) for item in read if item is not None]
        return [job for job in jobs if job.lease is not None and job.lease.nonce == nonce]

    @override
    @property
    def finds_every_lease(self) -> bool:
        # The stand-in of AWS of a single process keeps its indexes with each write.
        return self._is_alone

    @override
    @property
    def is_due_when_lost(self) -> bool:
        # Writes of an index cost nothing there, and a sweep comes each few seconds.
        return self._is_alone

    @override
    def due(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        return due_in(self._table, keys.shard_name("job", shard), before, page)

    @override
    def of_run(self, run_id: str) -> Sequence[Job]:
        first = keys.job_key(f"{run_id}.")
        wanted = (Path("pk") == first.pk) & Path("sk").startswith(first.sk)
        found = self._table.every(wanted, Reading(consistent=True))
        whole = found if self._archived is None else self._archived.expanded(found, first.sk)
        return sorted(map(job_of, whole), key=lambda job: (job.created_at, job.id))

    def _item_of_archived(self, key: Key) -> Item | None:
        return None if self._archived is None else self._archived.archived_item(key, key.pk.partition("#")[2])

    def _job_item(self, job: Job) -> Item:
        due_at, pool = job_due_at(job, is_exact=self._is_alone), self._pool_of(job)
        nonce = job.lease.nonce if job.lease is not None else ""
        return item_of(
            keys.job_key(job.id),
            Job,
            replace(job, version=0),
            f"job {job.id}",
            under=STATE,
            version=job.version,
            due_shard=keys.due_shard("job", job.id) if due_at else None,
            due_at=dynamo_key_parts.milliseconds(due_at) if due_at else None,
            pool=pool,
            waits_since=keys.waiting_since(job) if pool is not None else None,
            nonce=keys.nonce_hash(job.pool, nonce) if nonce else None,
        )

    def _pool_of(self, job: Job) -> str | None:
        """Return under which key of `by_pool` a job stands: where it waits, or, once leased, where it is counted."""
        match job.phase:
            case JobPhase.WAITING:
                return self._line.pool_of(job.pool, job.project)
            case JobPhase.LEASED if job.is_counted:
                return keys.counted_pool(job.project)
            case _:
                return None

    def _turns_of(self, pool: str, runner: str) -> str:
        """Return whose turns are counted on: those of the pool, or of the runner in a line that is spread."""
        return pool if self._shards == 1 else f"{pool}\n{runner}"
