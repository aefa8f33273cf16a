"""Jobs that run on a runner, and their leases. Storage and queues of jobs are the store's."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.plan import NodeAddress, Train
from chalicelib.kernel.plans.work import JobKind
from slipway_formats.frozen import frozen

LEASE = timedelta(seconds=25)
"""How long a lease lasts without a heartbeat. A runner kills its own work 20 s after it was last renewed."""

BEAT = timedelta(seconds=5)
"""How often a runner speaks for all its leases. It may be late by a few seconds."""

UNLEASED = 0
MOST_UNBEGUN = 10
"""How many leases of a job may be lost before its work began, until it is broken: about four minutes."""


class JobPhase(StrEnum):
    """The state of a job."""

    WAITING = "waiting"
    LEASED = "leased"
    ENDED = "ended"


@frozen
class Lease:
    """A runner's exclusive hold on a job, until an instant. number: counts the job's leases, from 1.

    token, nonce: hashes. began: whether the work may have begun; True from the first when the runner does not report
    it. leased_at, began_at: when it was given, and its work began; None in old records.
    """

    runner: str
    token: str
    number: int
    until: datetime
    nonce: str
    began: bool = True
    leased_at: datetime | None = None
    began_at: datetime | None = None


@frozen
class Commit:
    """The git commit that a job worked on."""

    revision: str
    branch: str = ""
    author: str = ""
    message: str = ""


@frozen
class Ending:
    """How a job ended. nonce: of the finish request, so that a repeated one gets the same answer.

    document: the text that a job read, which its platform wanted.
    """

    outcome: Outcome
    at: datetime
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    commit: Commit | None = None
    nonce: str = ""
    document: str = ""


@frozen
class Job(NodeAddress):
    """One attempt at a node's work, for a runner. id: see effects.step_id. by: who started the run.

    commit: the last one that the runner reported. acknowledged: the run has processed the ending. sealed: the log is
    complete and archived. unbegun: how many leases were lost before the work began.
    is_counted: its project limits how many are leased. travels, stage: whose snapshot its run takes through its stages,
    and the key of the stage.
    """

    id: str
    run: str
    kind: JobKind
    pool: str = "default"
    project: str = ""
    environment: str = ""
    name: str = ""
    by: str = ""
    ask: Mapping[str, object] = field(default_factory=dict)
    travels: Train | None = None
    stage: str = ""
    timeout: timedelta | None = None
    created_at: datetime
    phase: JobPhase = JobPhase.WAITING
    cancel: bool = False
    lease: Lease | None = None
    leases: int = UNLEASED
    unbegun: int = 0
    is_counted: bool = False
    ending: Ending | None = None
    commit: Commit | None = None
    acknowledged: bool = False
    sealed: bool = False
    version: int = 0


def leased(job: Job, runner: str, token: str, nonce: str, *, now: datetime, began: bool = True) -> Job:
    """Lease a waiting job to a runner. Faults: Conflict when it is not waiting.

    began: False only for runners that report when the work begins.
    """
    if job.phase is not JobPhase.WAITING:
        raise Conflict(f"job {job.id} is not waiting")
    lease = Lease(
        runner=runner,
        token=token,
        number=job.leases + 1,
        until=now + LEASE,
        nonce=nonce,
        began=began,
        leased_at=now,
        began_at=now if began else None,
    )
    return replace(job, phase=JobPhase.LEASED, lease=lease, leases=lease.number)


def renewed(job: Job, token: str, number: int, *, now: datetime, began: bool = False) -> Job:
    """Extend a lease by a heartbeat. began: stays True once it was. Faults: Conflict when the lease is lost."""
    lease = held(job, token, number, now=now)
    begins = now if began and not lease.began else lease.began_at
    return replace(job, lease=replace(lease, until=now + LEASE, began=lease.began or began, began_at=begins))


def renewed_when_due(job: Job, token: str, number: int, *, now: datetime, began: bool) -> Job:
    """Extend a lease by a heartbeat if it would be past half its life at the next one; else return the job as it is.

    began: counts at once. Faults: Conflict when the lease is lost.
    """
    lease = held(job, token, number, now=now)
    is_early = lease.until - now > LEASE / 2 + BEAT
    return job if is_early and lease.began >= began else renewed(job, token, number, now=now, began=began)


def held(job: Job, token: str, number: int, *, now: datetime) -> Lease:
    """Return the job's lease if it is this one and has not expired. token: a hash. Faults: Conflict."""
    lease = job.lease
    if job.phase is not JobPhase.LEASED or lease is None:
        raise Conflict(f"job {job.id} is not leased")
    if (lease.token, lease.number) != (token, number) or lease.until <= now:
        raise Conflict(f"the lease {number} of job {job.id} is lost")
    return lease


def lease_label(number: int) -> str:
    """The label of the API token issued with a lease, by which the token is later matched to it."""
    return f"lease {number}"


def finished(job: Job, token: str, number: int, ending: Ending) -> Job:
    """End a job on behalf of its runner. A repeated finish (same nonce) changes nothing.

    Faults: Conflict when the lease is lost.
    """
    if _is_repeated(job, token, number, ending):
        return job
    held(job, token, number, now=ending.at)
    return replace(job, phase=JobPhase.ENDED, ending=ending, commit=ending.commit or job.commit)


def _is_repeated(job: Job, token: str, number: int, ending: Ending) -> bool:
    """Whether this same finish request has already ended the job."""
    if job.ending is None or job.lease is None or not ending.nonce:
        return False
    return (job.lease.token, job.lease.number, job.ending.nonce) == (token, number, ending.nonce)


def acknowledged(job: Job, *, is_silent: bool = False) -> Job:
    """Note that the run has processed the ending. is_silent: the runner wrote nothing to the log.

    The empty log of a script then needs no seal. To other logs clients may write, and the platform where a lease was
    lost.
    """
    is_empty = is_silent and job.kind is JobKind.SCRIPT and job.leases == 1
    return replace(job, acknowledged=True, sealed=job.sealed or is_empty)


def unrecorded(job: Job, why: str) -> Job:
    """Turn a success into BROKEN because the result could not be recorded. Other endings are kept.

    why: what prevented the record.
    """
    if job.ending is None or job.ending.outcome is not Outcome.SUCCEEDED:
        return job
    reason = f"what it did cannot be recorded: {why}"
    return replace(job, ending=replace(job.ending, outcome=Outcome.BROKEN, reason=reason, outputs={}))


def returned(job: Job, token: str, number: int, *, now: datetime) -> Job:
    """Put a job back in the queue, from a runner that gives it up before its work began.

    A job that was cancelled ends; one whose work had begun ends BROKEN, so that only its step's policy lets it be done
    a second time. Faults: Conflict when the lease is lost.
    """
    lease = held(job, token, number, now=now)
    if job.cancel:
        return _ended(job, Outcome.CANCELLED, now, "stopped before it was done")
    if lease.began:
        return _ended(job, Outcome.BROKEN, now, f"interrupted after it began: runner {lease.runner} was told to end")
    return replace(job, phase=JobPhase.WAITING, lease=None)


def stopped(job: Job, *, now: datetime) -> Job:
    """Cancel a job: at once when it waits; when leased, its runner is told, or the lease expires."""
    match job.phase:
        case JobPhase.WAITING:
            return _ended(replace(job, cancel=True), Outcome.CANCELLED, now, "stopped before it began")
        case JobPhase.LEASED:
            return replace(job, cancel=True)
        case JobPhase.ENDED:
            return job


def lost(job: Job, *, now: datetime) -> Job:
    """Handle the expiry of a job's lease; the job is unchanged if its lease has not expired.

    If the work may have begun, the job ends BROKEN, for it is not known what was done. Otherwise it is queued again as
    the same attempt, unless it was cancelled or has lost MOST_UNBEGUN leases this way.
    """
    lease = job.lease
    if job.phase is not JobPhase.LEASED or lease is None or now < lease.until:
        return job
    if lease.began:
        return _broken_off(job, lease, now)
    unbegun = replace(job, unbegun=job.unbegun + 1)
    if job.cancel:
        return _ended(unbegun, Outcome.CANCELLED, now, "stopped before it began")
    if unbegun.unbegun < MOST_UNBEGUN:
        return replace(unbegun, phase=JobPhase.WAITING, lease=None)
    many = f"{MOST_UNBEGUN} runners took it and were lost before they began"
    return _ended(unbegun, Outcome.BROKEN, now, f"{many}; the last was {lease.runner}")


def has_begun(job: Job) -> bool:
    """Whether the work of the job may have begun under any lease."""
    return job.leases > job.unbegun


def _broken_off(job: Job, lease: Lease, now: datetime) -> Job:
    if job.cancel:
        return _ended(job, Outcome.CANCELLED, now, "its runner was lost while stopping")
    return _ended(job, Outcome.BROKEN, now, f"runner {lease.runner} was lost")


def _ended(job: Job, outcome: Outcome, now: datetime, reason: str) -> Job:
    return replace(job, phase=JobPhase.ENDED, ending=Ending(outcome=outcome, at=now, reason=reason))
