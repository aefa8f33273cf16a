"""Looking for what is due: the safety net under every lost message, and the clock of what waits for a time."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Due

MOST_A_SHARD = 100


def always(_due: Due) -> bool:
    """Whatever is due is told."""
    return True


def sweep_shard(ports: Ports, shard: int, ahead: timedelta, is_news: Callable[[Due], bool] = always) -> int:
    """Send a tick to each run and job of a shard that is due within `ahead`; how many were sent.

    is_news: whether one is to be told, or was told just now.
    """
    before = ports.clock.now() + ahead
    runs = [due for due in ports.runs.due(shard, before, MOST_A_SHARD) if is_news(due)]
    for due in runs:
        ports.queue.wake(due.id, due.at)
    jobs = [due for due in ports.jobs.due(shard, before, MOST_A_SHARD) if is_news(due)]
    for due in jobs:
        ports.queue.schedule_job_check(due.id, due.at)
    return len(runs) + len(jobs)


def sweep_deliveries(ports: Ports, ahead: timedelta) -> int:
    """Have performed what is owed and due within `ahead`; how much that is."""
    found = ports.outbox.due(ports.clock.now() + ahead, MOST_A_SHARD)
    for due in found:
        ports.queue.schedule_delivery(due.id, due.at)
    return len(found)


def sweep(ports: Ports, ahead: timedelta) -> int:
    """Send the ticks of every shard, and have performed what is owed."""
    return sum(sweep_shard(ports, shard, ahead) for shard in range(SHARDS)) + sweep_deliveries(ports, ahead)
