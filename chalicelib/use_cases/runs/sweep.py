"""The sweep of the due index: it finds what a lost message should have triggered, and wakes what waits for a time."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.use_cases.enqueue_due import always, enqueue_due
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Due

MOST_A_SHARD = 100


def sweep_shard(ports: Ports, shard: int, ahead: timedelta, is_new: Callable[[Due], bool] = always) -> int:
    """Enqueue a tick for each run and job of a shard that is due within `ahead`; return how many.

    is_new: returns False for one that was enqueued just now.
    """
    before = ports.clock.now() + ahead
    runs, jobs = ports.runs.due(shard, before, MOST_A_SHARD), ports.jobs.due(shard, before, MOST_A_SHARD)
    return enqueue_due(runs, ports.queue.wake, is_new) + enqueue_due(jobs, ports.queue.schedule_job_check, is_new)


def sweep_deliveries(ports: Ports, ahead: timedelta) -> int:
    """Schedule the pending deliveries that are due within `ahead`; return how many."""
    found = ports.outbox.due(ports.clock.now() + ahead, MOST_A_SHARD)
    for due in found:
        ports.queue.schedule_delivery(due.id, due.at)
    return len(found)


def sweep(ports: Ports, ahead: timedelta) -> int:
    """Enqueue runs, job checks and deliveries that are due within the look-ahead; return how many."""
    return sum(sweep_shard(ports, shard, ahead) for shard in range(SHARDS)) + sweep_deliveries(ports, ahead)
