"""Store jobs in the table `runs`, in the partition of their run."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Lock

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.engine.job_line import by_turns
from chalicelib.kernel.faults import NotFound, Stale
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import STATE, LastSaved, item_of, record_of
from chalicelib.store.dynamo.saving import Save, create, on_version, save
from chalicelib.store.dynamo.tables import Put, Reading, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.due_index import due_in
from chalicelib.use_cases.ports.runs import Due, Jobs
from slipway_formats.override import override

LONGEST_TURN = 1.0
"""Seconds for which a lease request waits for another one of its pool: more than one takes, if nothing hangs."""

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
    approximately fair. remembered: how many leased jobs this process remembers as it last saved them.
    """

    def __init__(self, tables: Tables, identifier: Callable[[], str], *, remembered: int = 0) -> None:
        self._tables = tables
        self._table = tables.of(keys.RUNS)
        self._identifier = identifier
        self._last_turns: dict[str, str] = {}
        self._turns: dict[str, Lock] = {}
        self._last_saved: LastSaved[Job] = LastSaved(remembered)

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
    def save(self, job: Job, entry: AuditEntry | None = None) -> Job:
        saved, commit = replace(job, version=job.version + 1), self._identifier()
        change = Save(item=_job_item(saved), since=job.version, thing=f"job {job.id}", commit=commit)
        self._last_saved.drop(job.id)
        if entry is not None:
            return saved if self._save_audited(change, entry) else self.job(job.id)
        save(self._tables, self._table, change)
        if not saved.acknowledged:
            self._last_saved.keep(job.id, saved)
        return saved

    @override
    def last_saved(self, job_id: str) -> Job | None:
        return self._last_saved.kept(job_id)

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
            found = self._first_of_each(pool, found, limit, without)
        jobs = (_job_of(item) for item in {item["waits_since"]: item for item in found}.values())
        return by_turns((job for job in jobs if job.project not in without), last)[:limit]

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
        wanted = (Path("pool") == pool) & Path("waits_since").startswith(keys.project_line(project))
        found = self._table.query(wanted, Reading(index="by_pool", limit=most + 1))
        return None if len(found.items) > most or found.next is not None else [_job_of(item) for item in found.items]

    @override
    def counted(self, project: str) -> int:
        leased = Path("pool") == keys.counted_pool(project)
        return sum(1 for _ in self._table.every(leased, Reading(index="by_pool")))

    def _save_audited(self, change: Save, entry: AuditEntry) -> bool:
        try:
            return transact_audited(self._tables, (Put(self._table, change.item, on_version(change.since)),), entry)
        except ConditionFailed as error:
            raise Stale(f"{change.thing} has changed since version {change.since}") from error

    def _first_of_each(self, pool: str, head: Sequence[Item], limit: int, without: Collection[str]) -> list[Item]:
        """Read the first jobs of each project, from behind the last turn's to the end of the line, then from its head.

        head: the first jobs of the line, which are read already.
        """
        last, behind_head = self._last_turns.get(pool, ""), _behind(head[-1])
        turn = keys.behind_project(last) if last else ""
        start, has_wrapped = turn or behind_head, not last
        found = [] if last else list(head)
        for _ in range(MOST_PROJECTS):
            items = self._waiting_behind(pool, start, limit)
            found.extend(items)
            start = _behind(items[-1]) if len(items) == limit else ""
            if not start and not has_wrapped:
                found.extend(head)
                start, has_wrapped = behind_head, True
            projects = {_job_of(item).project for item in found}.difference(without)
            if len(projects) >= limit or not start or (has_wrapped and last and start >= turn):
                break
        return found

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
    def due(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        return due_in(self._table, keys.shard_name("job", shard), before, page)

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
