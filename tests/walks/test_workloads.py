"""Each kind of workload, from a real repository to real processes: runs, dies, comes back, is deleted."""

import http.client
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.kernel.workloads.pods import PodPhase
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.use_cases.workloads.views import WorkloadView
from slipway_formats.workloads.manifest import WorkloadKind
from tests.walks.api import Ask, eventually
from tests.walks.executors import EXECUTORS, site_in
from tests.walks.site import Site
from tests.walks.workloads import Fired, Harbour, harbour_at

AVAILABLE = WorkloadStatus.AVAILABLE
A_LOOK = 10
"""Requests to a service while it is updated, between two looks through all processes of the machine."""


@pytest.fixture(scope="module")
def harbour(workplace: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    with harbour_at(workplace, tmp_path_factory.mktemp("harbour"), "harbour") as made:
        yield made


def is_closed(address: str) -> bool:
    """Whether nobody answers at a pod's address."""
    try:
        asked(address)
    except (OSError, http.client.HTTPException):
        return True
    return False


def hellos(view: WorkloadView) -> set[str]:
    """What each pod of a service says."""
    return {f"hello from {pod.name}" for pod in view.pods}


def asked(address: str) -> str:
    with urllib.request.urlopen(f"{address}/", timeout=10) as answer:
        return str(answer.read().decode())


def through(site: Site, path: str, token: str | None = None) -> tuple[int, str]:
    """What the local server answers at a path: status and body."""
    answer = site.asks(Ask(method="GET", path=path, token=token))
    return answer.status, answer.text


def test_a_job_from_a_repository_runs_to_its_end_with_its_environment(harbour: Harbour) -> None:
    view = harbour.awaited(harbour.deploy("count"), WorkloadStatus.SUCCEEDED)

    assert [(pod.phase, pod.exit_code) for pod in view.pods] == [(PodPhase.SUCCEEDED, 0)]
    assert view.pods[0].name.startswith("count-")
    eventually(lambda: "hello world 1\nhello world 2\nhello world 3\n" in harbour.log(view))


def test_a_job_that_fails_is_tried_again_as_its_manifest_says(harbour: Harbour) -> None:
    view = harbour.awaited(harbour.deploy("failing"), WorkloadStatus.FAILED)

    assert [(pod.exit_code, pod.restarts) for pod in view.pods] == [(3, 1)]
    assert view.run is not None
    assert "exit code 3" in view.run.reason


@pytest.mark.parametrize(
    ("directory", "said"),
    [("defective", "colour: unknown key"), ("nowhere", "has no directory nowhere"), ("hello/code", "has no manifest")],
)
def test_what_is_wrong_in_a_repository_is_told_by_the_status(harbour: Harbour, directory: str, said: str) -> None:
    view = harbour.awaited(harbour.deploy(directory), WorkloadStatus.ERROR)

    assert said in view.workload.message


def test_a_branch_that_does_not_exist_is_told_by_the_status(harbour: Harbour) -> None:
    view = harbour.awaited(harbour.deploy("count", branch="no-such-branch"), WorkloadStatus.ERROR)

    assert view.workload.message == "the repository has no branch no-such-branch"


def test_a_cronjob_starts_jobs_by_its_schedule(scheduled: Fired) -> None:
    (pod,) = scheduled.pods

    assert (pod.name.startswith("cron-"), pod.exit_code) == (True, 0)
    assert scheduled.removed is WorkloadStatus.DELETED


def test_a_killed_pod_returns_with_back_off_and_a_deleted_service_closes_its_ports(harbour: Harbour) -> None:
    service = harbour.deploy("hello")
    view = harbour.awaited(service, AVAILABLE)
    assert {asked(pod.address) for pod in view.pods} == hellos(view)
    victim = view.pods[0].name

    assert {through(harbour.site, "/hello/")[1] for _ in range(4)} == hellos(view)
    assert through(harbour.site, "/hello/", token="")[0] == 401

    for restarts in (1, 2):
        for process in harbour.processes(view, victim):
            process.kill()
        eventually(lambda: harbour.view(service).pods[0].restarts == restarts)  # noqa: B023 - called at once
        view = harbour.awaited(service, AVAILABLE)
        assert [pod.restarts for pod in view.pods] == [restarts, 0]
    assert harbour.log(view).count(f"pod {victim}: exit code 137") == 2

    addresses = [pod.address for pod in view.pods]
    harbour.remove(WorkloadKind.SERVICE, "hello")
    eventually(lambda: all(map(is_closed, addresses)))
    eventually(lambda: not harbour.site.processes_of(view.workload.run))
    assert harbour.view(service).status is WorkloadStatus.DELETED
    eventually(lambda: through(harbour.site, "/hello/")[0] == 404)


def test_a_service_answers_all_the_while_it_is_updated(harbour: Harbour) -> None:
    first = harbour.awaited(harbour.deploy("hello"), AVAILABLE)
    second = harbour.deploy("hello")

    answers_seen = []
    while harbour.site.processes_of(first.workload.run):
        answers_seen += [through(harbour.site, "/hello/") for _ in range(A_LOOK)]

    assert {status for status, _ in answers_seen} == {200}
    view = harbour.awaited(second, AVAILABLE)
    assert {through(harbour.site, "/hello/")[1] for _ in range(4)} == hellos(view)
    assert len(view.pods) == 2
    harbour.remove(WorkloadKind.SERVICE, "hello")
    eventually(lambda: not harbour.site.processes_of(view.workload.run))


def test_an_update_replaces_what_runs(harbour: Harbour) -> None:
    first = harbour.awaited(harbour.deploy("worker"), AVAILABLE)

    second = harbour.awaited(harbour.deploy("worker"), AVAILABLE)

    assert second.workload.updates
    eventually(lambda: not harbour.site.processes_of(first.workload.run))
    assert harbour.view(first.workload).status is WorkloadStatus.DELETED
    harbour.remove(WorkloadKind.DEPLOYMENT, "worker")


@pytest.mark.parametrize("executor", EXECUTORS)
def test_deployments_come_back_when_the_whole_cloud_restarts(tmp_path: Path, executor: str) -> None:
    with site_in(tmp_path, executor) as site, harbour_at(site, tmp_path, "harbour") as harbour:
        worker = harbour.deploy("worker")
        harbour.awaited(worker, AVAILABLE)
        site.down()
        # What a cluster runs runs on: it is not the cloud's to end.
        assert bool(site.processes_of(worker.id)) is (executor == "kubernetes")
        site.up()
        harbour.awaited(worker, AVAILABLE)
        assert site.processes_of(worker.id)
