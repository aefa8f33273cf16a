"""What is to be done: a plan, compiled once when a run is asked for. What became of it stands in engine/run.py."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.work import DefinitionKind, Work


class Promotion(StrEnum):
    """How a run gets into a stage once the one before it went well."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Concurrency(StrEnum):
    """How the runs of one definition stand to one another."""

    PARALLEL = "parallel"
    QUEUE = "queue"
    SUPERSEDE = "supersede"


@frozen
class Policy:
    """How a node is treated. attempts: at least 1. backoff: before the second attempt, doubled for each later one."""

    ignore_failure: bool = False
    run_on_failure: bool = False
    precondition: str | None = None
    timeout: timedelta | None = None
    attempts: int = 1
    backoff: timedelta = timedelta(0)
    quorum: int = 1


@frozen
class Node:
    """A gate or a step. key: unique in its stage. needs: keys of steps of the stage. group: the key of its group."""

    key: str
    name: str
    work: Work
    description: str = ""
    needs: tuple[str, ...] = ()
    group: str | None = None
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Gates in order, then steps as a graph. promotion: how a run gets into this stage. exclusive: locks it."""

    key: str
    name: str
    environment: str | None = None
    gates: tuple[Node, ...] = ()
    steps: tuple[Node, ...] = ()
    promotion: Promotion = Promotion.AUTOMATIC
    exclusive: bool = False

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every gate and step, in plan order."""
        return self.gates + self.steps

    @cached_property
    def by_key(self) -> Mapping[str, Node]:
        """The gates and steps by their keys."""
        return {node.key: node for node in self.nodes}

    @cached_property
    def inside(self) -> Mapping[str | None, tuple[Node, ...]]:
        """The direct steps of each group, in plan order; None is the stage itself."""
        found: dict[str | None, list[Node]] = {None: []}
        for node in self.steps:
            found.setdefault(node.group, []).append(node)
        return {group: tuple(nodes) for group, nodes in found.items()}

    def node(self, key: str) -> Node | None:
        """The gate or step of that key."""
        return self.by_key.get(key)

    def around(self, node: Node) -> Iterator[Node]:
        """The groups around a step, from the innermost."""
        while node.group is not None:
            node = self.by_key[node.group]
            yield node


@frozen
class DefinitionRef:
    """Which definition a run is of. environment: empty where the kind has none."""

    kind: DefinitionKind
    project: str
    environment: str = ""
    name: str


@frozen
class Parent:
    """The node of another run that waits for this one."""

    run: str
    execution: int
    node: str
    attempt: int
    waits: bool = True


@frozen
class Train:
    """What runs supersede one another in, and the place in it. number: younger is higher."""

    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one run does, and on whose word. stages: in order, keys unique.

    ordered: a stage may be entered only after the one before it went well.
    snapshot: the definition as it was, for those who show it.
    """

    id: str
    definition: DefinitionRef
    number: int
    started_by: str
    created_at: datetime
    stages: tuple[Stage, ...]
    concurrency: Concurrency = Concurrency.PARALLEL
    train: Train | None = None
    ordered: bool = True
    parent: Parent | None = None
    trigger: str = "request"
    inputs: Mapping[str, object] = field(default_factory=dict)
    snapshot: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def by_key(self) -> Mapping[str, Stage]:
        """The stages by their keys."""
        return {stage.key: stage for stage in self.stages}

    def after(self, key: str) -> tuple[Stage, ...]:
        """The stages that follow this one."""
        keys = [stage.key for stage in self.stages]
        return self.stages[keys.index(key) + 1 :]

    def before(self, key: str) -> Stage | None:
        """The stage that this one follows."""
        keys = [stage.key for stage in self.stages]
        place = keys.index(key)
        return self.stages[place - 1] if place else None
