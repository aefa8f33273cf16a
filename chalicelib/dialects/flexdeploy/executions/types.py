"""FlexDeploy's types of gates and steps, of each kind of work that a plan has."""

from enum import StrEnum
from typing import assert_never

from chalicelib.kernel.plans.plan import Node
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    DefinitionKind,
    ExternalApproval,
    Group,
    Impossible,
    Job,
    JobKind,
    ManualTask,
    Noop,
    Notify,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    Wait,
    Windows,
)


class GateType(StrEnum):
    """The types of a gate."""

    APPROVAL = "STAGE_APPROVAL_GATE"
    SCHEDULED = "STAGE_SCHEDULED_GATE"
    EXTERNAL_APPROVAL = "STAGE_EXT_APPROVAL_GATE"
    TEST = "STAGE_TEST_GATE"


class StepType(StrEnum):
    """The types of a step."""

    SCHEDULED = "STAGE_SCHEDULED_STEP"
    GROUP = "STAGE_GROUP_STEP"
    DEPLOY = "STAGE_DEPLOY_STEP"
    DEPLOY_ALL = "STAGE_DEPLOY_ALL_STEP"
    UTILITY = "STAGE_UTILITY_WF_STEP"
    UTILITY_ALL = "STAGE_EXEC_ALL_UTILITY_STEP"
    EXECUTE_ALL = "STAGE_EXECUTE_ALL_STEP"
    TEST = "STAGE_TEST_STEP"
    TEST_ALL = "STAGE_TEST_ALL_STEP"
    MANUAL = "STAGE_MANUAL_STEP"
    WAIT = "STAGE_WAIT_STEP"
    NOTIFICATION = "STAGE_NOTIFICATION_STEP"


DEPLOYING = frozenset({JobKind.DEPLOY, JobKind.SCRIPT})
"""Jobs that deploy: a script is what a target of BuildMaster's is deployed by."""


def gate_type(gate: Node) -> GateType:
    """Return the type of a gate."""
    match gate.work:
        case ExternalApproval():
            return GateType.EXTERNAL_APPROVAL
        case TestResults():
            return GateType.TEST
        case Schedule() | Windows() | Wait():
            return GateType.SCHEDULED
        case _:
            return GateType.APPROVAL


def step_type(step: Node) -> StepType:
    """Return the type of a step."""
    match step.work:
        case Approval() | ManualTask() | ExternalApproval() | TestResults():
            return StepType.MANUAL
        case Schedule() | Windows():
            return StepType.SCHEDULED
        case Wait():
            return StepType.WAIT
        case Notify():
            return StepType.NOTIFICATION
        case Group():
            return StepType.GROUP
        case Job(kind=kind):
            return _of_job(kind)
        case RunDefinition(kind=kind, action=action):
            return _of_job(action) if kind is DefinitionKind.DEPLOYMENT_JOB else StepType.UTILITY
        case CallWebhook() | TagRelease() | Impossible() | Noop():
            return StepType.UTILITY
        case _:
            assert_never(step.work)


def _of_job(kind: JobKind | None) -> StepType:
    if kind in DEPLOYING:
        return StepType.DEPLOY
    return StepType.TEST if kind is JobKind.SMOKE else StepType.UTILITY
