"""The sweep of the due index: it finds what a lost message should have triggered, and wakes what waits for a time."""

from datetime import timedelta

from chalicelib.use_cases.enqueue_due import PAGE, Sweep, enqueue_due, sweep_from
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, DueKind


def sweep_shard(ports: Ports, sweep: Sweep, shard: int) -> int:
    """Enqueue a tick for each run and job of a shard that is due; return how many."""
    runs = enqueue_due(ports, sweep, DueKind.RUN, ports.runs.due(shard, sweep.before, PAGE))
    return runs + enqueue_due(ports, sweep, DueKind.JOB, ports.jobs.due(shard, sweep.before, PAGE))


def sweep_deliveries(ports: Ports, sweep: Sweep) -> int:
    """Schedule the pending deliveries that are due; return how many."""
    return enqueue_due(ports, sweep, DueKind.DELIVERY, ports.outbox.due(sweep.before, PAGE))


def sweep_all(ports: Ports, ahead: timedelta) -> int:
    """Enqueue runs, job checks and deliveries that are due within the look-ahead; return how many."""
    sweep = sweep_from(ports.clock.now(), ahead)
    return sum(sweep_shard(ports, sweep, shard) for shard in range(SHARDS)) + sweep_deliveries(ports, sweep)
