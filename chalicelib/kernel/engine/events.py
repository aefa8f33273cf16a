"""Events: what happened to a run, in past tense. at: when the event was accepted.

An event about a node names its attempt; one about another attempt than the current is ignored. Acts of people say who
stands behind `by`, as `owner_key` writes them: they and the creators of their account; nobody in old records. changes:
digest of the change set that was shown to whoever decided; empty for none.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.codec import stored_as
from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.freezing import FreezePassed, FreezesChanged, FreezesRead
from chalicelib.kernel.engine.outcome import Outcome as Outcome
from chalicelib.kernel.engine.pause import PlanReplaced as PlanReplaced
from chalicelib.kernel.engine.pause import RunPaused as RunPaused
from chalicelib.kernel.plans.plan import NodeAddress
from slipway_formats.frozen import frozen


@frozen
class Ticked:
    """Time has passed; or any other reason to advance the run."""

    at: datetime


@frozen
class EffectsLost:
    """The process that performed effects crashed or timed out: every unacknowledged effect is redelivered."""

    at: datetime


@frozen
class StepStarted(NodeAddress):
    """The work of a step was accepted. reference: id of the job or child run."""

    at: datetime
    reference: str = ""


@frozen
class StepTried(NodeAddress):
    """A call for a step went wrong, and is made again. reason: what the other side said."""

    at: datetime
    reason: str


@frozen
class StepFinished(NodeAddress):
    """The work of a step ended. outputs: at most 1 KB; `release` is the id of the release built or deployed."""

    at: datetime
    outcome: Outcome
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)


@frozen
class LockTaken:
    """A lock was granted. fence: fencing token, grows with each holder. execution: 0 for the run's own lock."""

    at: datetime
    execution: int
    fence: int
    attempt: int = 0


@frozen
class LockAwaited:
    """The lock is held by somebody else, and the run is in its queue."""

    at: datetime
    execution: int
    holder: str
    attempt: int = 0


@frozen
class GatesPassed:
    """The watermark was moved: no newer run of the train has passed the gates of this stage."""

    at: datetime
    execution: int


@stored_as("MarkAsked")
@frozen
class WatermarkChecked:
    """The answer to CheckWatermark: no newer run has passed this stage so far. One that does later sends Overtaken."""

    at: datetime
    execution: int


@frozen
class Overtaken:
    """A newer run of the train passed the gates of a stage. execution: 0 for any that waits at or before it."""

    at: datetime
    stage: str
    by_run: str
    by_number: int
    execution: int = 0


@frozen
class EffectPerformed:
    """A durable effect was performed. effect: its id."""

    at: datetime
    effect: str


@frozen
class Approved(NodeAddress):
    """A person approved a gate or completed a manual task. teams: for which of those that decide about it."""

    at: datetime
    by: str
    notes: str = ""
    behind: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    changes: str = ""


@frozen
class Rejected(NodeAddress):
    """A person rejected a gate or a manual task. teams: for which of those that decide about it."""

    at: datetime
    by: str
    notes: str = ""
    behind: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    changes: str = ""


@frozen
class Claimed(NodeAddress):
    """A person took a decision upon themselves: nobody else makes it. teams: for which of those that decide."""

    at: datetime
    by: str
    notes: str = ""
    behind: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@frozen
class Overridden(NodeAddress):
    """A person skipped a waiting node: it counts as passed."""

    at: datetime
    by: str
    notes: str = ""
    behind: tuple[str, ...] = ()
    changes: str = ""


@frozen
class Revoked(NodeAddress):
    """A person took their approval of a node back, before its stage began."""

    at: datetime
    by: str
    notes: str = ""
    behind: tuple[str, ...] = ()


@frozen
class ExternallyDecided(NodeAddress):
    """An external system approved or rejected its ticket."""

    at: datetime
    ticket: str
    approved: bool
    by: str = ""
    notes: str = ""


@frozen
class TestsReported:
    """Results of a test set were reported for a stage. A later report of the same name replaces an earlier one."""

    __test__ = False

    at: datetime
    stage: str
    name: str
    passed: int
    failed: int
    skipped: int = 0


@stored_as("CancelAsked")
@frozen
class CancelRequested:
    """A person cancelled the run. retries: of it when they saw it, no later one is hit. at_once: nothing cleans up."""

    at: datetime
    by: str
    retries: int = 0
    notes: str = ""
    at_once: bool = False


@frozen
class StageAborted:
    """A person aborted one stage execution."""

    at: datetime
    execution: int
    by: str
    notes: str = ""


@frozen
class StageReplayed:
    """A person had a stage run again from its first gate. execution: the finished one that is replayed."""

    at: datetime
    execution: int
    by: str
    notes: str = ""
    behind: tuple[str, ...] = ()


@frozen
class RunRetried:
    """A person retried a failed run. Nodes that succeeded are kept.

    retries: how often the run had been retried when they saw it.
    """

    at: datetime
    retries: int
    by: str
    notes: str = ""
    behind: tuple[str, ...] = ()


class PromotionMode(StrEnum):
    """What a promotion does while the gates of its stage are not met: wait for them, be refused, or override them."""

    WHEN_MET = "when-met"
    IF_MET = "if-met"
    FORCED = "forced"


@frozen
class Promoted:
    """A person promoted the run into a stage. executions: how many it had entered then. begin_at: earliest start.

    brings_forward: the stage execution that waits for a later time; 0 where none does. request: as of the act.
    """

    at: datetime
    stage: str
    executions: int
    by: str
    begin_at: datetime | None = None
    brings_forward: int = 0
    mode: PromotionMode = PromotionMode.WHEN_MET
    notes: str = ""
    behind: tuple[str, ...] = ()
    request: str = ""


Decision = Approved | Rejected | Overridden
ActOnNode = Decision | Claimed | Revoked
ActOnRun = CancelRequested | RunRetried | RunPaused | PlanReplaced
Act = ActOnNode | ActOnRun | StageAborted | StageReplayed | Promoted | FreezePassed
Heard = FreezesRead | FreezesChanged | ChangesRead
Fact = (
    Heard
    | Ticked
    | EffectsLost
    | StepStarted
    | StepTried
    | StepFinished
    | LockTaken
    | LockAwaited
    | GatesPassed
    | WatermarkChecked
    | Overtaken
    | EffectPerformed
    | ExternallyDecided
    | TestsReported
)
Event = Act | Fact
