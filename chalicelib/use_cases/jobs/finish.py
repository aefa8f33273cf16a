"""The end of a job, by its runner or because the runner was lost, and its report to the run: exactly once in effect."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import Ending, Job
from chalicelib.kernel.faults import Conflict, TooLarge
from chalicelib.kernel.plans.work import JobKind
from chalicelib.use_cases.effects.offer_job import offer_job
from chalicelib.use_cases.effects.perform_steps import as_event, has_applied
from chalicelib.use_cases.effects.update_job import update_job
from chalicelib.use_cases.jobs.lease import Heartbeat, hashed
from chalicelib.use_cases.jobs.script_deployment import as_deploying, ensure_place, may_deploy
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.record_deployment import RELEASE, record_deployment
from chalicelib.use_cases.runs.advance import apply_or_enqueue, end_with_run
from slipway_formats.frozen import frozen
from slipway_formats.release_id import parse

DEPLOYING = frozenset({JobKind.DEPLOY, JobKind.SMOKE, JobKind.DESTROY, JobKind.ERRAND})


@frozen
class FinishJob:
    """Report how a job ended. is_silent: its runner wrote nothing to its log."""

    held: Heartbeat
    ending: Ending
    is_silent: bool = False


def finish_job(ports: Ports, command: FinishJob) -> Job:
    """End the job, record its deployment and report to its run; repeating it gives the same answer.

    Faults: as end_and_conclude.
    """
    return end_and_conclude(ports, command).job


@frozen
class Ended:
    """An ended job. is_first: it was ended now, and not by an earlier request of the same words."""

    job: Job
    is_first: bool


def end_and_conclude(ports: Ports, command: FinishJob) -> Ended:
    """End the job and conclude it: with its run at once, if nothing is to be recorded before.

    Faults: NotFound; Conflict if the lease is lost, then nothing changes; Invalid if the output names no release.
    """
    if release := command.ending.outputs.get(RELEASE):
        # Its deployment could never be recorded, and its run would wait for ever.
        parse(release, RELEASE)
    known = ports.jobs.last_saved(command.held.job) or ports.jobs.job(command.held.job)
    if (at_once := _ended_with_run(ports, command, known)) is not None:
        return Ended(job=at_once, is_first=True)
    ended = _end_job(ports, command, known)
    return replace(ended, job=conclude(ports, ended.job, is_silent=command.is_silent))


def _ended_with_run(ports: Ports, command: FinishJob, known: Job) -> Job | None:
    """End a job and tell its run by one commit. None where nothing was changed: the job must be ended by itself."""
    try:
        after = jobs.finished(known, hashed(command.held.token), command.held.number, command.ending)
    except Conflict:
        return None
    if after == known or after.kind in DEPLOYING or may_deploy(after):
        return None
    closed = jobs.acknowledged(after, is_silent=command.is_silent)
    is_done = end_with_run(ports, after, closed) is not None
    return replace(closed, version=closed.version + 1) if is_done else None


def _end_job(ports: Ports, command: FinishJob, known: Job) -> Ended:
    token, is_first = hashed(command.held.token), False

    def finished(job: Job) -> Job:
        nonlocal is_first
        after = jobs.finished(job, token, command.held.number, command.ending)
        is_first = after != job
        return after

    job = update_job(ports, command.held.job, finished, known)
    return Ended(job=job, is_first=is_first)


def return_job(ports: Ports, command: Heartbeat) -> Job:
    """Put the job back in the queue of its pool, or end it if it was requested to stop. Faults: NotFound, Conflict."""
    job = update_job(
        ports, command.job, lambda job: jobs.returned(job, hashed(command.token), command.number, now=ports.clock.now())
    )
    if job.ending is not None:
        return conclude(ports, job)
    offer_job(ports, job)
    return job


def conclude(ports: Ports, job: Job, *, is_silent: bool = False) -> Job:
    """Record the deployment of an ended job, report the end to its run, and mark the job as acknowledged.

    is_silent: its runner wrote nothing to its log.
    """
    if job.acknowledged:
        return job
    if jobs.has_begun(job):
        job = _recorded(ports, job)
    run = apply_or_enqueue(ports, job.run, (as_event(job),), key=f"{job.id}/ended")
    if run is None or not has_applied(ports.runs.plan(run.plan), run, job):
        return job
    return update_job(ports, job.id, lambda now: jobs.acknowledged(now, is_silent=is_silent), known=job)


def _recorded(ports: Ports, job: Job) -> Job:
    """Record the deployment of a job that has one. If it outgrows its record, record the job as BROKEN instead."""
    deploying = job if job.kind in DEPLOYING else as_deploying(ports, job)
    if deploying is None:
        return job
    if deploying is not job:
        ensure_place(ports, deploying)
    try:
        record_deployment(ports, deploying)
    except TooLarge as large:
        why = large.message
    else:
        return job
    broken = update_job(ports, job.id, lambda now: jobs.unrecorded(now, why))
    with suppress(TooLarge):  # its inputs alone are too large: then only its run has the reason
        record_deployment(ports, replace(deploying, ending=broken.ending))
    return broken
