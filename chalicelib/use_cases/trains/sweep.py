"""The sweep of trains: it schedules a look at those whose schedule fires, which travel/scheduled_builds.py takes."""

from chalicelib.use_cases.enqueue_due import PAGE, Sweep, enqueue_due
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import DueKind


def sweep_trains(ports: Ports, sweep: Sweep) -> int:
    """Schedule a look at each train that a snapshot is due of; return how many."""
    return enqueue_due(ports, sweep, DueKind.TRAIN, ports.trains.due(sweep.before, PAGE))
