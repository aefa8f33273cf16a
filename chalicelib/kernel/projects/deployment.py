"""Recorded state of deployments, in Escape's model, and their history. Definitions are in definitions/.

A deployment has stages, a stage has the deployments that were made as its dependencies, and so on. A path
`root:child:grandchild` names one in this tree. The stage of the root in which the child lives is given separately;
deeper ones live in the stage `deploy`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.work import JobKind
from slipway_formats.frozen import frozen

MAX_DEPTH = 20
"""How deep deployments may be nested."""


class StateCode(StrEnum):
    """The status of a deployment's stage. Source: Escape core."""

    EMPTY = "empty"
    PENDING = "pending"
    RUNNING_PRE_STEP = "running_pre_step"
    RUNNING_MAIN_STEP = "running_main_step"
    RUNNING_POST_STEP = "running_post_step"
    FAILURE = "failure"
    OK = "ok"
    TEST_PENDING = "test_pending"
    RUNNING_TEST_STEP = "running_test_step"
    TEST_FAILURE = "test_failure"
    DESTROY_PENDING = "destroy_pending"
    DESTROY_AND_DELETE_PENDING = "destroy_and_delete_pending"
    RUNNING_PRE_DESTROY_STEP = "running_pre_destroy_step"
    RUNNING_MAIN_DESTROY_STEP = "running_main_destroy_step"
    RUNNING_POST_DESTROY_STEP = "running_post_destroy_step"
    DESTROY_FAILURE = "destroy_failure"


@frozen
class StageStatus:
    """Status of a stage, when and by whom it was set. data: what went wrong.

    instants: the texts in which a client sent instants, by field. unknown: fields that only clients know, as sent.
    """

    code: StateCode
    updated_at: datetime | None = None
    updated_by: str = ""
    data: object = ""
    try_again_at: datetime | None = None
    tried: int = 0
    instants: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, object] = field(default_factory=dict)


@frozen
class StageState:
    """One stage of a deployment: version, inputs, outputs, providers and dependencies.

    sensitive: names of inputs and outputs that readers do not see; None before they were looked up.
    unknown: fields that only clients know, as sent.
    """

    version: str = ""
    status: StageStatus | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    calculated_inputs: Mapping[str, object] = field(default_factory=dict)
    calculated_outputs: Mapping[str, object] = field(default_factory=dict)
    deployments: Mapping[str, DeploymentState] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    provides: tuple[str, ...] = ()
    sensitive: tuple[str, ...] | None = None
    unknown: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> StateCode:
        """The status code; when unset, OK if there is a version, else EMPTY."""
        if self.status is not None:
            return self.status.code
        return StateCode.OK if self.version else StateCode.EMPTY


@frozen
class DeploymentState:
    """State of a deployment. release: `namespace/application`, without a version. unknown: as of a stage."""

    name: str
    release: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    stages: Mapping[str, StageState] = field(default_factory=dict)
    unknown: Mapping[str, object] = field(default_factory=dict)


class DeploymentStage(StrEnum):
    """The stages of a deployment. BUILD: dependencies that were deployed for a build."""

    BUILD = "build"
    DEPLOY = "deploy"


@frozen
class Deployment:
    """A root deployment in an environment. state: None after it was deleted; its history is kept."""

    project: str
    environment: str
    name: str
    state: DeploymentState | None
    changed_at: datetime
    version: int = 0


@frozen
class Change:
    """One entry of a deployment's history, with the state after it. id: of the job, if a job made it.

    action: None when a client wrote the state itself. went_well: whether the job succeeded. version: of the deployment
    after the change.
    """

    id: str
    at: datetime
    version: int = 0
    by: str
    action: JobKind | None = None
    went_well: bool = True
    run: str = ""
    release: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    state: DeploymentState | None = None


def changed(deployment: Deployment, change: Change) -> tuple[Deployment, Change]:
    """Apply a change to a deployment. Its time is moved forward if it lies before that of the previous change."""
    at = max(change.at, deployment.changed_at)
    left = replace(deployment, state=change.state, changed_at=at)
    return left, replace(change, at=at, version=deployment.version + 1)


@frozen
class NodePath:
    """A path to a deployment in a tree. names: from the root. root_stage: the root's stage with its child."""

    names: tuple[str, ...]
    root_stage: DeploymentStage | None = None


def placed(root: DeploymentState | None, path: NodePath, state: DeploymentState) -> DeploymentState:
    """Put a state at a path of the tree. Missing deployments on the way are created. Faults: Invalid."""
    _refuse_path(path, state)
    first, *rest = path.names
    if not rest:
        return replace(state, name=first)
    stages = (path.root_stage or DeploymentStage.DEPLOY, *(DeploymentStage.DEPLOY for _ in rest[1:]))
    return _planted(root or DeploymentState(name=first), tuple(zip(stages, rest, strict=True)), state)


def at_path(root: DeploymentState | None, path: NodePath) -> DeploymentState | None:
    """The state at a path of the tree; None where nothing is."""
    found, stage = root, path.root_stage or DeploymentStage.DEPLOY
    for name in path.names[1:]:
        around = found.stages.get(stage) if found is not None else None
        found, stage = (around.deployments.get(name) if around is not None else None), DeploymentStage.DEPLOY
    return found


def deployed(state: DeploymentState | None) -> StageState | None:
    """The deploy stage of a deployment; None without one."""
    return state.stages.get(DeploymentStage.DEPLOY) if state is not None else None


def running_version(state: DeploymentState | None) -> str | None:
    """The deployed version; None when nothing is deployed."""
    stage = deployed(state)
    return stage.version if stage is not None and stage.version else None


def providers_in(states: Sequence[DeploymentState]) -> Mapping[str, tuple[str, ...]]:
    """Names of the root deployments of an environment that provide each interface."""
    found: dict[str, tuple[str, ...]] = {}
    for state in states:
        stage = deployed(state)
        for interface in stage.provides if stage is not None else ():
            found[interface] = (*found.get(interface, ()), state.name)
    return found


def summary(state: DeploymentState) -> DeploymentState:
    """A copy reduced to name, release, and version and status of each stage."""
    stages = {
        name: StageState(version=stage.version, status=stage.status or StageStatus(code=stage.code))
        for name, stage in state.stages.items()
    }
    return DeploymentState(name=state.name, release=state.release, stages=stages)


def _refuse_path(path: NodePath, state: DeploymentState) -> None:
    if not path.names or not all(path.names):
        raise Invalid.single("path", "should be names joined by colons")
    if len(path.names) > MAX_DEPTH:
        raise Invalid.single("path", f"is over {MAX_DEPTH} deployments deep")
    if len(path.names) > 1 and path.root_stage is None:
        raise Invalid.single("root_stage", "is required below the root: build or deploy")
    if not state.name:
        raise Invalid.single("state", f"needs the name {path.names[-1]}, the last of the path")
    if state.name != path.names[-1]:
        raise Invalid.single("state.name", f"should be {path.names[-1]}, the last name of the path")


def _planted(
    around: DeploymentState, way: tuple[tuple[DeploymentStage, str], ...], state: DeploymentState
) -> DeploymentState:
    (stage_name, name), *rest = way
    stage = around.stages.get(stage_name, StageState())
    inner = stage.deployments.get(name, DeploymentState(name=name))
    grown = _planted(inner, tuple(rest), state) if rest else replace(state, name=name)
    deployments = {**stage.deployments, name: grown}
    return replace(around, stages={**around.stages, stage_name: replace(stage, deployments=deployments)})
