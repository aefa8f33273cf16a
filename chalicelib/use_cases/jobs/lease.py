"""Giving jobs to runners, and taking note that a runner is alive."""

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
    """A runner asks for work. nonce: its own for this asking, secret; repeating it gives the same leases.

    says_began: it says with a heartbeat that it begins, and begins nothing before that is heard. Who does not say it is
    taken to begin at once.
    """

    pool: str
    runner: str
    slots: int
    nonce: str
    says_began: bool = False


@frozen
class LeasedJob:
    """A job in the hands of a runner. token: what the runner shows to speak for it."""

    job: Job
    token: str


def lease_jobs(ports: Ports, ask: LeaseJobs) -> Sequence[LeasedJob]:
    """Jobs of the pool, now held by the runner, oldest first; the ones it still has, when it asks again."""
    known = ports.jobs.leased_with(ask.pool, hashed(ask.nonce))
    if known:
        # Also when they have ended: nobody may be waiting any more for the answer to an ask that comes so late.
        held = [job for job in known if job.phase is JobPhase.LEASED]
        return [LeasedJob(job=job, token=token_for(ask.nonce, job.id)) for job in held]
    taken: list[LeasedJob] = []
    # Somewhat more than asked for, since rivals look at the same ones.
    for job in ports.jobs.waiting(ask.pool, ask.slots + 2):
        if len(taken) == ask.slots:
            break
        won = _lease(ports, ask, job)
        if won is not None:
            taken.append(won)
    return taken


def token_for(nonce: str, job_id: str) -> str:
    """The token of a lease: derived, so that a repeated asking is answered alike.

    Nothing but hashes is kept, of the nonce as well.
    """
    return hashlib.sha256(f"{nonce}/{job_id}".encode()).hexdigest()


def hashed(token: str) -> str:
    """What is kept of a token or a nonce."""
    return hashlib.sha256(token.encode()).hexdigest()


def _lease(ports: Ports, ask: LeaseJobs, job: Job) -> LeasedJob | None:
    token, now = token_for(ask.nonce, job.id), ports.clock.now()
    try:
        began, nonce = not ask.says_began, hashed(ask.nonce)
        held = ports.jobs.save(jobs.leased(job, ask.runner, hashed(token), nonce, now=now, began=began))
    except (Stale, Conflict):
        return None
    ports.queue.schedule_job_check(held.id, now + jobs.LEASE)
    return LeasedJob(job=held, token=token)


@frozen
class Heartbeat:
    """A runner says that it holds a job. began: that its work has begun, or begins as soon as this is heard."""

    job: str
    token: str
    number: int
    began: bool = False


def renew_lease(ports: Ports, ask: Heartbeat) -> Job:
    """The job held for another while; `cancel` says that it must stop. Faults: NotFound, Conflict when lost."""
    token = hashed(ask.token)

    def renewed(job: Job) -> Job:
        return jobs.renewed(job, token, ask.number, now=ports.clock.now(), began=ask.began)

    return update_job(ports, ask.job, renewed)
