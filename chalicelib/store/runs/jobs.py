"""Store jobs in the table `runs`, in the partition of their run."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.operand import Path

from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.faults import NotFound
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import STATE, item_of, record_of
from chalicelib.store.dynamo.saving import Save, create, save
from chalicelib.store.dynamo.tables import Reading, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.due_index import due_in
from chalicelib.use_cases.ports.runs import Due


def job_due_at(job: Job) -> datetime | None:
    """Return when to check a job: when its lease expires, or until its end is acknowledged and its log sealed."""
    if job.phase is JobPhase.WAITING or (job.acknowledged and (job.sealed or not job.leases)):
        return None
    if job.lease is not None:
        # An ended job keeps the time of its lease: one index write less, and time for the run to acknowledge it.
        return job.lease.until
    return job.ending.at if job.ending is not None else None


class StoredJobs:
    """Implement the port Jobs on DynamoDB. identifier: returns a unique name for each write."""

    def __init__(self, tables: Tables, identifier: Callable[[], str]) -> None:
        self._tables = tables
        self._table = tables.of(keys.RUNS)
        self._identifier = identifier

    def create(self, job: Job) -> Job:
        """Store a job, or return the existing one with its id. Faults: TooLarge."""
        there = create(self._table, _job_item(job), self._identifier())
        return job if there is None else _job_of(there)

    def job(self, job_id: str) -> Job:
        """Return the current job. Faults: NotFound."""
        found = self.find_job(job_id)
        if found is None:
            raise NotFound(f"no job {job_id}")
        return found

    def find_job(self, job_id: str) -> Job | None:
        """Return the current job, or None."""
        item = self._table.get(keys.job_key(job_id))
        return None if item is None else _job_of(item)

    def save(self, job: Job) -> Job:
        """Save on its version; the saved job has the next. Faults: Stale, TooLarge."""
        saved, commit = replace(job, version=job.version + 1), self._identifier()
        change = Save(item=_job_item(saved), since=job.version, thing=f"job {job.id}", commit=commit)
        save(self._tables, self._table, change)
        return saved

    def create_tombstone(self, job: Job) -> Job:
        """Store an ended job as a tombstone, or return the existing job with its id."""
        return self.create(job)

    def waiting(self, pool: str, limit: int) -> Sequence[Job]:
        """Return unleased jobs of a pool, oldest first. Eventually consistent: leasing decides."""
        found = self._table.query(Path("pool") == pool, Reading(index="by_pool", limit=limit)).items
        return [_job_of(item) for item in found]

    def leased_with(self, pool: str, nonce: str) -> Sequence[Job]:
        """Return the jobs that a lease call with this nonce took, running or ended. Eventually consistent."""
        wanted = Path("nonce") == keys.nonce_hash(pool, nonce)
        found = self._table.query(wanted, Reading(index="by_nonce")).items
        read = self._table.get_many([Key(one["pk"], one["sk"]) for one in found], consistent=True)
        jobs = [_job_of(item) for item in read if item is not None]
        return [job for job in jobs if job.lease is not None and job.lease.nonce == nonce]

    def due(self, shard: int, before: datetime, limit: int) -> Sequence[Due]:
        """Return jobs to check at or before a time, earliest first (see `job_due_at`)."""
        return due_in(self._table, keys.shard_name("job", shard), before, limit)

    def of_run(self, run_id: str) -> Sequence[Job]:
        """Return the jobs of a run, oldest first."""
        first = keys.job_key(f"{run_id}.")
        wanted = (Path("pk") == first.pk) & Path("sk").startswith(first.sk)
        jobs = [_job_of(item) for item in self._table.every(wanted, Reading(consistent=True))]
        return sorted(jobs, key=lambda job: (job.created_at, job.id))


def _job_item(job: Job) -> Item:
    due_at, is_waiting = job_due_at(job), job.phase is JobPhase.WAITING
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
        pool=job.pool if is_waiting else None,
        waits_since=keys.waiting_since(job.created_at, job.id) if is_waiting else None,
        nonce=keys.nonce_hash(job.pool, nonce) if nonce else None,
    )


def _job_of(item: Item) -> Job:
    found: Job = record_of(Job, item)
    return replace(found, version=item["version"])
