"""The sweep of workloads: it schedules a look at those that are due, which look.py takes."""

from chalicelib.use_cases.enqueue_due import PAGE, Sweep, enqueue_due
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import DueKind


def sweep_workloads(ports: Ports, sweep: Sweep) -> int:
    """Schedule a look at each workload that is due; return how many."""
    return enqueue_due(ports, sweep, DueKind.WORKLOAD, ports.workloads.due(sweep.before, PAGE))
