"""Append to the logs of jobs. Reading them: logs/read_log.py."""

from chalicelib.kernel.engine import job as jobs
from chalicelib.use_cases.effects.notify_viewers import notify_viewers
from chalicelib.use_cases.jobs.lease import Heartbeat, hashed
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Chunk
from slipway_formats.frozen import frozen


@frozen
class AppendLog:
    """Append a runner's chunks, the first of which follows `after`."""

    held: Heartbeat
    after: int
    chunks: tuple[Chunk, ...]


def append_log(ports: Ports, command: AppendLog) -> int:
    """Append chunks and return the new head of the log; it is idempotent.

    Faults: NotFound, Conflict if the lease is lost.
    """
    job = ports.jobs.job(command.held.job)
    jobs.held(job, hashed(command.held.token), command.held.number, now=ports.clock.now())
    head = ports.logs.append(job.id, command.after, command.chunks)
    notify_viewers(ports, job.run, f"{job.id}/{head}")
    return head
