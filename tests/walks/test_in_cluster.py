"""What only a cluster does: deployments run on without the runner that keeps them, and are taken over by the next."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.kernel.workloads.status import WorkloadStatus
from slipway_formats.workloads.manifest import WorkloadKind
from tests.walks.api import eventually
from tests.walks.site import Site
from tests.walks.workloads import Harbour, harbour_at

AVAILABLE = WorkloadStatus.AVAILABLE


@pytest.fixture
def harbour(in_cluster: Site, tmp_path: Path) -> Iterator[Harbour]:
    with harbour_at(in_cluster, tmp_path, "quay") as made:
        yield made


def test_a_deployment_outlives_its_runner_and_is_taken_over_by_the_next(harbour: Harbour) -> None:
    worker = harbour.deploy("worker")
    before = harbour.awaited(worker, AVAILABLE)
    (process,) = harbour.processes(before, before.pods[0].name)

    harbour.site.kill("runner")

    def taken_over() -> bool:
        view = harbour.view(worker)
        return (
            view.status is AVAILABLE
            and view.run is not None
            and before.run is not None
            and view.run.id != before.run.id
        )

    eventually(taken_over, 90)
    after = harbour.view(worker)
    assert [(pod.name, pod.restarts) for pod in after.pods] == [(before.pods[0].name, 0)]
    assert process.is_running()
    harbour.remove(WorkloadKind.DEPLOYMENT, "worker")
    eventually(lambda: not process.is_running())
