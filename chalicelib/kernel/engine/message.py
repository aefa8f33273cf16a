"""Messages on the queues: a closed union, encoded by the codec."""

from dataclasses import field

from chalicelib.kernel.codec import STORED, stored_as
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from slipway_formats.frozen import frozen

FORMAT = 2
"""The format of the messages that this release writes; it reads all up to it. Those of 0.1 say none, and are of 1.

A release in which a message, or anything within one, has something new that older releases must not pass over raises
this by one, once. Older functions leave such messages to the newer ones.
"""


@frozen
class Happened:
    """Apply these events to a run, in order."""

    run: str
    events: tuple[Event, ...]


@frozen
class HappenedToEach:
    """Enqueue the same events for each of these runs. key: for deduplication, with the id of each."""

    runs: tuple[str, ...]
    events: tuple[Event, ...]
    key: str


@frozen
class LookAtRun:
    """Advance a run: one of its timers is due."""

    run: str


@frozen
class LookAtJob:
    """Check a job: its lease or timeout may have expired."""

    job: str


@frozen
class LookAtWorkload:
    """Do what is due of a workload."""

    workload: str


@frozen
class LookAtTrain:
    """Make the snapshot of a train that is due by its schedule."""

    train: int


@frozen
class LookAtSuspension:
    """Let the open runs of a train stand still or go on, as the train says by now."""

    train: int


@frozen
class GiveBuiltVersion:
    """Give a train the version that the run of a workflow request has built."""

    run: str


@frozen
class DispatchEvents:
    """Send to webhooks what has occurred. since: a number of the feed, that of what occurred."""

    since: int


@stored_as("PerformOutward")
@frozen
class PerformExternalCall:
    """Perform an effect that calls an external system."""

    run: str
    effect: Effect


@stored_as("PerformOwed")
@frozen
class AttemptDelivery:
    """Attempt a pending delivery, given by its id."""

    delivery: str = field(metadata={STORED: "owed"})


@stored_as("ShowLog")
@frozen
class PushLog:
    """Push new log lines to a live viewer."""

    connection: str


Message = (
    Happened
    | HappenedToEach
    | LookAtRun
    | LookAtJob
    | LookAtWorkload
    | LookAtTrain
    | LookAtSuspension
    | GiveBuiltVersion
    | DispatchEvents
    | PerformExternalCall
    | AttemptDelivery
    | PushLog
)
