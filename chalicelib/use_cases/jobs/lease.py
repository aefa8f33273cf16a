"""Lease jobs to runners, and renew leases by heartbeat."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from chalicelib.kernel.definitions.compile_build import SECRET_INPUTS, SECRET_NAMES, SENSITIVE
from chalicelib.kernel.definitions.compile_step import API_TOKEN
from chalicelib.kernel.definitions.compile_task import LASTS
from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import UNLEASED, Job, JobPhase
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.plans.work import JobKind
from chalicelib.use_cases.effects.update_job import update_job
from chalicelib.use_cases.jobs.frozen_jobs import FrozenJobs
from chalicelib.use_cases.jobs.note_runner import note_runner
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

MOST_ROUNDS = 100
"""How often a line is looked at for one lease request: once more where a project is full or others were faster."""


@frozen
class LeaseJobs:
    """Request jobs for a runner. nonce: secret and unique to this request; a repetition returns the same leases.

    says_began: the runner confirms the start by heartbeat before it starts any work. Without it the job counts as begun
    at once. without: projects of which the runner wants no job. capacity, busy: how many jobs it does at once and how
    many it holds; None if it does not say. executor: by which it runs workloads; blank if it runs none. labels: what
    else it says of itself. is_first: it is known to be no repetition. begins_until: of what it is leased until then the
    runner begins as soon as it has the answer, so that no heartbeat need tell it; None if it waits for one.
    """

    pool: str
    runner: str
    slots: int
    nonce: str
    says_began: bool = False
    without: frozenset[str] = frozenset()
    capacity: int | None = None
    busy: int | None = None
    version: str = ""
    executor: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    is_first: bool = False
    begins_until: datetime | None = None


@frozen
class LeasedJob:
    """A job leased to a runner. token: proves the lease."""

    job: Job
    token: str


def lease_jobs(ports: Ports, command: LeaseJobs) -> Sequence[LeasedJob]:
    """Lease jobs of the pool to the runner, in the order of its line; a repeated request returns those it holds."""
    known = () if command.is_first else ports.jobs.leased_with(command.pool, hashed(command.nonce))
    if known:
        # Also if they have ended: nobody may be waiting any more for the answer to so late a repetition.
        held = [job for job in known if job.phase is JobPhase.LEASED]
        return [LeasedJob(job=job, token=token_for(command.nonce, job.id)) for job in held]
    if ports.runners.is_drained(command.pool, command.runner):
        note_runner(ports, _runner_of(ports, command, 0))
        return []
    with ports.jobs.turn(command.pool):
        taken = _lease_waiting(ports, command)
    note_runner(ports, _runner_of(ports, command, len(taken)))
    return taken


def _runner_of(ports: Ports, command: LeaseJobs, taken: int) -> Runner:
    return Runner(
        pool=command.pool,
        name=command.runner,
        seen_at=ports.clock.now(),
        slots=command.capacity,
        busy=None if command.busy is None else command.busy + taken,
        version=command.version,
        executor=command.executor,
        labels=command.labels,
    )


def _lease_waiting(ports: Ports, command: LeaseJobs) -> Sequence[LeasedJob]:
    taken: list[LeasedJob] = []
    held, frozen_jobs = set[str](), FrozenJobs(ports)
    rooms, without, lost = _Rooms(ports), command.without, set[str]()
    for _ in range(MOST_ROUNDS):
        before = len(lost)
        # Somewhat more than requested, since other runners compete for the same ones.
        limit = command.slots - len(taken) + len(lost) + 2 + frozen_jobs.more
        for job in ports.jobs.waiting(command.pool, limit, without, command.runner):
            counts = not job.ask.get(LASTS)
            if len(taken) == command.slots or job.id in lost or (counts and not rooms.has_one(job.project)):
                continue
            if frozen_jobs.holds(job):
                held.add(job.project)
                continue
            won = _lease(ports, command, job, is_counted=counts and rooms.is_limited(job.project))
            if won is None:
                lost.add(job.id)
                continue
            taken.append(won)
            if counts:
                rooms.take_one(job.project)
        if len(taken) == command.slots or (rooms.full | held <= without and len(lost) == before):
            break
        # What a project may not have now, and what others were faster at, the next ones get.
        without |= rooms.full | held
    return taken


class _Rooms:
    """How many more jobs each project may have leased, for one lease request; about: two requests may coincide."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._left: dict[str, int | None] = {}

    @property
    def full(self) -> frozenset[str]:
        """Return the projects that were checked and are at their limit."""
        return frozenset(project for project, left in self._left.items() if left is not None and left <= 0)

    def is_limited(self, project: str) -> bool:
        """Return True if the project limits its leased jobs."""
        return self._of(project) is not None

    def has_one(self, project: str) -> bool:
        """Return True if the project may lease another job."""
        left = self._of(project)
        return left is None or left > 0

    def take_one(self, project: str) -> None:
        """Count one that was leased."""
        left = self._of(project)
        self._left[project] = None if left is None else left - 1

    def _of(self, project: str) -> int | None:
        if project not in self._left:
            found = self._ports.projects.recent_project(project)
            most = found.max_jobs if found is not None else 0
            self._left[project] = most - self._ports.jobs.counted(project) if most else None
        return self._left[project]


def token_for(nonce: str, job_id: str) -> str:
    """Return the token of a lease: derived, so that a repeated request gets the same one.

    Only hashes are stored, also of the nonce.
    """
    return hashlib.sha256(f"{nonce}/{job_id}".encode()).hexdigest()


def hashed(token: str) -> str:
    """Return the hash under which a token or nonce is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def _lease(ports: Ports, command: LeaseJobs, job: Job, *, is_counted: bool) -> LeasedJob | None:
    token, now = token_for(command.nonce, job.id), ports.clock.now()
    try:
        began, nonce = _begins(ports, command, job, now), hashed(command.nonce)
        leased = jobs.leased(job, command.runner, hashed(token), nonce, now=now, began=began)
        held = ports.jobs.save(replace(leased, is_counted=is_counted))
    except (Stale, Conflict):
        return None
    ports.jobs.note_turn(held)
    if not ports.jobs.is_due_when_lost:
        ports.queue.schedule_job_check(held.id, now + jobs.LEASE)
    return LeasedJob(job=held, token=token)


def _begins(ports: Ports, command: LeaseJobs, job: Job, now: datetime) -> bool:
    """Return True if the job counts as begun with its lease.

    A runner that begins with the answer to its lease must be sure to get it, or its repetition: so not after a
    repetition, nor where a repetition could miss the lease, nor late, nor if more has to be read for the answer.
    """
    if not command.says_began:
        return True
    if command.begins_until is None or now > command.begins_until or not command.is_first:
        return False
    return ports.jobs.finds_every_lease and job.leases == UNLEASED and not _needs_more(job)


def _needs_more(job: Job) -> bool:
    """Return True if a runner gets more with the job than stands in its record: secrets, variables or a token."""
    if job.kind is not JobKind.SCRIPT or job.travels is not None:
        return True
    return any(job.ask.get(name) for name in (SECRET_NAMES, SECRET_INPUTS, SENSITIVE, API_TOKEN))


@frozen
class Heartbeat:
    """Confirm that a runner holds a job. began: its work has begun, or begins as soon as this is acknowledged.

    busy: how many jobs it holds; None if it does not say.
    """

    job: str
    token: str
    number: int
    began: bool = False
    busy: int | None = None


def renew_lease(ports: Ports, command: Heartbeat) -> Job:
    """Renew the lease and return the job; its `cancel` says that it must stop.

    Faults: NotFound, Conflict if the lease is lost.
    """
    token = hashed(command.token)

    def renewed(job: Job) -> Job:
        return jobs.renewed(job, token, command.number, now=ports.clock.now(), began=command.began)

    job = update_job(ports, command.job, renewed)
    if job.lease is not None:
        spoke = Runner(pool=job.pool, name=job.lease.runner, seen_at=ports.clock.now(), busy=command.busy)
        note_runner(ports, spoke)
    return job
