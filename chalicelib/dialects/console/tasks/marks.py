"""How tasks, their pipelines and their pods are shown, by how they stand."""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.kernel.workloads.pods import PodPhase
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.use_cases.task_pipelines.views import PipelineStatus

TASKS: Mapping[WorkloadStatus, Mark] = MappingProxyType(
    {
        WorkloadStatus.PENDING: Mark(shape="○", tone="wait", word="pending"),
        WorkloadStatus.DEPLOYING: Mark(shape="●", tone="busy", word="deploying"),
        WorkloadStatus.RUNNING: Mark(shape="●", tone="busy", word="running"),
        WorkloadStatus.SUCCEEDED: Mark(shape="✓", tone="ok", word="succeeded"),
        WorkloadStatus.FAILED: Mark(shape="✗", tone="bad", word="failed"),
        WorkloadStatus.KILLED: Mark(shape="■", tone="off", word="killed"),
        WorkloadStatus.ERROR: Mark(shape="!", tone="bad", word="error"),
        WorkloadStatus.DELETED: Mark(shape="■", tone="off", word="deleted"),
        WorkloadStatus.SCHEDULED: Mark(shape="◷", tone="wait", word="scheduled"),
        WorkloadStatus.AVAILABLE: Mark(shape="✓", tone="ok", word="available"),
    }
)
PIPELINES: Mapping[PipelineStatus, Mark] = MappingProxyType(
    {
        PipelineStatus.PENDING: Mark(shape="○", tone="wait", word="pending"),
        PipelineStatus.RUNNING: Mark(shape="●", tone="busy", word="running"),
        PipelineStatus.SUCCEEDED: Mark(shape="✓", tone="ok", word="succeeded"),
        PipelineStatus.FAILED: Mark(shape="✗", tone="bad", word="failed"),
        PipelineStatus.KILLING: Mark(shape="◌", tone="busy", word="stopping"),
        PipelineStatus.KILLED: Mark(shape="■", tone="off", word="killed"),
        PipelineStatus.ERROR: Mark(shape="!", tone="bad", word="error"),
    }
)
PODS: Mapping[PodPhase, Mark] = MappingProxyType(
    {
        PodPhase.PENDING: Mark(shape="○", tone="wait", word="pending"),
        PodPhase.RUNNING: Mark(shape="●", tone="busy", word="running"),
        PodPhase.SUCCEEDED: Mark(shape="✓", tone="ok", word="succeeded"),
        PodPhase.FAILED: Mark(shape="✗", tone="bad", word="failed"),
        PodPhase.UNKNOWN: Mark(shape="·", tone="off", word="not known"),
    }
)
