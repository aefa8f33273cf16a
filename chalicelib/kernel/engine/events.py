"""What happened to a run: past-tense records. `at`: when it was accepted. `id`: its own, for deduplication.

Each names the attempt that it speaks of; one that speaks of another attempt changes nothing.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.plan import Plan


class Outcome(StrEnum):
    """How a piece of work ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    BROKEN = "broken"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


@frozen
class Ticked:
    """Time passed; or nothing but a reason to look."""

    at: datetime


@frozen
class EffectsLost:
    """Whoever performs effects died or ran out of time: what is not acknowledged is asked for again, at once."""

    at: datetime


@frozen
class StepStarted:
    """The work was taken up. reference: the job or child run."""

    at: datetime
    execution: int
    node: str
    attempt: int
    reference: str = ""


@frozen
class StepFinished:
    """The work ended. outputs: under 1 KB in all; `release` among them is the release built or deployed."""

    at: datetime
    execution: int
    node: str
    attempt: int
    outcome: Outcome
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)


@frozen
class LockTaken:
    """The lock is ours. fence: higher than of every holder before. execution: 0 for the run's own lock."""

    at: datetime
    execution: int
    fence: int
    attempt: int = 0


@frozen
class LockAwaited:
    """Somebody else holds the lock; we stand in line."""

    at: datetime
    execution: int
    holder: str
    attempt: int = 0


@frozen
class GatesPassed:
    """No younger run passed before us."""

    at: datetime
    execution: int


@frozen
class MarkAsked:
    """No younger run has passed the gates at which we wait. One that does so later says so itself."""

    at: datetime
    execution: int


@frozen
class Overtaken:
    """A younger run of the train passed the gates of a stage. execution: 0 for whichever waits at or before it."""

    at: datetime
    stage: str
    by_run: str
    by_number: int
    execution: int = 0


@frozen
class EffectPerformed:
    """An owed effect was performed. effect: its id."""

    at: datetime
    effect: str


@frozen
class Approved:
    """A person said yes to a gate or a manual task."""

    at: datetime
    execution: int
    node: str
    attempt: int
    by: str
    notes: str = ""


@frozen
class Rejected:
    """A person said no."""

    at: datetime
    execution: int
    node: str
    attempt: int
    by: str
    notes: str = ""


@frozen
class Overridden:
    """A person let a waiting node pass unfulfilled."""

    at: datetime
    execution: int
    node: str
    attempt: int
    by: str
    notes: str = ""


@frozen
class ExternallyDecided:
    """A system outside decided about its ticket."""

    at: datetime
    execution: int
    node: str
    attempt: int
    ticket: str
    approved: bool
    by: str = ""


@frozen
class TestsReported:
    """A test set of a stage reported. The last word of a set of that name counts."""

    __test__ = False

    at: datetime
    stage: str
    name: str
    passed: int
    failed: int
    skipped: int = 0


@frozen
class CancelAsked:
    """A person said stop. retries: of the run as the person saw it."""

    at: datetime
    by: str
    retries: int = 0
    notes: str = ""


@frozen
class StageAborted:
    """A person stopped one stage execution."""

    at: datetime
    execution: int
    by: str
    notes: str = ""


@frozen
class StageReplayed:
    """A person had an ended stage execution done again from its first gate. execution: the one it follows."""

    at: datetime
    execution: int
    by: str
    notes: str = ""


@frozen
class RunRetried:
    """A person had the run go on where it ended, keeping what went well. retries: how often it was before."""

    at: datetime
    retries: int
    by: str
    notes: str = ""


@frozen
class Promoted:
    """A person sent the run into a stage. executions: how many the run had. begin_at: not before then."""

    at: datetime
    stage: str
    executions: int
    by: str
    begin_at: datetime | None = None
    notes: str = ""


@frozen
class PlanReplaced:
    """A new version of the pipeline became active; legal only for stages not begun."""

    at: datetime
    plan: Plan
    by: str


Decision = Approved | Rejected | Overridden
Act = Decision | CancelAsked | StageAborted | StageReplayed | RunRetried | Promoted | PlanReplaced
Fact = (
    Ticked
    | EffectsLost
    | StepStarted
    | StepFinished
    | LockTaken
    | LockAwaited
    | GatesPassed
    | MarkAsked
    | Overtaken
    | EffectPerformed
    | ExternallyDecided
    | TestsReported
)
Event = Act | Fact
