"""Lease jobs to runners, and renew leases by heartbeat."""

import hashlib
from collections.abc import Sequence

from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.update_job import update_job


@frozen
class LeaseJobs:
    """Request jobs for a runner. nonce: secret and unique to this request; a repetition returns the same leases.

    says_began: the runner confirms the start by heartbeat before it starts any work. Without it the job counts as begun
    at once.
    """

    pool: str
    runner: str
    slots: int
    nonce: str
    says_began: bool = False


@frozen
class LeasedJob:
    """A job leased to a runner. token: proves the lease."""

    job: Job
    token: str


def lease_jobs(ports: Ports, ask: LeaseJobs) -> Sequence[LeasedJob]:
    """Lease jobs of the pool to the runner, in the order of its line; a repeated request returns those it holds."""
    known = ports.jobs.leased_with(ask.pool, hashed(ask.nonce))
    if known:
        # Also if they have ended: nobody may be waiting any more for the answer to so late a repetition.
        held = [job for job in known if job.phase is JobPhase.LEASED]
        return [LeasedJob(job=job, token=token_for(ask.nonce, job.id)) for job in held]
    taken: list[LeasedJob] = []
    # Somewhat more than requested, since other runners compete for the same ones.
    for job in ports.jobs.waiting(ask.pool, ask.slots + 2):
        if len(taken) == ask.slots:
            break
        won = _lease(ports, ask, job)
        if won is not None:
            taken.append(won)
    return taken


def token_for(nonce: str, job_id: str) -> str:
    """Return the token of a lease: derived, so that a repeated request gets the same one.

    Only hashes are stored, also of the nonce.
    """
    return hashlib.sha256(f"{nonce}/{job_id}".encode()).hexdigest()


def hashed(token: str) -> str:
    """Return the hash under which a token or nonce is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def _lease(ports: Ports, ask: LeaseJobs, job: Job) -> LeasedJob | None:
    token, now = token_for(ask.nonce, job.id), ports.clock.now()
    try:
        began, nonce = not ask.says_began, hashed(ask.nonce)
        held = ports.jobs.save(jobs.leased(job, ask.runner, hashed(token), nonce, now=now, began=began))
    except (Stale, Conflict):
        return None
    ports.jobs.note_turn(held)
    ports.queue.schedule_job_check(held.id, now + jobs.LEASE)
    return LeasedJob(job=held, token=token)


@frozen
class Heartbeat:
    """Confirm that a runner holds a job. began: its work has begun, or begins as soon as this is acknowledged."""

    job: str
    token: str
    number: int
    began: bool = False


def renew_lease(ports: Ports, ask: Heartbeat) -> Job:
    """Renew the lease and return the job; its `cancel` says that it must stop.

    Faults: NotFound, Conflict if the lease is lost.
    """
    token = hashed(ask.token)

    def renewed(job: Job) -> Job:
        return jobs.renewed(job, token, ask.number, now=ports.clock.now(), began=ask.began)

    return update_job(ports, ask.job, renewed)
