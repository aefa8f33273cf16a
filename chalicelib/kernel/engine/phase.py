"""The phases of a node, a stage execution and a run, and what they mean. A dialect's words for them are its own."""

from enum import StrEnum


class Phase(StrEnum):
    """How far something is. Failed: the work said no; broken: we could not do it; rejected and cancelled: a person."""

    NEW = "new"
    WAITING_PERSON = "waiting-person"
    WAITING_TIME = "waiting-time"
    WAITING_LOCK = "waiting-lock"
    GATES = "gates"
    PASSING = "passing"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    BROKEN = "broken"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    OVERRIDDEN = "overridden"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


GOOD = frozenset({Phase.SUCCEEDED, Phase.SKIPPED, Phase.OVERRIDDEN})
BAD = frozenset({Phase.FAILED, Phase.BROKEN, Phase.REJECTED, Phase.CANCELLED, Phase.SUPERSEDED})
FINAL = GOOD | BAD
WAITING = frozenset({Phase.WAITING_PERSON, Phase.WAITING_TIME})
WORST_FIRST = (Phase.SUPERSEDED, Phase.REJECTED, Phase.BROKEN, Phase.FAILED, Phase.CANCELLED)
"""Which bad ending speaks for a whole whose parts ended differently."""


def worst(phases: frozenset[Phase]) -> Phase:
    """The ending of a whole whose parts ended so. phases: final ones."""
    return next((phase for phase in WORST_FIRST if phase in phases), Phase.SUCCEEDED)
