"""Let the open runs of a train stand still while it is suspended, and go on when it is started again."""

from datetime import timedelta

from chalicelib.kernel.engine.events import RunPaused
from chalicelib.kernel.trains.gated import Readiness
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.open_runs import open_runs

LOOKED_AT_AFTER = timedelta(seconds=30)
"""Longer than a request lives: by then a train is saved, or never will be."""


def is_suspended(train: Train) -> bool:
    """Return True if nothing of the train goes on."""
    return train.gated is not None and train.gated.readiness is Readiness.SUSPENDED


def ensure_pause(ports: Ports, before: Train, after: Train) -> None:
    """Schedule a look at a train that is to be suspended, or started: before it is saved, lest its runs are forgotten.

    So whoever dies after the saving leaves nothing that goes on by itself, or stands still for ever.
    """
    if is_suspended(before) != is_suspended(after):
        ports.queue.schedule_suspension_check(after.id, ports.clock.now() + LOOKED_AT_AFTER)


def pause_as_train_says(ports: Ports, number: int) -> None:
    """Let the open runs of a train stand still or go on, as it says by now; of one that is gone, nothing."""
    train = ports.trains.find_train(number)
    if train is not None:
        pause_runs(ports, train, train.acts_for.name if train.acts_for is not None else train.created_by)


def pause_runs(ports: Ports, train: Train, by: str) -> None:
    """Enqueue the pausing of a suspended train's open runs; of another train, that they go on. Repeatable."""
    wanted = is_suspended(train)
    reason = f"train {train.number} is suspended" if wanted else f"train {train.number} goes on"
    for run in open_runs(ports, train):
        if run.is_paused != wanted:
            event = RunPaused(at=ports.clock.now(), by=by, notes=reason, goes_on=not wanted)
            ports.queue.enqueue_events(run.id, (event,), key=f"{run.id}/{event.notes}/{run.version}")
