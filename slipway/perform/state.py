"""Deployments in the State Service: a tree that is changed during the work and saved node by node.

The only mutable records here: they mirror the service's state. Who changes them and when: sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from slipway.plan.release import Value
from slipway_formats.release import Scope

DEPLOYMENT_FIELDS = frozenset({"name", "release", "inputs", "stages"})
STAGE_FIELDS = frozenset({
    "inputs", "calculated_inputs", "calculated_outputs", "deployments", "providers", "provides", "sensitive", "version",
    "status",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An environment of a project."""

    project: str
    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A deployment to save, at a path (`root:child`) below a root. root_stage: blank for the root itself."""

    root: str
    path: str
    root_stage: str
    state: Mapping[str, Any]


class States(Protocol):
    """Where deployments are stored. All methods raise StatesError."""

    def load(self, place: Place) -> Mapping[str, Any]:
        """Return the environment with all its deployments; empty when there are none."""
        ...

    def put(self, place: Place, node: Node) -> None:
        """Save one deployment with its nested ones."""
        ...

    def delete(self, place: Place, deployment: str) -> None:
        """Delete a root deployment."""
        ...


@dataclass(slots=True, kw_only=True)
class StageState:
    """A deployment's state in one scope. inputs: given by users. status: as in the service.

    sensitive: names of sensitive values, which the service cannot look up before the release is registered. unknown:
    fields that other clients wrote.
    """

    inputs: dict[str, Value] = field(default_factory=dict)
    calculated_inputs: dict[str, Value] = field(default_factory=dict)
    calculated_outputs: dict[str, Value] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    provides: list[str] = field(default_factory=list)
    sensitive: list[str] = field(default_factory=list)
    version: str = ""
    status: dict[str, Value] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the stage as the service takes it, without empty fields."""
        below = {name: child.to_json() for name, child in self.deployments.items()}
        whole: dict[str, Any] = {
            "inputs": self.inputs, "calculated_inputs": self.calculated_inputs,
            "calculated_outputs": self.calculated_outputs, "deployments": below, "providers": self.providers,
            "provides": self.provides, "sensitive": self.sensitive, "version": self.version, "status": self.status,
        }  # fmt: skip
        return self.unknown | {key: value for key, value in whole.items() if value}


@dataclass(slots=True, kw_only=True, eq=False)
class Deployment:
    """One deployment. parent: with the scope in which this one is nested. unknown: as of a stage."""

    name: str
    release: str
    environment: Environment
    parent: tuple[Deployment, Scope] | None = None
    inputs: dict[str, Value] = field(default_factory=dict)
    stages: dict[str, StageState] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Return the names from the root to this deployment: `root:child`."""
        return f"{self.parent[0].path}:{self.name}" if self.parent is not None else self.name

    def stage(self, scope: Scope) -> StageState:
        """Return the state in a scope, created on first use."""
        return self.stages.setdefault(scope.value, StageState())

    def child(self, scope: Scope, name: str, release: str) -> Deployment:
        """Return the nested deployment with this name, created on first use."""
        below = self.stage(scope).deployments
        if name not in below:
            fresh = Deployment(name=name, release=release, environment=self.environment, parent=(self, scope))
            below[name] = fresh
        below[name].release = release
        return below[name]

    def lineage(self, scope: Scope) -> Iterator[tuple[Deployment, StageState]]:
        """Yield the deployments from the root to this one, each with the stage that leads here."""
        if self.parent is not None:
            yield from self.parent[0].lineage(self.parent[1])
        yield self, self.stage(scope)

    def given_inputs(self, scope: Scope) -> dict[str, Value]:
        """Return the given inputs. Later ones win: environment, then deployment and stage from the root down."""
        given = dict(self.environment.inputs)
        for deployment, stage in self.lineage(scope):
            given |= deployment.inputs | stage.inputs
        return given

    def known_providers(self, scope: Scope) -> dict[str, str]:
        """Return the provider's path for each variable. The nearest one wins."""
        return {name: path for _, stage in self.lineage(scope) for name, path in stage.providers.items()}

    def set_status(self, scope: Scope, status: str, data: str = "") -> None:
        """Set the status and save."""
        now, user = self.environment.clock(), self.environment.user
        stage = self.stage(scope)
        stage.status = {"status": status, "updated_at": now.isoformat().replace("+00:00", "Z"), "updated_by": user}
        if data:
            stage.status["data"] = data
        self.save()

    def save(self) -> None:
        """Save this deployment with its nested ones."""
        root = self.root()
        stage = next((scope for node, scope in self._ancestry() if node is root), None)
        node = Node(
            root=root.name, path=self.path, root_stage=stage.value if stage is not None else "", state=self.to_json()
        )
        self.environment.states.put(self.environment.place, node)

    def root(self) -> Deployment:
        """Return the root deployment."""
        return self.parent[0].root() if self.parent is not None else self

    def to_json(self) -> dict[str, Any]:
        """Return the deployment as the service takes it, without empty fields."""
        stages = {name: stage.to_json() for name, stage in self.stages.items()}
        whole: dict[str, Any] = {"release": self.release, "inputs": self.inputs, "stages": stages}
        return {**self.unknown, "name": self.name, **{key: value for key, value in whole.items() if value}}

    def _ancestry(self) -> Iterator[tuple[Deployment, Scope]]:
        if self.parent is not None:
            yield self.parent
            yield from self.parent[0]._ancestry()


@dataclass(slots=True, kw_only=True, eq=False)
class Environment:
    """The deployments of an environment, as read from its state. user: recorded as the author of changes."""

    place: Place
    states: States
    clock: Callable[[], datetime]
    user: str = ""
    inputs: dict[str, Value] = field(default_factory=dict)
    deployments: dict[str, Deployment] = field(default_factory=dict)

    def deployment(self, name: str, release: str) -> Deployment:
        """Return the root deployment with this name, created on first use."""
        if name not in self.deployments:
            self.deployments[name] = Deployment(name=name, release=release, environment=self)
        self.deployments[name].release = release
        return self.deployments[name]

    def providers_of(self, interface: str) -> tuple[str, ...]:
        """Return the root deployments that provide an interface."""
        return tuple(
            name
            for name, deployment in self.deployments.items()
            if Scope.DEPLOY in deployment.stages and interface in deployment.stage(Scope.DEPLOY).provides
        )

    def find(self, path: str, scope: Scope = Scope.DEPLOY) -> Deployment | None:
        """Return the deployment at a path, or None.

        scope: the root's stage in which its children are looked up first.
        """
        root, *names = path.split(":")
        found = self.deployments.get(root)
        if not names or found is None:
            return found
        starts = [found.stages.get(stage) for stage in dict.fromkeys((scope.value, Scope.DEPLOY.value))]
        below = (start.deployments.get(names[0]) for start in starts if start is not None)
        found = next((child for child in below if child is not None), None)
        for name in names[1:]:
            found = found.stage(Scope.DEPLOY).deployments.get(name) if found is not None else None
        return found


def load(place: Place, states: States, clock: Callable[[], datetime], user: str = "") -> Environment:
    """Return the environment as it is in the service. Faults: StatesError."""
    raw = states.load(place)
    environment = Environment(place=place, states=states, clock=clock, user=user, inputs=dict(raw.get("inputs") or {}))
    for name, known in (raw.get("deployments") or {}).items():
        environment.deployments[name] = _deployment(name, known or {}, environment, None)
    return environment


def _deployment(
    name: str, raw: Mapping[str, Any], environment: Environment, parent: tuple[Deployment, Scope] | None
) -> Deployment:
    deployment = Deployment(
        name=name, release=raw.get("release") or name, environment=environment, parent=parent,
        inputs=dict(raw.get("inputs") or {}),
        unknown={key: value for key, value in raw.items() if key not in DEPLOYMENT_FIELDS},
    )  # fmt: skip
    for stage, known in (raw.get("stages") or {}).items():
        if stage in {*Scope}:
            deployment.stages[stage] = _stage(known or {}, deployment, Scope(stage))
    return deployment


def _stage(raw: Mapping[str, Any], deployment: Deployment, scope: Scope) -> StageState:
    below = raw.get("deployments") or {}
    return StageState(
        inputs=dict(raw.get("inputs") or {}), calculated_inputs=dict(raw.get("calculated_inputs") or {}),
        calculated_outputs=dict(raw.get("calculated_outputs") or {}), providers=dict(raw.get("providers") or {}),
        provides=list(raw.get("provides") or ()), version=raw.get("version") or "",
        status=dict(raw.get("status") or {}),
        unknown={key: value for key, value in raw.items() if key not in STAGE_FIELDS},
        deployments={
            name: _deployment(name, known or {}, deployment.environment, (deployment, scope))
            for name, known in below.items()
        },
    )  # fmt: skip
