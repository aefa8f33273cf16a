"""The phases of nodes, stage executions and runs. Dialects translate them to their own words."""

from enum import StrEnum


class Phase(StrEnum):
    """How far a node, stage execution or run is.

    QUEUED: no runner has leased the job yet; derived when a run is read (queued.py), stored as RUNNING. FAILED: the
    work reported failure. BROKEN: the platform could not do the work. REJECTED, CANCELLED: a person decided.
    """

    NEW = "new"
    WAITING_PERSON = "waiting-person"
    WAITING_TIME = "waiting-time"
    WAITING_LOCK = "waiting-lock"
    GATES = "gates"
    PASSING = "passing"
    STARTING = "starting"
    QUEUED = "queued"
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
WRONG = BAD - {Phase.CANCELLED, Phase.SUPERSEDED}
"""What somebody should look into: neither given up by a person nor passed by what is newer."""

FINAL = GOOD | BAD
WAITING = frozenset({Phase.WAITING_PERSON, Phase.WAITING_TIME})
WORST_FIRST = (Phase.SUPERSEDED, Phase.REJECTED, Phase.BROKEN, Phase.FAILED, Phase.CANCELLED)
"""Precedence of bad endings: the first that occurs among the parts is the ending of the whole."""


def worst(phases: frozenset[Phase]) -> Phase:
    """The ending of a whole from the endings of its parts. phases: final ones."""
    return next((phase for phase in WORST_FIRST if phase in phases), Phase.SUCCEEDED)
