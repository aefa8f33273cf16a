"""Crash recovery: request unacknowledged effects again at once.

Without this they are requested again only at the effect's deadline, half a minute to a minute later.
"""

from datetime import datetime, timedelta

from chalicelib.kernel.engine.events import EffectsLost
from chalicelib.use_cases.enqueue_due import PAGE
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Queue

LONGEST_UNACKNOWLEDGED = timedelta(minutes=2)
"""Every effect and lock that is unacknowledged is due within this."""

LONGEST_OF_A_JOB = timedelta(minutes=3)
"""Jobs that have ended stay due as their lease was: at a full minute, over 90 s after its end."""


def resume(ports: Ports) -> int:
    """For runs due soon, request unacknowledged effects again; check jobs due soon. Return how many.

    It is idempotent: one too many does nothing twice, and one left out is found by the sweep.
    """
    now = ports.clock.now()
    return sum(_resume_shard(ports, shard, now) for shard in range(SHARDS))


def request_again(queue: Queue, run_id: str, now: datetime) -> None:
    """Enqueue an event that has the run request all unacknowledged effects again, in the order of its events."""
    queue.enqueue_events(run_id, (EffectsLost(at=now),), key=f"{run_id}/resumed/{now.isoformat()}")


def _resume_shard(ports: Ports, shard: int, now: datetime) -> int:
    runs = [*ports.runs.due(shard, now + LONGEST_UNACKNOWLEDGED, PAGE)]
    for due in runs:
        request_again(ports.queue, due.id, now)
    jobs = [*ports.jobs.due(shard, now + LONGEST_OF_A_JOB, PAGE)]
    for due in jobs:
        ports.queue.schedule_job_check(due.id, now)
    return len(runs) + len(jobs)
