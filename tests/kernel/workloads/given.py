"""Valid workloads and pods."""

from datetime import datetime

from chalicelib.kernel.workloads.pods import Pod, PodPhase, PodReport
from chalicelib.kernel.workloads.transitions import settled
from chalicelib.kernel.workloads.workload import CodeSource, Workload
from slipway_formats.workloads.manifest import Manifest, Published, WorkloadKind
from tests.builders import NOON

SOURCE = CodeSource(repository="shop", directory="fibonacci", url="https://git.example/shop", branch="master")


def a_workload(number: int = 1, name: str = "") -> Workload:
    return Workload(
        id=f"W{number:025d}", project="web", environment="staging", namespace="Staging", given_name=name, by="ada",
        created_at=NOON, source=SOURCE,
    )  # fmt: skip


def a_manifest(kind: WorkloadKind = WorkloadKind.JOB, name: str = "fibonacci") -> Manifest:
    return Manifest(
        kind=kind,
        name=name,
        cmd=("sleep", "9"),
        schedule="*/5 * * * *" if kind is WorkloadKind.CRONJOB else "",
        container_port=5000 if kind is WorkloadKind.SERVICE else 0,
        published=Published(prefix=f"/{name}/") if kind is WorkloadKind.SERVICE else None,
    )


def a_settled(
    kind: WorkloadKind = WorkloadKind.JOB, number: int = 1, name: str = "fibonacci", now: datetime = NOON
) -> Workload:
    return settled(a_workload(number), a_manifest(kind, name), "c0ffee1", now)


def a_report(workload: Workload, *pods: Pod, run: str = "", sequence: int = 1_000_001) -> PodReport:
    return PodReport(
        workload=workload.id, run=run or workload.id, job="job1", project=workload.project,
        environment=workload.environment, sequence=sequence, pods=pods or (a_pod(),), at=NOON,
    )  # fmt: skip


def a_pod(phase: PodPhase = PodPhase.RUNNING, *, ready: bool = False) -> Pod:
    return Pod(name="fibonacci-0", phase=phase, started_at=NOON, ready=ready)
