"""How the result of a finished job changes the recorded state of its deployment. use_cases stores it."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime

from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import (
    DeploymentStage,
    DeploymentState,
    StageState,
    StageStatus,
    StateCode,
    deployed,
)
from slipway_formats.frozen import frozen


@frozen
class JobResult:
    """What a finished job did to a deployment. application: `namespace/application`. reason: why it failed."""

    action: JobKind
    deployment: str
    application: str
    version: str
    went_well: bool
    at: datetime
    by: str
    reason: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)


def after(state: DeploymentState | None, result: JobResult) -> DeploymentState | None:
    """Compute the state of the deployment after a job. None: there is no such deployment, and none is created.

    State that the runner already wrote while it worked takes precedence. An errand changes nothing. Only a deploy
    creates a deployment, so one that a destroy job removed is not recreated.
    """
    if state is None and result.action is not JobKind.DEPLOY:
        return None
    before = state or DeploymentState(name=result.deployment, release=result.application)
    stage = deployed(before) or StageState()
    match result.action:
        case JobKind.DEPLOY:
            return _with_stage(replace(before, release=result.application), _after_deploy(stage, result))
        case JobKind.SMOKE:
            return _with_stage(before, _judged(stage, result, StateCode.OK, StateCode.TEST_FAILURE))
        case JobKind.DESTROY:
            return _with_stage(before, _after_destroy(stage, result))
        case _:
            return before


def _with_stage(state: DeploymentState, stage: StageState) -> DeploymentState:
    return replace(state, stages={**state.stages, DeploymentStage.DEPLOY: stage})


def _after_deploy(stage: StageState, result: JobResult) -> StageState:
    if not result.went_well:
        return replace(_judged(stage, result, StateCode.OK, StateCode.FAILURE), version=stage.version or result.version)
    if stage.version == result.version and stage.code is StateCode.OK and stage.status is not None:
        return stage
    return replace(
        stage,
        version=result.version,
        status=_status(result, StateCode.OK),
        inputs=result.inputs,
        calculated_inputs=result.inputs,
        calculated_outputs=result.outputs,
        providers=result.providers,
    )


def _after_destroy(stage: StageState, result: JobResult) -> StageState:
    judged = _judged(stage, result, StateCode.EMPTY, StateCode.DESTROY_FAILURE)
    return StageState(status=judged.status) if result.went_well else judged


def _judged(stage: StageState, result: JobResult, good: StateCode, bad: StateCode) -> StageState:
    code = good if result.went_well else bad
    return stage if stage.status is not None and stage.code is code else replace(stage, status=_status(result, code))


def _status(result: JobResult, code: StateCode) -> StageStatus:
    return StageStatus(code=code, updated_at=result.at, updated_by=result.by, data=result.reason)
