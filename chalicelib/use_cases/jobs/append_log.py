"""Append to the logs of jobs, at the pace of the platform. Reading them: logs/read_log.py."""

from collections.abc import Sequence
from contextlib import suppress

from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import PASSING, Conflict
from chalicelib.use_cases.effects.notify_viewers import notify_each, viewers_of
from chalicelib.use_cases.jobs.heartbeats import LeaseState, state_of_lease
from chalicelib.use_cases.jobs.lease import Heartbeat, hashed
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.logs import Chunk
from slipway_formats.frozen import frozen

WATCHED_PACE = 0.2
"""Seconds between the pieces of a log that somebody watches."""


@frozen
class AppendLog:
    """Append a runner's chunks, the first of which follows `after`."""

    held: Heartbeat
    after: int
    chunks: tuple[Chunk, ...]


@frozen
class AppendLogs:
    """Append chunks to the logs of several jobs that a runner holds."""

    appends: tuple[AppendLog, ...]


@frozen
class AppendedLog:
    """A log that has grown. number: of the lease. head: seq of its last chunk.

    again_in: seconds for which its runner gathers lines before the next call, unless the job ends.
    lease: as a heartbeat would leave it; None if it could not be saved at the moment.
    """

    job: str
    number: int
    head: int
    again_in: float
    lease: LeaseState | None = None


def append_log(ports: Ports, command: AppendLog) -> AppendedLog:
    """Append chunks and return where the log ends, and when to come again; it is idempotent.

    Faults: NotFound, Conflict if the lease is lost.
    """
    return _appended(ports, command, ports.jobs.job(command.held.job))


def append_logs(ports: Ports, command: AppendLogs) -> Sequence[AppendedLog]:
    """Append to each of the logs. Those left out have not grown: why, each is told when it is appended to alone."""
    known = {job.id: job for job in ports.jobs.find_jobs({one.held.job for one in command.appends})}
    appended = list[AppendedLog]()
    for one in command.appends:
        with suppress(Conflict, *PASSING):
            if one.held.job in known:
                appended.append(_appended(ports, one, known[one.held.job]))
    return appended


def _appended(ports: Ports, command: AppendLog, job: Job) -> AppendedLog:
    now = ports.clock.now()
    jobs.held(job, hashed(command.held.token), command.held.number, now=now)
    # Only what a runner was told to be the end is given by one that holds the lease.
    head = ports.logs.append(job.id, command.after, command.chunks, was_end=True)
    viewers = viewers_of(ports, job.run)
    notify_each(ports, viewers, f"{job.id}/{head}")
    pace = min(WATCHED_PACE, ports.settings.log_pace) if viewers else ports.settings.log_pace
    state = state_of_lease(ports, command.held, job)
    return AppendedLog(job=job.id, number=command.held.number, head=head, again_in=pace, lease=state)
