"""What people are told of a workload: from its record, its run and its pods."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.workloads.pods import ENDED, Pod, PodPhase, PodReport, lease_of, ready_pods
from chalicelib.kernel.workloads.workload import GONE, Workload, WorkloadPhase
from slipway_formats.workloads.manifest import WorkloadKind


class WorkloadStatus(StrEnum):
    """The status of a workload."""

    PENDING = "pending"
    DEPLOYING = "deploying"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    KILLED = "killed"
    ERROR = "error"
    DELETED = "deleted"
    SCHEDULED = "scheduled"
    AVAILABLE = "available"


_OF_RUN = {
    Phase.SUCCEEDED: WorkloadStatus.SUCCEEDED,
    Phase.FAILED: WorkloadStatus.FAILED,
    Phase.CANCELLED: WorkloadStatus.KILLED,
    Phase.REJECTED: WorkloadStatus.FAILED,
}


def status_of(workload: Workload, run: Run | None, report: PodReport | None) -> WorkloadStatus:
    """Return the status of a workload. run: its latest, None before there is one. report: of its pods, as known."""
    if workload.phase in GONE:
        return WorkloadStatus.DELETED
    if workload.phase is WorkloadPhase.REFUSED:
        return WorkloadStatus.ERROR
    if workload.kind is WorkloadKind.CRONJOB:
        return WorkloadStatus.SCHEDULED
    if run is None:
        return WorkloadStatus.PENDING
    if run.is_final:
        return _OF_RUN.get(run.phase, WorkloadStatus.ERROR)
    if report is None:
        return WorkloadStatus.PENDING
    if not workload.lasts:
        return WorkloadStatus.RUNNING
    return WorkloadStatus.AVAILABLE if is_available(workload, report) else WorkloadStatus.DEPLOYING


def is_available(workload: Workload, report: PodReport | None) -> bool:
    """Whether as many pods are ready as the manifest wants."""
    return workload.manifest is not None and len(ready_pods(report)) >= workload.manifest.replicas


def as_known(report: PodReport, job: Job | None, now: datetime) -> PodReport:
    """Return the report as far as it holds: of pods whose runner holds their job no more it is not known what they do.

    job: of the report, as it is now.
    """
    lease = job.lease if job is not None and job.phase is JobPhase.LEASED else None
    if lease is not None and lease.number == lease_of(report.sequence) and now < lease.until:
        return report
    return replace(report, pods=tuple(pod if pod.phase in ENDED else _lost(pod) for pod in report.pods))


def _lost(pod: Pod) -> Pod:
    return replace(pod, phase=PodPhase.UNKNOWN, ready=False, address="")
