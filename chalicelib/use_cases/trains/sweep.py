"""The sweep of trains: it schedules a look at those whose schedule fires, which travel/scheduled_builds.py takes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.use_cases.enqueue_due import always, enqueue_due
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Due

MOST_DUE = 100


def sweep_trains(ports: Ports, ahead: timedelta, is_new: Callable[[Due], bool] = always) -> int:
    """Schedule a look at each train that a snapshot is made of within `ahead`; return how many.

    is_new: returns False for one that was scheduled just now.
    """

    def look(train: str, at: datetime) -> None:
        ports.queue.schedule_train_check(int(train), at)

    return enqueue_due(ports.trains.due(ports.clock.now() + ahead, MOST_DUE), look, is_new)
