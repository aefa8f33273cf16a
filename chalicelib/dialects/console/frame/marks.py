"""Marks of phases: a shape, a colour and a word, always together. The shapes are those of the command line."""

from chalicelib.kernel.engine.phase import Phase
from slipway_formats.frozen import frozen


@frozen
class Mark:
    """How a phase is shown. tone: the class that colours it: ok, bad, busy, wait or off."""

    shape: str
    tone: str
    word: str


MARKS = {
    Phase.NEW: Mark(shape="·", tone="off", word="not begun"),
    Phase.WAITING_PERSON: Mark(shape="◆", tone="wait", word="waits for a person"),
    Phase.WAITING_TIME: Mark(shape="◷", tone="wait", word="waits for its time"),
    Phase.WAITING_LOCK: Mark(shape="◫", tone="wait", word="waits for the environment"),
    Phase.GATES: Mark(shape="◇", tone="wait", word="at its gates"),
    Phase.PASSING: Mark(shape="◇", tone="wait", word="passing its gates"),
    Phase.STARTING: Mark(shape="○", tone="busy", word="starting"),
    Phase.QUEUED: Mark(shape="◍", tone="wait", word="waits for a runner"),
    Phase.RUNNING: Mark(shape="●", tone="busy", word="running"),
    Phase.STOPPING: Mark(shape="◌", tone="busy", word="stopping"),
    Phase.SUCCEEDED: Mark(shape="✓", tone="ok", word="succeeded"),
    Phase.FAILED: Mark(shape="✗", tone="bad", word="failed"),
    Phase.BROKEN: Mark(shape="!", tone="bad", word="broken"),
    Phase.REJECTED: Mark(shape="⊘", tone="bad", word="rejected"),
    Phase.SKIPPED: Mark(shape="↷", tone="off", word="skipped"),
    Phase.OVERRIDDEN: Mark(shape="↷", tone="off", word="overridden"),
    Phase.CANCELLED: Mark(shape="■", tone="off", word="cancelled"),
    Phase.SUPERSEDED: Mark(shape="»", tone="off", word="superseded"),
}


def mark(phase: Phase) -> Mark:
    """Return how a phase is shown."""
    return MARKS[phase]
