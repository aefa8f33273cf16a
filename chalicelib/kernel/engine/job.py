"""A unit of work that needs a machine, and who holds it. Where jobs are kept and found stands in the store."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.work import JobKind

LEASE = timedelta(seconds=25)
"""How long a runner holds a job without a heartbeat. It kills its own after 15 s without an answer."""

UNLEASED = 0
MOST_UNBEGUN = 10
"""Leases of a job that may be lost before its work began: four minutes of runners that never begin."""


class JobPhase(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    LEASED = "leased"
    ENDED = "ended"


@frozen
class Lease:
    """Who does a job and until when. token: a hash. number: counts the leases of the job. nonce: a hash.

    began: whether its work may have begun; from the first on, where the runner does not say when.
    """

    runner: str
    token: str
    number: int
    until: datetime
    nonce: str
    began: bool = True


@frozen
class Commit:
    """What a build was made from."""

    revision: str
    branch: str = ""
    author: str = ""
    message: str = ""


@frozen
class Ending:
    """How a job ended. nonce: of the finish, so that repeating it gives the same answer."""

    outcome: Outcome
    at: datetime
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    commit: Commit | None = None
    nonce: str = ""


@frozen
class Job:
    """One attempt at a node's work. id: as effects.step_id. by: who started its run.

    commit: what it is made from, by the last word of it. acknowledged: its run has folded the ending. sealed: its log
    grows no more and is one object. unbegun: how many of its leases were lost before its work began.
    """

    id: str
    run: str
    execution: int
    node: str
    attempt: int
    kind: JobKind
    pool: str = "default"
    project: str = ""
    environment: str = ""
    name: str = ""
    by: str = ""
    ask: Mapping[str, object] = field(default_factory=dict)
    timeout: timedelta | None = None
    created_at: datetime
    phase: JobPhase = JobPhase.WAITING
    cancel: bool = False
    lease: Lease | None = None
    leases: int = UNLEASED
    unbegun: int = 0
    ending: Ending | None = None
    commit: Commit | None = None
    acknowledged: bool = False
    sealed: bool = False
    version: int = 0


def leased(job: Job, runner: str, token: str, nonce: str, *, now: datetime, began: bool = True) -> Job:
    """The job in the hands of a runner. began: unless it says when. Faults: Conflict when it is not waiting."""
    if job.phase is not JobPhase.WAITING:
        raise Conflict(f"job {job.id} is not waiting")
    lease = Lease(runner=runner, token=token, number=job.leases + 1, until=now + LEASE, nonce=nonce, began=began)
    return replace(job, phase=JobPhase.LEASED, lease=lease, leases=lease.number)


def renewed(job: Job, token: str, number: int, *, now: datetime, began: bool = False) -> Job:
    """The job held for another while; what began stays begun. Faults: Conflict when the lease is lost."""
    lease = held(job, token, number, now=now)
    return replace(job, lease=replace(lease, until=now + LEASE, began=lease.began or began))


def held(job: Job, token: str, number: int, *, now: datetime) -> Lease:
    """The lease, when it is this one and not run out. Faults: Conflict. token: a hash."""
    lease = job.lease
    if job.phase is not JobPhase.LEASED or lease is None:
        raise Conflict(f"job {job.id} is not leased")
    if (lease.token, lease.number) != (token, number) or lease.until <= now:
        raise Conflict(f"the lease {number} of job {job.id} is lost")
    return lease


def lease_label(number: int) -> str:
    """By which a token that was given out with a lease is known to belong to it."""
    return f"lease {number}"


def finished(job: Job, token: str, number: int, ending: Ending) -> Job:
    """The job ended by its runner; the same finish again gives the same. Faults: Conflict when the lease is lost."""
    if _is_repeated(job, token, number, ending):
        return job
    held(job, token, number, now=ending.at)
    return replace(job, phase=JobPhase.ENDED, ending=ending, commit=ending.commit or job.commit)


def _is_repeated(job: Job, token: str, number: int, ending: Ending) -> bool:
    """Whether the job was ended by this very finish before."""
    if job.ending is None or job.lease is None or not ending.nonce:
        return False
    return (job.lease.token, job.lease.number, job.ending.nonce) == (token, number, ending.nonce)


def unrecorded(job: Job, why: str) -> Job:
    """The job broken, of which nobody can write down what it did; one that did not go well stays as it ended."""
    if job.ending is None or job.ending.outcome is not Outcome.SUCCEEDED:
        return job
    reason = f"what it did cannot be recorded: {why}"
    return replace(job, ending=replace(job.ending, outcome=Outcome.BROKEN, reason=reason, outputs={}))


def returned(job: Job, token: str, number: int, *, now: datetime) -> Job:
    """The job back among the waiting, unbegun or undone. Faults: Conflict when the lease is lost."""
    held(job, token, number, now=now)
    if job.cancel:
        return _ended(job, Outcome.CANCELLED, now, "stopped before it was done")
    return replace(job, phase=JobPhase.WAITING, lease=None)


def stopped(job: Job, *, now: datetime) -> Job:
    """The job told to stop: at once when nobody holds it, else when its runner hears of it or its lease runs out."""
    match job.phase:
        case JobPhase.WAITING:
            return _ended(replace(job, cancel=True), Outcome.CANCELLED, now, "stopped before it began")
        case JobPhase.LEASED:
            return replace(job, cancel=True)
        case JobPhase.ENDED:
            return job


def lost(job: Job, *, now: datetime) -> Job:
    """The job after its lease has run out; as it is, when that is not so.

    Broken, if its work may have begun: nobody can undo what it did. Else it waits for the next runner, as the same
    attempt, unless it was told to stop, or too many have come to nothing.
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
    """Whether anybody may have begun its work, now or before."""
    return job.leases > job.unbegun


def _broken_off(job: Job, lease: Lease, now: datetime) -> Job:
    if job.cancel:
        return _ended(job, Outcome.CANCELLED, now, "its runner was lost while stopping")
    return _ended(job, Outcome.BROKEN, now, f"runner {lease.runner} was lost")


def _ended(job: Job, outcome: Outcome, now: datetime, reason: str) -> Job:
    return replace(job, phase=JobPhase.ENDED, ending=Ending(outcome=outcome, at=now, reason=reason))
