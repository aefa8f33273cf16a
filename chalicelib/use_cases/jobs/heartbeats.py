"""The heartbeat of a runner: one call renews all its leases. One alone, and that work begins: lease.py."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import LEASE, Job
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import PASSING, Conflict, NotFound
from chalicelib.use_cases.effects.update_job import update_job
from chalicelib.use_cases.jobs.lease import Heartbeat, hashed
from chalicelib.use_cases.jobs.note_runner import note_runner
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class RenewLeases:
    """Confirm that a runner holds these jobs. busy: how many jobs it holds; None if it does not say."""

    held: tuple[Heartbeat, ...]
    busy: int | None = None


@frozen
class LeaseState:
    """What became of a lease. lost: why the runner holds it no more; blank if it does.

    cancel: the job must stop. lasts: how long the lease lasts from now on.
    """

    job: str
    number: int
    lost: str = ""
    cancel: bool = False
    lasts: timedelta = timedelta(0)


def renew_leases(ports: Ports, command: RenewLeases) -> Sequence[LeaseState]:
    """Renew the leases and return what became of each; those left out could not be saved at the moment.

    Only those that would be past half their life at the next heartbeat are written.
    """
    known = {job.id: job for job in ports.jobs.find_jobs({one.job for one in command.held})}
    answers = [(known.get(one.job), state_of_lease(ports, one, known.get(one.job))) for one in command.held]
    _note(ports, command, [job for job, state in answers if job is not None and state is not None and not state.lost])
    return [state for _, state in answers if state is not None]


def state_of_lease(ports: Ports, beat: Heartbeat, known: Job | None) -> LeaseState | None:
    """Renew a lease if that is due, and return what became of it; None if it could not be saved at the moment.

    known: the job as just read; None if there is none.
    """
    state = LeaseState(job=beat.job, number=beat.number)
    if known is None:
        return replace(state, lost=f"no job {beat.job}")
    now = ports.clock.now()
    to = partial(jobs.renewed_when_due, token=hashed(beat.token), number=beat.number, now=now, began=beat.began)
    try:
        job = known if to(known) == known else update_job(ports, beat.job, to, known)
        lease = jobs.held(job, hashed(beat.token), beat.number, now=now)
    except (Conflict, NotFound) as lost:
        return replace(state, lost=lost.message)
    except PASSING:
        return None
    return replace(state, cancel=job.cancel, lasts=min(lease.until - now, LEASE))


def _note(ports: Ports, command: RenewLeases, held: Sequence[Job]) -> None:
    """Note that the runner has spoken; it has one name and one pool, whatever it holds."""
    if held and held[0].lease is not None:
        job, name = held[0], held[0].lease.runner
        note_runner(ports, Runner(pool=job.pool, name=name, seen_at=ports.clock.now(), busy=command.busy))
