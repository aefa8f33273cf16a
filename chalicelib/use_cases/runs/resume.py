"""Going on after whoever performed effects died between a commit and what it asked for: asking anew, at once.

Without this it would be asked for when the effect's deadline comes, which is half a minute to a whole one later.
"""

from datetime import datetime, timedelta

from chalicelib.kernel.engine.events import EffectsLost
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Queue

LONGEST_ASKING = timedelta(minutes=2)
"""Whatever is not acknowledged is due within this: effects, locks and leases."""

MOST_A_SHARD = 1000


def resume(ports: Ports) -> int:
    """Every run that is due soon asks anew for what is not acknowledged, and every job that is is looked at; how many.

    Nothing is lost by leaving one out, or done twice by one too many.
    """
    now = ports.clock.now()
    return sum(_resumed(ports, shard, now) for shard in range(SHARDS))


def request_again(queue: Queue, run_id: str, now: datetime) -> None:
    """The run asks for all that is not acknowledged, in the order of its events."""
    queue.enqueue_events(run_id, (EffectsLost(at=now),), key=f"{run_id}/resumed/{now.isoformat()}")


def _resumed(ports: Ports, shard: int, now: datetime) -> int:
    runs = ports.runs.due(shard, now + LONGEST_ASKING, MOST_A_SHARD)
    for due in runs:
        request_again(ports.queue, due.id, now)
    jobs = ports.jobs.due(shard, now + LONGEST_ASKING, MOST_A_SHARD)
    for due in jobs:
        ports.queue.schedule_job_check(due.id, now)
    return len(runs) + len(jobs)
