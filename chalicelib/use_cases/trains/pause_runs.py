"""Let the open runs of a train stand still while it is suspended, and go on when it is started again."""

from chalicelib.kernel.engine.events import RunPaused
from chalicelib.kernel.trains.gated import Readiness
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.open_runs import open_runs


def is_suspended(train: Train) -> bool:
    """Return True if nothing of the train goes on."""
    return train.gated is not None and train.gated.readiness is Readiness.SUSPENDED


def pause_runs(ports: Ports, train: Train, by: str) -> None:
    """Enqueue the pausing of a suspended train's open runs; of another train, that they go on. Repeatable."""
    wanted = is_suspended(train)
    reason = f"train {train.number} is suspended" if wanted else f"train {train.number} goes on"
    for run in open_runs(ports, train):
        if run.is_paused != wanted:
            event = RunPaused(at=ports.clock.now(), by=by, notes=reason, goes_on=not wanted)
            ports.queue.enqueue_events(run.id, (event,), key=f"{run.id}/{event.notes}/{run.version}")
