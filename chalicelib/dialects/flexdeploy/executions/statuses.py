"""FlexDeploy's words for the phases of gates, steps, stages and pipelines: pure tables."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from chalicelib.kernel.engine.phase import BAD, Phase
from chalicelib.kernel.plans.plan import Node
from chalicelib.kernel.plans.work import TestResults


class GateStatus(StrEnum):
    """How far a gate is."""

    RUNNING = "RUNNING"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    SCHEDULED = "SCHEDULED"
    PRECOND_SKIPPED = "PRECOND_SKIPPED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"
    OUT_OF_DATE = "OUT_OF_DATE"
    REJECTED = "REJECTED"
    ABORTED = "ABORTED"
    SUCCESSFUL = "SUCCESSFUL"


class StepStatus(StrEnum):
    """How far a step is."""

    RUNNING = "RUNNING"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    SCHEDULED = "SCHEDULED"
    PRECOND_SKIPPED = "PRECOND_SKIPPED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"
    ABORTED = "ABORTED"
    SUCCESSFUL = "SUCCESSFUL"


class StageStatus(StrEnum):
    """How far a stage execution is."""

    RUNNING_GATES = "RUNNING_GATES"
    GATES_COMPLETED = "GATES_COMPLETED"
    RUNNING_STEPS = "RUNNING_STEPS"
    FAILED = "FAILED"
    OUT_OF_DATE = "OUT_OF_DATE"
    REJECTED = "REJECTED"
    GATES_FAILED = "GATES_FAILED"
    ABORTED = "ABORTED"
    SUCCESSFUL = "SUCCESSFUL"
    SKIPPED = "SKIPPED"


class PipelineStatus(StrEnum):
    """How far a pipeline execution is."""

    RUNNING = "RUNNING"
    FAILED = "FAILED"
    ABORTED = "ABORTED"
    OUT_OF_DATE = "OUT_OF_DATE"
    SUCCESSFUL = "SUCCESSFUL"


GATES: Mapping[Phase, GateStatus] = {
    Phase.WAITING_PERSON: GateStatus.PENDING_APPROVAL,
    Phase.WAITING_TIME: GateStatus.SCHEDULED,
    Phase.SUCCEEDED: GateStatus.SUCCESSFUL,
    Phase.FAILED: GateStatus.FAILED,
    Phase.BROKEN: GateStatus.FAILED,
    Phase.REJECTED: GateStatus.REJECTED,
    Phase.SKIPPED: GateStatus.PRECOND_SKIPPED,
    Phase.OVERRIDDEN: GateStatus.SKIPPED,
    Phase.CANCELLED: GateStatus.ABORTED,
    Phase.SUPERSEDED: GateStatus.OUT_OF_DATE,
}
STEPS: Mapping[Phase, StepStatus] = {
    Phase.WAITING_PERSON: StepStatus.PENDING_APPROVAL,
    Phase.WAITING_TIME: StepStatus.SCHEDULED,
    Phase.SUCCEEDED: StepStatus.SUCCESSFUL,
    Phase.FAILED: StepStatus.FAILED,
    Phase.BROKEN: StepStatus.FAILED,
    # A rejected step is one that failed: only gates are rejected.
    Phase.REJECTED: StepStatus.FAILED,
    Phase.SKIPPED: StepStatus.PRECOND_SKIPPED,
    Phase.OVERRIDDEN: StepStatus.SKIPPED,
    Phase.CANCELLED: StepStatus.ABORTED,
    Phase.SUPERSEDED: StepStatus.ABORTED,
}
STAGES: Mapping[Phase, StageStatus] = {
    Phase.NEW: StageStatus.RUNNING_GATES,
    Phase.GATES: StageStatus.RUNNING_GATES,
    Phase.WAITING_PERSON: StageStatus.GATES_COMPLETED,
    Phase.WAITING_TIME: StageStatus.GATES_COMPLETED,
    Phase.WAITING_LOCK: StageStatus.GATES_COMPLETED,
    Phase.PASSING: StageStatus.GATES_COMPLETED,
    Phase.SUCCEEDED: StageStatus.SUCCESSFUL,
    Phase.FAILED: StageStatus.FAILED,
    Phase.BROKEN: StageStatus.FAILED,
    Phase.REJECTED: StageStatus.FAILED,
    Phase.SKIPPED: StageStatus.SKIPPED,
    Phase.OVERRIDDEN: StageStatus.SKIPPED,
    Phase.CANCELLED: StageStatus.ABORTED,
    Phase.SUPERSEDED: StageStatus.OUT_OF_DATE,
}
"""Of phases that are not here the steps run. What its gates say of a stage counts before this."""

PIPELINES: Mapping[Phase, PipelineStatus] = {
    Phase.SUCCEEDED: PipelineStatus.SUCCESSFUL,
    Phase.SKIPPED: PipelineStatus.SUCCESSFUL,
    Phase.OVERRIDDEN: PipelineStatus.SUCCESSFUL,
    Phase.FAILED: PipelineStatus.FAILED,
    Phase.BROKEN: PipelineStatus.FAILED,
    Phase.REJECTED: PipelineStatus.FAILED,
    Phase.CANCELLED: PipelineStatus.ABORTED,
    Phase.SUPERSEDED: PipelineStatus.OUT_OF_DATE,
}
OF_FAILED_GATES: Mapping[Phase, StageStatus] = {
    Phase.REJECTED: StageStatus.REJECTED,
    Phase.FAILED: StageStatus.GATES_FAILED,
    Phase.BROKEN: StageStatus.GATES_FAILED,
}


def gate_status(phase: Phase, gate: Node) -> GateStatus:
    """Return the status of a gate. One that waits for test results waits for nobody's approval."""
    if phase is Phase.WAITING_PERSON and isinstance(gate.work, TestResults):
        return GateStatus.RUNNING
    return GATES.get(phase, GateStatus.RUNNING)


def step_status(phase: Phase) -> StepStatus:
    """Return the status of a step."""
    return STEPS.get(phase, StepStatus.RUNNING)


def stage_status(phase: Phase, gates: Iterable[Phase], *, has_steps: bool) -> StageStatus:
    """Return the status of a stage. gates: how far those are that were reached. has_steps: one of its steps began."""
    if phase in BAD & OF_FAILED_GATES.keys():
        return next((OF_FAILED_GATES[gate] for gate in gates if gate in OF_FAILED_GATES), STAGES[phase])
    if phase is Phase.STOPPING and not has_steps:
        return StageStatus.RUNNING_GATES
    return STAGES.get(phase, StageStatus.RUNNING_STEPS)


def pipeline_status(phase: Phase) -> PipelineStatus:
    """Return the status of a pipeline execution."""
    return PIPELINES.get(phase, PipelineStatus.RUNNING)
