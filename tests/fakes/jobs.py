"""The fake of the port Jobs, held to the same contract as the store by tests/store/runs/test_jobs.py."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from threading import Lock
from zlib import crc32

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.engine.job_line import by_name, by_turns
from chalicelib.kernel.faults import NotFound, Stale
from chalicelib.store.runs.jobs import job_due_at
from chalicelib.use_cases.ports.jobs_beside import JobMoved, JobsBeside
from chalicelib.use_cases.ports.runs import SHARDS, Due, Jobs
from tests.fakes.audits import FakeAudits


class FakeJobs(Jobs):
    """Jobs in memory. remembered: as this process is to take them for last saved. lags: as where there are several.

    is_exact: as on one machine, jobs are due when their lease ends.
    """

    def __init__(self, audits: FakeAudits | None = None) -> None:
        self.audits = audits or FakeAudits()
        self.kept: dict[str, Job] = {}
        self.remembered: dict[str, Job] = {}
        self.last_turns: dict[str, str] = {}
        self.lags = self.is_exact = False
        self._lock = Lock()

    def create(self, job: Job) -> Job:
        with self._lock:
            return self.kept.setdefault(job.id, job)

    def job(self, job_id: str) -> Job:
        if job_id not in self.kept:
            raise NotFound(f"no job {job_id}")
        return self.kept[job_id]

    def find_job(self, job_id: str) -> Job | None:
        return self.kept.get(job_id)

    def find_jobs(self, job_ids: Collection[str]) -> Sequence[Job]:
        return [self.kept[job_id] for job_id in job_ids if job_id in self.kept]

    def last_saved(self, job_id: str) -> Job | None:
        return self.remembered.get(job_id)

    def save(self, job: Job, entry: AuditEntry | None = None) -> Job:
        with self._lock:
            if entry is not None and self.audits.has(entry):
                return self.kept[job.id]
            if job.id not in self.kept or self.kept[job.id].version != job.version:
                raise Stale(f"job {job.id} has changed since version {job.version}")
            self.kept[job.id] = replace(job, version=job.version + 1)
            if entry is not None:
                self.audits.write(entry)
            return self.kept[job.id]

    def write_beside(self, beside: JobsBeside) -> None:
        """Write jobs with their run. Faults: JobMoved; then nothing is written."""
        with self._lock:
            ended = beside.saved
            is_moved = ended is not None and self.kept[ended.id].version != ended.version
            if is_moved or any(job.id in self.kept for job in beside.new):
                raise JobMoved("a job has changed")
            self.kept |= {job.id: job for job in beside.new}
            if ended is not None:
                self.kept[ended.id] = replace(ended, version=ended.version + 1)

    def note_turn(self, job: Job) -> None:
        self.last_turns[job.pool] = job.project

    def create_tombstone(self, job: Job) -> Job:
        return self.create(job)

    def counted(self, project: str) -> int:
        leased = [job for job in self.kept.values() if job.phase is JobPhase.LEASED and job.is_counted]
        return len([job for job in leased if job.project == project])

    def turn(self, pool: str) -> AbstractContextManager[None]:  # noqa: ARG002 - a fake's calls do not overlap
        return nullcontext()

    def line(self, pool: str, project: str, most: int) -> Sequence[Job] | None:
        found = [job for job in self.waiting(pool, len(self.kept)) if job.project == project]
        return None if len(found) > most else found

    def waiting(
        self,
        pool: str,
        limit: int,
        without: Collection[str] = (),
        runner: str = "",  # noqa: ARG002 - one process
    ) -> Sequence[Job]:
        found = [job for job in self.kept.values() if job.phase is JobPhase.WAITING and job.pool == pool]
        found = [job for job in found if job.project not in without]
        return by_turns(found, by_name(self.last_turns.get(pool, "")))[:limit]

    def leased_with(self, pool: str, nonce: str) -> Sequence[Job]:
        leased = [job for job in self.kept.values() if job.lease is not None and job.pool == pool]
        return sorted((job for job in leased if job.lease and job.lease.nonce == nonce), key=lambda job: job.id)

    @property
    def finds_every_lease(self) -> bool:
        return not self.lags

    @property
    def is_due_when_lost(self) -> bool:
        return self.is_exact

    def due(self, shard: int, before: datetime, page: int) -> Iterator[Due]:
        known = [(job.id, job_due_at(job, is_exact=self.is_exact)) for job in self.kept.values()]
        found = [
            Due(id=job_id, at=at)
            for job_id, at in known
            if at is not None and at <= before and crc32(job_id.encode()) % SHARDS == shard
        ]
        assert page > 0
        return iter(sorted(found, key=lambda due: (due.at, due.id)))

    def of_run(self, run_id: str) -> Sequence[Job]:
        found = [job for job in self.kept.values() if job.run == run_id]
        return sorted(found, key=lambda job: (job.created_at, job.id))
