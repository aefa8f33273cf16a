"""What travels through the queues, a closed union, encoded by the codec."""

from dataclasses import dataclass

from chalicelib.kernel.effects import Effect
from chalicelib.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Events of a run, in order."""

    run: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtRun:
    """Time for a run to be looked at."""

    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtJob:
    """Time for a job to be looked at."""

    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformOutward:
    """An effect that calls another system."""

    run: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformOwed:
    """Something that the house owes to another system."""

    owed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowLog:
    """Time for a viewer to be shown what its log has."""

    connection: str


Message = Happened | LookAtRun | LookAtJob | PerformOutward | PerformOwed | ShowLog
