"""The sweep of workloads: it schedules a look at those that are due, which look.py takes."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Due

MOST_DUE = 100


def sweep_workloads(ports: Ports, ahead: timedelta, is_new: Callable[[Due], bool] = lambda _: True) -> int:
    """Schedule a look at each workload that is due within `ahead`; return how many.

    is_new: returns False for one that was scheduled just now.
    """
    found = [due for due in ports.workloads.due(ports.clock.now() + ahead, MOST_DUE) if is_new(due)]
    for due in found:
        ports.queue.schedule_workload_check(due.id, due.at)
    return len(found)
