"""Effects: the commands that the engine emits. Each has an id; performing one twice has the effect of once."""

from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.codec import stored_as, stored_name
from chalicelib.kernel.plans.plan import NodeAddress
from slipway_formats.frozen import frozen

WHOLE_RUN = 0
"""Stands for the number of the stage execution in an effect or event that concerns the run as a whole."""


class Occasion(StrEnum):
    """What an announcement is about."""

    PERSON_AWAITED = "person-awaited"
    STAGE_BEGAN = "stage-began"
    STAGE_ENDED = "stage-ended"
    RUN_ENDED = "run-ended"


@frozen
class StartStep(NodeAddress):
    """Start the work of a node: a job, a child run, a call to another system, …"""


@frozen
class StopStep(NodeAddress):
    """Stop the work of a node. A start that arrives later must do nothing."""


@frozen
class TakeLock:
    """Request a lock. Repeated until it is granted."""

    execution: int
    lock: str
    attempt: int = 0


@frozen
class FreeLock:
    """Release a lock, or leave its queue.

    attempt: for the run's own lock, the number of retries of the run; else the turn of the stage execution.
    """

    execution: int
    lock: str
    attempt: int = 0


@frozen
class PassGates:
    """Move the train's watermark past the gates of a stage, unless a newer run already has."""

    execution: int
    stage: str


@stored_as("AskMark")
@frozen
class CheckWatermark:
    """Check, before anybody is asked to decide at a gate, whether a newer run of the train passed this stage."""

    execution: int
    stage: str


@frozen
class WakeAt:
    """Advance the run again at an instant. Sent once, as an optimisation: the due index is the reliable timer."""

    at: datetime


@frozen
class Announce:
    """Notify the parent run, live viewers and triggers.

    attempt: of the node; for the end of a run, the number of retries of the run.
    """

    occasion: Occasion
    execution: int = WHOLE_RUN
    node: str = ""
    attempt: int = 0


@frozen
class Audit:
    """Write an act of the run to the audit log. act: index into the run's acts."""

    act: int


DurableEffect = FreeLock | Announce | Audit
"""Effects stored in the run until they are acknowledged.

The other effects follow from the state of nodes and stages, and are redelivered for as long as that state lasts.
"""

Effect = StartStep | StopStep | TakeLock | PassGates | CheckWatermark | WakeAt | DurableEffect


def effect_id(run: str, effect: Effect) -> str:
    """The id under which an effect is deduplicated. Stable across versions: it is stored and sent."""
    match effect:
        case StartStep():
            return step_id(run, effect)
        case StopStep():
            return f"{step_id(run, effect)}/stop"
        case TakeLock() | FreeLock():
            return f"{run}/{effect.execution}/{effect.attempt}/{effect.lock}/{stored_name(type(effect))}"
        case PassGates():
            return f"{run}/{effect.execution}/PassGates"
        case CheckWatermark():
            return f"{run}/{effect.execution}/AskMark"
        case Announce():
            return f"{run}/{effect.execution}/{effect.node}/{effect.attempt}/{effect.occasion}"
        case Audit():
            return f"{run}/act/{effect.act}"
        case WakeAt():
            return f"{run}/wake/{effect.at.isoformat()}"


def step_id(run: str, of: NodeAddress) -> str:
    """The id of one attempt at a node's work, and of its job. Safe in a path: no part contains a dot or slash."""
    return f"{run}.{of.execution}.{of.node}.{of.attempt}"
