"""What the engine asks for: imperative records. Each has an id; performing it twice is performing it once."""

from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.codec import stored_name
from chalicelib.kernel.frozen import frozen

WHOLE_RUN = 0
"""In place of a stage execution's number, where an effect is about the run itself."""


class Occasion(StrEnum):
    """What is announced."""

    PERSON_AWAITED = "person-awaited"
    STAGE_ENDED = "stage-ended"
    RUN_ENDED = "run-ended"


@frozen
class StartStep:
    """Have the node's work done."""

    execution: int
    node: str
    attempt: int


@frozen
class StartRun:
    """Start the child run that the node's work names."""

    execution: int
    node: str
    attempt: int


@frozen
class StopStep:
    """Stop the node's work, begun or not; a start that comes later does nothing."""

    execution: int
    node: str
    attempt: int


@frozen
class TakeLock:
    """Ask for a lock, or ask again."""

    execution: int
    lock: str
    attempt: int = 0


@frozen
class FreeLock:
    """Give back a lock or the place among those that wait for it. attempt: of the run, for its own lock."""

    execution: int
    lock: str
    attempt: int = 0


@frozen
class PassGates:
    """Pass the gates of a stage, unless a younger run of the train has."""

    execution: int
    stage: str


@frozen
class AskMark:
    """Ask, before anybody decides at the gates of a stage, whether a younger run of the train has passed them."""

    execution: int
    stage: str


@frozen
class WakeAt:
    """Look at the run again at an instant. Asked once: the due index is what can be relied on."""

    at: datetime


@frozen
class Announce:
    """Tell those concerned: the parent, subscribers, triggers. attempt: the execution's node attempt, or of the run."""

    occasion: Occasion
    execution: int = WHOLE_RUN
    node: str = ""
    attempt: int = 0


@frozen
class Audit:
    """Write an act of the run to the audit log. act: its place among the run's acts."""

    act: int


DurableEffect = FreeLock | Announce | Audit
"""Those kept in the run's book of owed effects; the others are asked for as long as the state itself says so."""

Effect = StartStep | StartRun | StopStep | TakeLock | PassGates | AskMark | WakeAt | DurableEffect


def effect_id(run: str, effect: Effect) -> str:
    """The name under which an effect is performed once: run, execution, node, attempt, kind."""
    match effect:
        case StartStep() | StartRun():
            return step_id(run, effect.execution, effect.node, effect.attempt)
        case StopStep():
            return f"{step_id(run, effect.execution, effect.node, effect.attempt)}/stop"
        case TakeLock() | FreeLock():
            return f"{run}/{effect.execution}/{effect.attempt}/{effect.lock}/{stored_name(type(effect))}"
        case PassGates():
            return f"{run}/{effect.execution}/PassGates"
        case AskMark():
            return f"{run}/{effect.execution}/AskMark"
        case Announce():
            return f"{run}/{effect.execution}/{effect.node}/{effect.attempt}/{effect.occasion}"
        case Audit():
            return f"{run}/act/{effect.act}"
        case WakeAt():
            return f"{run}/wake/{effect.at.isoformat()}"


def step_id(run: str, execution: int, node: str, attempt: int) -> str:
    """The id of one attempt at a node's work, and of its job; fit for a path: no part has a dot or slash."""
    return f"{run}.{execution}.{node}.{attempt}"
