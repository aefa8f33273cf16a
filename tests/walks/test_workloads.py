"""Each kind of workload, from a real repository to real processes: runs, dies, comes back, is deleted."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.kernel.workloads.pods import PodPhase
from chalicelib.kernel.workloads.status import WorkloadStatus
from slipway.runner.executors.listening import answers
from slipway_formats.workloads.manifest import WorkloadKind
from tests.walks.api import Ask, eventually
from tests.walks.site import Site
from tests.walks.workloads import Harbour, harbour_at

AVAILABLE = WorkloadStatus.AVAILABLE


@pytest.fixture(scope="module")
def harbour(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    with harbour_at(site, tmp_path_factory.mktemp("harbour"), "harbour") as made:
        yield made


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def asked(address: str) -> str:
    with urllib.request.urlopen(f"{address}/", timeout=10) as answer:
        return str(answer.read().decode())


def through(site: Site, path: str, token: str | None = None) -> tuple[int, str]:
    """What the local server answers at a path: status and body."""
    answer = site.asks(Ask(method="GET", path=path, token=token))
    return answer.status, answer.text


def test_a_job_from_a_repository_runs_to_its_end_with_its_environment(harbour: Harbour) -> None:
    view = harbour.awaited(harbour.deploy("count"), WorkloadStatus.SUCCEEDED)

    assert [(pod.name, pod.phase, pod.exit_code) for pod in view.pods] == [("count-0", PodPhase.SUCCEEDED, 0)]
    assert view.workload.notes == ("image registry/count:1 is not run: the executor process runs cmd in a checkout",)
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


def test_a_cronjob_starts_jobs_by_its_schedule(harbour: Harbour) -> None:
    cron = harbour.deploy("count", name="cron", schedule="* * * * *")
    harbour.awaited(cron, WorkloadStatus.SCHEDULED)

    eventually(lambda: [pod.exit_code for pod in harbour.view(cron).pods] == [0], 90)

    harbour.remove(WorkloadKind.CRONJOB, "cron")
    assert harbour.view(cron).status is WorkloadStatus.DELETED


def test_a_killed_pod_returns_with_back_off_and_a_deleted_service_closes_its_ports(harbour: Harbour) -> None:
    service = harbour.deploy("hello")
    view = harbour.awaited(service, AVAILABLE)
    assert sorted(asked(pod.address) for pod in view.pods) == ["hello from hello-0", "hello from hello-1"]

    assert {through(harbour.site, "/hello/")[1] for _ in range(4)} == {"hello from hello-0", "hello from hello-1"}
    assert through(harbour.site, "/hello/", token="")[0] == 401

    for restarts in (1, 2):
        for process in harbour.processes(view, "hello-0"):
            process.kill()
        eventually(lambda: harbour.view(service).pods[0].restarts == restarts)  # noqa: B023 - called at once
        view = harbour.awaited(service, AVAILABLE)
        assert [pod.restarts for pod in view.pods] == [restarts, 0]
    assert "pod hello-0: exit code 137; starts again in 0.5 s" in harbour.log(view)
    assert "starts again in 1 s" in harbour.log(view)

    ports = [port_of(pod.address) for pod in view.pods]
    harbour.remove(WorkloadKind.SERVICE, "hello")
    eventually(lambda: not any(map(answers, ports)))
    eventually(lambda: not harbour.site.processes_of(view.workload.run))
    assert harbour.view(service).status is WorkloadStatus.DELETED
    eventually(lambda: through(harbour.site, "/hello/")[0] == 404)


def test_a_service_answers_all_the_while_it_is_updated(harbour: Harbour) -> None:
    first = harbour.awaited(harbour.deploy("hello"), AVAILABLE)
    second = harbour.deploy("hello")

    answers_seen = []
    while harbour.site.processes_of(first.workload.run):
        answers_seen.append(through(harbour.site, "/hello/"))

    assert {status for status, _ in answers_seen} == {200}
    view = harbour.awaited(second, AVAILABLE)
    assert {through(harbour.site, "/hello/")[1] for _ in range(4)} == {"hello from hello-0", "hello from hello-1"}
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


def test_deployments_come_back_when_the_whole_cloud_restarts(tmp_path: Path) -> None:
    site = Site(folder=tmp_path)
    site.up()
    try:
        with harbour_at(site, tmp_path, "harbour") as harbour:
            worker = harbour.deploy("worker")
            harbour.awaited(worker, AVAILABLE)
            site.down()
            assert not site.processes_of(worker.id)
            site.up()
            view = harbour.awaited(worker, AVAILABLE)
            assert harbour.processes(view, "worker-0")
    finally:
        site.end()
