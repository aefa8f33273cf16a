"""What became of a plan: a run, its stage executions, its nodes, who decided what, and what it still owes."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.codec import STORED
from chalicelib.kernel.engine.effects import DurableEffect
from chalicelib.kernel.engine.phase import FINAL, Phase
from chalicelib.kernel.frozen import frozen


class ActKind(StrEnum):
    """What a person, or a system in a person's place, did to a run."""

    APPROVED = "approved"
    REJECTED = "rejected"
    OVERRODE = "overrode"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    REPLAYED = "replayed"
    RETRIED = "retried"
    PROMOTED = "promoted"
    REPLACED_PLAN = "replaced-plan"


@frozen
class Act:
    """Who did what when. execution: 0 for the whole run."""

    kind: ActKind
    by: str
    at: datetime
    execution: int = 0
    node: str = ""
    attempt: int = 0
    notes: str = ""


@frozen
class NodeState:
    """How far a node is. until: when a wait ends. redeliver_at: when an unacknowledged effect is asked for anew.

    ending: the phase that a stopping node will take. reference: the job or child run that does the work.
    """

    phase: Phase
    attempt: int = 1
    began_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    until: datetime | None = None
    redeliver_at: datetime | None = field(default=None, metadata={STORED: "ask_again"})
    ending: Phase | None = None
    reason: str = ""
    reference: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.phase in FINAL


@frozen
class StageExecution:
    """One attempt at a stage. number: counts the executions of the run, from 1. attempt: those of the stage, from 1.

    nodes: those that have begun, by key. fence: of the environment's lock, while held. until: when a promotion takes
    effect. ending: the phase that a stopping execution will take.
    """

    number: int
    stage: str
    attempt: int = 1
    phase: Phase
    began_at: datetime
    ended_at: datetime | None = None
    until: datetime | None = None
    redeliver_at: datetime | None = field(default=None, metadata={STORED: "ask_again"})
    ending: Phase | None = None
    fence: int | None = None
    reason: str = ""
    nodes: Mapping[str, NodeState] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.phase in FINAL

    def with_nodes(self, changed: Mapping[str, NodeState]) -> "StageExecution":
        """The execution with these states of nodes."""
        return replace(self, nodes={**self.nodes, **changed})


@frozen
class PendingEffect:
    """An effect not yet acknowledged, and when it is asked for anew."""

    effect: DurableEffect
    redeliver_at: datetime = field(metadata={STORED: "ask_again"})


@frozen
class Results:
    """What a test set reported in a stage of this run, and when: its last word counts."""

    stage: str
    name: str
    at: datetime
    passed: int
    failed: int
    skipped: int = 0


@frozen
class Run:
    """One execution of a plan. version: of the record, for the conditional write. executions: how many there were.

    releases: ids of those it built or deployed, in order. retries: how often it was reopened by retry.
    """

    id: str
    plan: str
    version: int = 0
    phase: Phase = Phase.NEW
    began_at: datetime
    ended_at: datetime | None = None
    redeliver_at: datetime | None = field(default=None, metadata={STORED: "ask_again"})
    ending: Phase | None = None
    fence: int | None = None
    reason: str = ""
    executions: int = 0
    retries: int = 0
    stages: tuple[StageExecution, ...] = ()
    acts: tuple[Act, ...] = ()
    owed: tuple[PendingEffect, ...] = ()
    releases: tuple[str, ...] = ()
    results: tuple[Results, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether it has ended. It may still owe."""
        return self.phase in FINAL

    def execution(self, number: int) -> StageExecution | None:
        """The stage execution of that number."""
        return next((one for one in self.stages if one.number == number), None)

    def latest(self, stage: str) -> StageExecution | None:
        """The last execution of a stage."""
        return next((one for one in reversed(self.stages) if one.stage == stage), None)

    def with_execution(self, execution: StageExecution) -> "Run":
        """The run with this in place of the stage execution of its number."""
        return replace(self, stages=tuple(execution if one.number == execution.number else one for one in self.stages))

    def with_node(self, number: int, key: str, state: NodeState) -> "Run":
        """The run with this state of a node in a stage execution that it has."""
        execution = self.execution(number)
        return self if execution is None else self.with_execution(execution.with_nodes({key: state}))
