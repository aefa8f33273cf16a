"""Store jobs in the table `runs`, in the partition of their run."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.operand import Path

from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.engine.job_line import by_turns
from chalicelib.kernel.faults import NotFound
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import STATE, item_of, record_of
from chalicelib.store.dynamo.saving import Save, create, save
from chalicelib.store.dynamo.tables import Reading, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.due_index import due_in
from chalicelib.use_cases.ports.runs import Due, Jobs
from slipway_formats.override import override

MOST_PROJECTS = 100
"""How many pages of a crowded pool are read for one lease."""


def job_due_at(job: Job) -> datetime | None:
    """Return when to check a job: when its lease expires, or until its end is acknowledged and its log sealed."""
    if job.phase is JobPhase.WAITING or (job.acknowledged and (job.sealed or not job.leases)):
        return None
    if job.lease is not None:
        # An ended job keeps the time of its lease: one index write less, and time for the run to acknowledge it.
        return job.lease.until
    return job.ending.at if job.ending is not None else None


class StoredJobs(Jobs):
    """Implement the port Jobs on DynamoDB. identifier: returns a unique name for each write.

    Which project had the last turn in a pool is remembered in this process: where there are several, turns are
    approximately fair.
    """

    def __init__(self, tables: Tables, identifier: Callable[[], str]) -> None:
        self._tables = tables
        self._table = tables.of(keys.RUNS)
        self._identifier = identifier
        self._last_turns: dict[str, str] = {}

    @override
    def create(self, job: Job) -> Job:
        there = create(self._table, _job_item(job), self._identifier())
        return job if there is None else _job_of(there)

    @override
    def job(self, job_id: str) -> Job:
        found = self.find_job(job_id)
        if found is None:
            raise NotFound(f"no job {job_id}")
        return found

    @override
    def find_job(self, job_id: str) -> Job | None:
        item = self._table.get(keys.job_key(job_id))
        return None if item is None else _job_of(item)

    @override
    def find_jobs(self, job_ids: Collection[str]) -> Sequence[Job]:
        found = self._table.get_many([keys.job_key(job_id) for job_id in job_ids], consistent=True)
        return [_job_of(item) for item in found if item is not None]

    @override
    def save(self, job: Job) -> Job:
        saved, commit = replace(job, version=job.version + 1), self._identifier()
        change = Save(item=_job_item(saved), since=job.version, thing=f"job {job.id}", commit=commit)
        save(self._tables, self._table, change)
        return saved

    @override
    def note_turn(self, job: Job) -> None:
        self._last_turns[job.pool] = job.project

    @override
    def create_tombstone(self, job: Job) -> Job:
        return self.create(job)

    @override
    def waiting(self, pool: str, limit: int, without: Collection[str] = ()) -> Sequence[Job]:
        last = self._last_turns.get(pool, "")
        found = self._waiting_behind(pool, "", limit)
        if len(found) == limit:
            # There are more: look at the first jobs of each project, beginning with the next turn.
            found = self._first_of_each(pool, last, limit, without)
        jobs = (_job_of(item) for item in found)
        return by_turns((job for job in jobs if job.project not in without), last)[:limit]

    @override
    def line(self, pool: str, project: str, most: int) -> Sequence[Job] | None:
        wanted = (Path("pool") == pool) & Path("waits_since").startswith(keys.project_line(project))
        found = self._table.query(wanted, Reading(index="by_pool", limit=most + 1))
        return None if len(found.items) > most or found.next is not None else [_job_of(item) for item in found.items]

    @override
    def counted(self, project: str) -> int:
        leased = Path("pool") == keys.counted_pool(project)
        return sum(1 for _ in self._table.every(leased, Reading(index="by_pool")))

    def _first_of_each(self, pool: str, last: str, limit: int, without: Collection[str]) -> list[Item]:
        found: dict[str, Item] = {}
        start, has_wrapped = keys.behind_project(last) if last else "", not last
        for _ in range(MOST_PROJECTS):
            items = self._waiting_behind(pool, start, limit)
            found |= {item["waits_since"]: item for item in items}
            if len({_job_of(item).project for item in found.values()}.difference(without)) >= limit:
                break
            if len(items) == limit:
                start = _behind(items[-1])
            elif has_wrapped:
                break
            else:
                start, has_wrapped = "", True
        return list(found.values())

    def _waiting_behind(self, pool: str, start: str, limit: int) -> Sequence[Item]:
        wanted = Path("pool") == pool
        if start:
            wanted &= Path("waits_since") > start
        return self._table.query(wanted, Reading(index="by_pool", limit=limit)).items

    @override
    def leased_with(self, pool: str, nonce: str) -> Sequence[Job]:
        wanted = Path("nonce") == keys.nonce_hash(pool, nonce)
        found = self._table.query(wanted, Reading(index="by_nonce")).items
        read = self._table.get_many([Key(one["pk"], one["sk"]) for one in found], consistent=True)
        jobs = [_job_of(item) for item in read if item is not None]
        return [job for job in jobs if job.lease is not None and job.lease.nonce == nonce]

    @override
    def due(self, shard: int, before: datetime, limit: int) -> Sequence[Due]:
        return due_in(self._table, keys.shard_name("job", shard), before, limit)

    @override
    def of_run(self, run_id: str) -> Sequence[Job]:
        first = keys.job_key(f"{run_id}.")
        wanted = (Path("pk") == first.pk) & Path("sk").startswith(first.sk)
        jobs = [_job_of(item) for item in self._table.every(wanted, Reading(consistent=True))]
        return sorted(jobs, key=lambda job: (job.created_at, job.id))


def _job_item(job: Job) -> Item:
    due_at, pool = job_due_at(job), _line_of(job)
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


def _line_of(job: Job) -> str | None:
    """Return under which key of `by_pool` a job stands: where it waits, or, once leased, where it is counted."""
    match job.phase:
        case JobPhase.WAITING:
            return job.pool
        case JobPhase.LEASED if job.is_counted:
            return keys.counted_pool(job.project)
        case _:
            return None


def _behind(item: Item) -> str:
    """Return the place behind a waiting job's project; behind the job itself if 0.1 stored it, by age alone."""
    project, since = _job_of(item).project, str(item["waits_since"])
    return keys.behind_project(project) if since.startswith(keys.project_line(project)) else since


def _job_of(item: Item) -> Job:
    found: Job = record_of(Job, item)
    return replace(found, version=item["version"])
