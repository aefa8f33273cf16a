"""What a job that ended does to the state of its deployment. Pure; who writes it down stands in use_cases."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import DeploymentState, Stage, StageState, StageStatus, StateCode, deployed


@frozen
class Deed:
    """What a job did. application: `namespace/application`. reason: why it did not go well."""

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


def after(state: DeploymentState | None, deed: Deed) -> DeploymentState | None:
    """The deployment as the deed leaves it. What the runner wrote itself while it worked, it knew better: that stays.

    An errand changes nothing; what a destruction took away altogether stays away.
    """
    if state is None and deed.action is not JobKind.DEPLOY:
        return None
    before = state or DeploymentState(name=deed.deployment, release=deed.application)
    stage = deployed(before) or StageState()
    match deed.action:
        case JobKind.DEPLOY:
            return _with_stage(replace(before, release=deed.application), _after_deploy(stage, deed))
        case JobKind.SMOKE:
            return _with_stage(before, _judged(stage, deed, StateCode.OK, StateCode.TEST_FAILURE))
        case JobKind.DESTROY:
            return _with_stage(before, _after_destroy(stage, deed))
        case _:
            return before


def _with_stage(state: DeploymentState, stage: StageState) -> DeploymentState:
    return replace(state, stages={**state.stages, Stage.DEPLOY: stage})


def _after_deploy(stage: StageState, deed: Deed) -> StageState:
    if not deed.went_well:
        return replace(_judged(stage, deed, StateCode.OK, StateCode.FAILURE), version=stage.version or deed.version)
    if stage.version == deed.version and stage.code is StateCode.OK and stage.status is not None:
        return stage
    return replace(
        stage,
        version=deed.version,
        status=_status(deed, StateCode.OK),
        inputs=deed.inputs,
        calculated_inputs=deed.inputs,
        calculated_outputs=deed.outputs,
        providers=deed.providers,
    )


def _after_destroy(stage: StageState, deed: Deed) -> StageState:
    judged = _judged(stage, deed, StateCode.EMPTY, StateCode.DESTROY_FAILURE)
    return StageState(status=judged.status) if deed.went_well else judged


def _judged(stage: StageState, deed: Deed, good: StateCode, bad: StateCode) -> StageState:
    code = good if deed.went_well else bad
    return stage if stage.status is not None and stage.code is code else replace(stage, status=_status(deed, code))


def _status(deed: Deed, code: StateCode) -> StageStatus:
    return StageStatus(code=code, updated_at=deed.at, updated_by=deed.by, data=deed.reason)
