"""What travels through the queues, a closed union, encoded by the codec."""

from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.frozen import frozen


@frozen
class Happened:
    """Events of a run, in order."""

    run: str
    events: tuple[Event, ...]


@frozen
class LookAtRun:
    """Time for a run to be looked at."""

    run: str


@frozen
class LookAtJob:
    """Time for a job to be looked at."""

    job: str


@frozen
class PerformOutward:
    """An effect that calls another system."""

    run: str
    effect: Effect


@frozen
class PerformOwed:
    """Something that the house owes to another system."""

    owed: str


@frozen
class ShowLog:
    """Time for a viewer to be shown what its log has."""

    connection: str


Message = Happened | LookAtRun | LookAtJob | PerformOutward | PerformOwed | ShowLog
