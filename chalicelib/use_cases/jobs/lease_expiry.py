"""Lease expiry: a job whose runner is lost is broken or waits again; a job that has ended is concluded."""

from dataclasses import replace
from functools import partial

from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.effects.notify_viewers import notify_viewers
from chalicelib.use_cases.effects.offer_job import offer_job
from chalicelib.use_cases.effects.update_job import update_job
from chalicelib.use_cases.jobs.finish import conclude
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.logs import Words


def look_at_job(ports: Ports, job_id: str) -> None:
    """Check a job: break it if its runner was lost after it began, requeue it if before, else check again at expiry.

    If it has ended, conclude it and seal its log.

    The check that a lease scheduled, or else the sweep, also runs after the job's end: so no runner waits for the
    sealing. Where a sweep comes at the end of the lease, nothing is scheduled.
    """
    try:
        job = update_job(ports, job_id, partial(_after_expiry, ports))
    except NotFound:
        return
    if job.ending is not None:
        _seal(ports, conclude(ports, job))
    elif job.lease is not None and not ports.jobs.is_due_when_lost:
        ports.queue.schedule_job_check(job.id, job.lease.until)
    elif job.unbegun:
        offer_job(ports, job)


def _after_expiry(ports: Ports, job: Job) -> Job:
    """Return the job after an expired lease. That its runner was lost is logged before the job waits again."""
    after = jobs.lost(job, now=ports.clock.now())
    if job.lease is not None and after.phase is JobPhase.WAITING:
        text = f"runner {job.lease.runner} was lost before it began: the job waits for another\n"
        words = Words(ask=f"{job.id}/unbegun/{after.unbegun}", at=job.lease.until, said=(("note", text),))
        head = ports.logs.add(job.id, words)
        notify_viewers(ports, job.run, f"{job.id}/{head}")
    return after


def _seal(ports: Ports, job: Job) -> None:
    if job.leases and not job.sealed:
        ports.logs.seal(job.id)
        update_job(ports, job.id, lambda now: replace(now, sealed=True))
