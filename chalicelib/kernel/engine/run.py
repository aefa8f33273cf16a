"""The state of a run: its stage executions, nodes, decisions, and effects not yet acknowledged."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.codec import STORED
from chalicelib.kernel.engine.effects import DurableEffect
from chalicelib.kernel.engine.phase import FINAL, Phase
from chalicelib.kernel.engine.trace import Trace
from chalicelib.kernel.plans.freezes import Freezes
from chalicelib.kernel.plans.plan import NodeAddress
from slipway_formats.frozen import frozen


class ActKind(StrEnum):
    """The kinds of decision that a person, or an external system, can make about a run."""

    APPROVED = "approved"
    REJECTED = "rejected"
    OVERRODE = "overrode"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    REPLAYED = "replayed"
    RETRIED = "retried"
    PROMOTED = "promoted"
    FORCED = "forced"
    REPLACED_PLAN = "replaced-plan"
    CLAIMED = "claimed"
    PAUSED = "paused"
    RESUMED = "resumed"
    PASSED_FREEZE = "passed-freeze"
    LAPSED = "lapsed"


CONTINUING = frozenset({ActKind.REPLAYED, ActKind.RETRIED, ActKind.PROMOTED, ActKind.FORCED})
"""Acts by which somebody lets a stage begin."""


@frozen
class Act:
    """A decision about a run. execution: 0 for the whole run. behind: who stands behind `by`; empty in old records.

    teams: for which of the teams that decide about the node it counts. ticket: about which an external system decided;
    empty of a person, and in old records. request: the id of the request that asked for it, where it is kept: a
    repetition finds by it what it did. changes: digest of the change set to which it is bound; of one that lapsed, of
    that which came in its place.
    """

    kind: ActKind
    by: str
    at: datetime
    execution: int = 0
    node: str = ""
    attempt: int = 0
    notes: str = ""
    behind: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    ticket: str = ""
    request: str = ""
    changes: str = ""

    def is_of(self, by: str, behind: Iterable[str]) -> bool:
        """Whether it counts as theirs: one person by several accounts is one."""
        return self.by == by or not frozenset(self.behind).isdisjoint(behind)


@frozen
class NodeState:
    """The state of a node. until: when its wait ends. redeliver_at: when its effect is sent again if unacknowledged.

    ending: the phase that a stopping node will end in. reference: id of the job or child run. held_by: the freeze for
    whose end its next attempt waits.
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
    held_by: str = ""

    @property
    def is_final(self) -> bool:
        """Whether the node has ended."""
        return self.phase in FINAL


@frozen
class StageExecution:
    """One execution of a stage. number: unique in the run, from 1. attempt: counts executions of the stage, from 1.

    nodes: those that have begun, by key. fence: fencing token of the environment's lock, while held. until: before
    when its steps do not begin, or do not go on. ending: the phase that a stopping execution will end in.
    awaits_promotion: its gates are open already, and its steps do not begin before the promotion is given. turn: how
    often it gave its lock back, for a gate had shut meanwhile. at_once: while it is stopping, nothing cleans up.
    held_by: the freeze for whose end its steps wait. passed: the freezes that somebody let it pass.
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
    awaits_promotion: bool = False
    turn: int = 0
    at_once: bool = False
    held_by: str = ""
    passed: tuple[str, ...] = ()
    nodes: Mapping[str, NodeState] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Whether the stage execution has ended."""
        return self.phase in FINAL

    @property
    def is_collecting(self) -> bool:
        """Return True if it only collects approvals: nothing runs in it until it is promoted."""
        return self.awaits_promotion and self.ending is None and not self.is_final

    @property
    def is_scheduled(self) -> bool:
        """Return True if it was promoted for a time that has not come: `until`, which may be brought forward."""
        is_before_steps = self.phase in (Phase.GATES, Phase.WAITING_TIME) and self.ending is None
        return is_before_steps and self.until is not None and not self.awaits_promotion

    def address_of(self, key: str) -> NodeAddress:
        """The address of the current attempt at a node."""
        return NodeAddress(execution=self.number, node=key, attempt=self.nodes[key].attempt)

    def with_nodes(self, changed: Mapping[str, NodeState]) -> "StageExecution":
        """Return a copy with these node states replaced or added."""
        return replace(self, nodes={**self.nodes, **changed})


@frozen
class PendingEffect:
    """A durable effect that is not acknowledged yet, and when it is sent again."""

    effect: DurableEffect
    redeliver_at: datetime = field(metadata={STORED: "ask_again"})


@frozen
class Results:
    """The latest results of one test set in a stage of this run."""

    stage: str
    name: str
    at: datetime
    passed: int
    failed: int
    skipped: int = 0


@frozen
class Run:
    """The state of one execution of a plan. version: for optimistic locking. executions: number of the latest one.

    releases: ids of the releases it built or deployed, in order. retries: how often it was retried or replayed after it
    had ended. standing: gates, by stage, that were approved in an earlier run of the same snapshot. pending_effects:
    durable effects not acknowledged yet. at_once: it is cancelled, and nothing cleans up. is_paused:
    nothing begins. freezes: those of its environments, as it heard of them. passed: the freezes that the stage which
    started it had passed. trace: what it was given; None of a run that an earlier version began.
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
    at_once: bool = False
    stages: tuple[StageExecution, ...] = ()
    acts: tuple[Act, ...] = ()
    pending_effects: tuple[PendingEffect, ...] = field(default=(), metadata={STORED: "owed"})
    releases: tuple[str, ...] = ()
    results: tuple[Results, ...] = ()
    standing: Mapping[str, Mapping[str, NodeState]] = field(default_factory=dict)
    is_paused: bool = False
    freezes: Freezes = field(default_factory=Freezes)
    passed: tuple[str, ...] = ()
    trace: Trace | None = None

    @property
    def is_final(self) -> bool:
        """Whether the run has ended. It may still have pending effects."""
        return self.phase in FINAL

    @property
    def entered(self) -> int:
        """How many stage executions it has entered, or closed unentered. Never goes down."""
        return self.executions - sum(one.is_collecting for one in self.stages)

    def execution(self, number: int) -> StageExecution | None:
        """The stage execution with this number; None when there is none."""
        return next((one for one in self.stages if one.number == number), None)

    @property
    def continued(self) -> Act | None:
        """Return the last promotion, retry or replay that started a stage; None if all started automatically."""
        return next((act for act in reversed(self.acts) if act.kind in CONTINUING), None)

    def latest(self, stage: str) -> StageExecution | None:
        """The latest execution of a stage; None when it has not begun."""
        return next((one for one in reversed(self.stages) if one.stage == stage), None)

    def with_execution(self, execution: StageExecution) -> "Run":
        """Return a copy in which the stage execution of the same number is replaced."""
        return replace(self, stages=tuple(execution if one.number == execution.number else one for one in self.stages))

    def with_node(self, of: NodeAddress, state: NodeState) -> "Run":
        """Return a copy with this state of a node; the run unchanged if it has no such stage execution."""
        execution = self.execution(of.execution)
        return self if execution is None else self.with_execution(execution.with_nodes({of.node: state}))
