"""Plans: what a run does, compiled once when the run is created. The run's state: engine/run.py."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from chalicelib.kernel.plans.work import Approval, DefinitionKind, ExternalApproval, ManualTask, Work
from slipway_formats.frozen import frozen


class Promotion(StrEnum):
    """How a run enters a stage after the stage before it succeeded."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Concurrency(StrEnum):
    """Whether runs of one definition run in parallel, queue, or supersede older ones."""

    PARALLEL = "parallel"
    QUEUE = "queue"
    SUPERSEDE = "supersede"


class OverriddenBy(StrEnum):
    """Who may override a gate: the owners of the project, or those whom the gate names and admins."""

    OWNERS = "owners"
    DECIDERS = "deciders"


@frozen
class Policy:
    """Retry, timeout and failure rules of a node. attempts: at least 1. backoff: doubles after each attempt.

    run_on_failure: it runs where others have failed. run_on_cancel: also where the run is cancelled, to clean up.
    """

    ignore_failure: bool = False
    run_on_failure: bool = False
    run_on_cancel: bool = False
    precondition: str | None = None
    timeout: timedelta | None = None
    attempts: int = 1
    backoff: timedelta = timedelta(0)
    quorum: int = 1


@frozen
class DecidedBy:
    """Who decides about a node, or overrides it: these users, members of these teams; without any, admins alone.

    all_teams: somebody of each team must approve.
    """

    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    all_teams: bool = False


@frozen
class Node:
    """A gate or step. key: unique in its stage. needs: keys of steps in the stage. group: key of its group.

    decided_by: None for those whom its work names.
    """

    key: str
    name: str
    work: Work
    description: str = ""
    needs: tuple[str, ...] = ()
    group: str | None = None
    decided_by: DecidedBy | None = None
    policy: Policy = field(default_factory=Policy)

    @property
    def named(self) -> DecidedBy | None:
        """Who decides about the node: who was given to it, else whom its work names; None for whoever may write."""
        if self.decided_by is not None or not isinstance(self.work, Approval | ManualTask):
            return self.decided_by
        users, teams = ((one,) if one else () for one in (self.work.user, self.work.team))
        return DecidedBy(users=users, teams=teams) if users or teams else None

    @property
    def awaits_word(self) -> bool:
        """Whether persons decide about it: about what another system decides only where somebody is named for that."""
        is_external = isinstance(self.work, ExternalApproval) and self.decided_by is not None
        return is_external or isinstance(self.work, Approval | ManualTask)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Gates in order, then a graph of steps. promotion: how a run enters. exclusive: locks the environment.

    gates_in_order: each gate opens when those before it are passed; else all at once. names: what preconditions in it
    may name besides. apart: a run that passes it overtakes no other. retired: nodes that were begun, and are no longer
    in it since its pipeline was changed.
    """

    key: str
    name: str
    environment: str | None = None
    gates: tuple[Node, ...] = ()
    steps: tuple[Node, ...] = ()
    promotion: Promotion = Promotion.AUTOMATIC
    exclusive: bool = False
    gates_in_order: bool = True
    names: Mapping[str, object] = field(default_factory=dict)
    apart: bool = False
    retired: tuple[Node, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All gates and steps, in plan order."""
        return self.gates + self.steps

    @cached_property
    def by_key(self) -> Mapping[str, Node]:
        """Gates and steps by key, also those that are retired."""
        return {node.key: node for node in (*self.retired, *self.nodes)}

    @cached_property
    def inside(self) -> Mapping[str | None, tuple[Node, ...]]:
        """The direct steps of each group, in plan order; key None is the stage itself."""
        found: dict[str | None, list[Node]] = {None: []}
        for node in self.steps:
            found.setdefault(node.group, []).append(node)
        return {group: tuple(nodes) for group, nodes in found.items()}

    def node(self, key: str) -> Node | None:
        """The gate or step with this key; None when there is none."""
        return self.by_key.get(key)

    def around(self, node: Node) -> Iterator[Node]:
        """The groups that contain a step, innermost first."""
        while node.group is not None:
            node = self.by_key[node.group]
            yield node


@frozen
class DefinitionRef:
    """The definition that a run executes. environment: empty for kinds that have none."""

    kind: DefinitionKind
    project: str
    environment: str = ""
    name: str


@frozen
class NodeAddress:
    """One attempt at a node of a stage execution, in a run. Records about one extend it, and are stored flat."""

    execution: int
    node: str
    attempt: int

    @property
    def address(self) -> "NodeAddress":
        """Return the address of a record that extends it, without the rest of the record."""
        return NodeAddress(execution=self.execution, node=self.node, attempt=self.attempt)

    def as_fields(self) -> dict[str, Any]:
        """Return the address as keyword arguments for another record about the same attempt."""
        return {"execution": self.execution, "node": self.node, "attempt": self.attempt}


@frozen
class Parent(NodeAddress):
    """The node of the parent run that started this run. waits: whether it ends with this run."""

    run: str
    waits: bool = True


@frozen
class Train:
    """The sequence of runs in which newer runs supersede older ones. number: higher is newer.

    Only a plan whose pipeline supersedes has one.
    """

    name: str
    number: int


TRAVELS = frozenset({DefinitionKind.PIPELINE, DefinitionKind.TRAIN})


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one run does. stages: in order, keys unique. number: of the run, counted for its definition.

    ordered: a stage may only be entered after the one before it succeeded. snapshot: the definition at that time, for
    display. travels: the train whose snapshot goes through the stages, with that snapshot's id, whether or not its
    pipeline supersedes. redeploys: the run whose snapshot and inputs this one takes deliberately once more: it passes
    the watermark without moving it back, and is overtaken by none. begun_by: everybody who counts as having begun it,
    as `owner_key` and `writers_of` write them. retired: stages that were begun, and are no longer in it since its
    pipeline was changed. executions_from: integer id before that of its first stage execution; 0 where none is given.
    """

    id: str
    definition: DefinitionRef
    number: int
    started_by: str
    created_at: datetime
    stages: tuple[Stage, ...]
    concurrency: Concurrency = Concurrency.PARALLEL
    train: Train | None = None
    travels: Train | None = None
    ordered: bool = True
    overridden_by: OverriddenBy = OverriddenBy.OWNERS
    redeploys: str = ""
    parent: Parent | None = None
    trigger: str = "request"
    begun_by: tuple[str, ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict)
    snapshot: Mapping[str, object] = field(default_factory=dict)
    retired: tuple[Stage, ...] = ()
    executions_from: int = 0

    @cached_property
    def derived(self) -> dict[str, object]:
        """Hold what is worked out of the plan, by what it is: plans never change, and stay in memory for many reads."""
        return {}

    @cached_property
    def by_key(self) -> Mapping[str, Stage]:
        """Stages by key, also those that are retired."""
        return {stage.key: stage for stage in (*self.retired, *self.stages)}

    def is_retired(self, stage: str) -> bool:
        """Return True if a stage that was begun is no longer in the plan."""
        return any(one.key == stage for one in self.retired)

    @property
    def run_title(self) -> str:
        """How the audit log calls the run of this plan."""
        return f"{self.definition.kind} {self.definition.name} run {self.number}"

    @property
    def is_travel(self) -> bool:
        """Whether the run takes something through stages, so that its success is a fact which nothing turns later.

        A build or a job is run again under its own id, as State's protocol has it.
        """
        return self.definition.kind in TRAVELS

    def after(self, key: str) -> tuple[Stage, ...]:
        """The stages after this one."""
        keys = [stage.key for stage in self.stages]
        return self.stages[keys.index(key) + 1 :]

    def before(self, key: str) -> Stage | None:
        """The stage before this one; None for the first."""
        keys = [stage.key for stage in self.stages]
        place = keys.index(key)
        return self.stages[place - 1] if place else None
