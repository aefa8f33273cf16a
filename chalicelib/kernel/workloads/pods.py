"""Pods: running instances of a workload, as the runner that holds its job reports them."""

from datetime import datetime
from enum import StrEnum

from slipway_formats.frozen import frozen


class PodPhase(StrEnum):
    """The phase of a pod, in Kubernetes' words."""

    PENDING = "Pending"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


ENDED = frozenset({PodPhase.SUCCEEDED, PodPhase.FAILED})


@frozen
class Pod:
    """A pod. exit_code: of its last end. ready: its port answers. address: where, as its runner reaches it.

    reason: why it is not running, or not ready.
    """

    name: str
    phase: PodPhase
    started_at: datetime | None = None
    restarts: int = 0
    exit_code: int | None = None
    ready: bool = False
    address: str = ""
    image: str = ""
    node: str = ""
    reason: str = ""


@frozen
class PodReport:
    """All pods of one run of a workload. sequence: higher is newer. job: that its runner holds."""

    workload: str
    run: str
    job: str
    project: str
    environment: str
    sequence: int
    pods: tuple[Pod, ...]
    at: datetime


SEQUENCES = 1_000_000
"""More than the reports under one lease."""


def sequence_of(lease: int, number: int) -> int:
    """Return a report's sequence: by the number of its lease, then by its own."""
    return lease * SEQUENCES + min(number, SEQUENCES - 1)


def lease_of(sequence: int) -> int:
    """Return the number of the lease under which a report was made."""
    return sequence // SEQUENCES


def ready_pods(report: PodReport | None) -> tuple[Pod, ...]:
    """Return the pods that answer."""
    return tuple(pod for pod in report.pods if pod.ready) if report is not None else ()
