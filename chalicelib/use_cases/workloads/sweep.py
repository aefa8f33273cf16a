"""The sweep of workloads: it schedules a look at those that are due, which look.py takes."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.use_cases.enqueue_due import always, enqueue_due
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Due

MOST_DUE = 100


def sweep_workloads(ports: Ports, ahead: timedelta, is_new: Callable[[Due], bool] = always) -> int:
    """Schedule a look at each workload that is due within `ahead`; return how many.

    is_new: returns False for one that was scheduled just now.
    """
    found = ports.workloads.due(ports.clock.now() + ahead, MOST_DUE)
    return enqueue_due(found, ports.queue.schedule_workload_check, is_new)
