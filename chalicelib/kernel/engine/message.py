"""Messages on the queues: a closed union, encoded by the codec."""

from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.frozen import frozen


@frozen
class Happened:
    """Apply these events to a run, in order."""

    run: str
    events: tuple[Event, ...]


@frozen
class LookAtRun:
    """Advance a run: one of its timers is due."""

    run: str


@frozen
class LookAtJob:
    """Check a job: its lease or timeout may have expired."""

    job: str


@frozen
class PerformOutward:
    """Perform an effect that calls an external system."""

    run: str
    effect: Effect


@frozen
class PerformOwed:
    """Attempt a pending delivery. owed: its id."""

    owed: str


@frozen
class ShowLog:
    """Push new log lines to a live viewer."""

    connection: str


Message = Happened | LookAtRun | LookAtJob | PerformOutward | PerformOwed | ShowLog
