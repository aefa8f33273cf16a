"""What the port of executors promises. Whoever adds an executor adds it to the fixture."""

import os
import signal
import threading
from pathlib import Path

import pytest

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.listening import PortPool, answers
from slipway.runner.executors.pod import BackOff
from slipway.runner.executors.port import Executor
from slipway.runner.executors.process import ProcessExecutor
from slipway_formats.workloads.manifest import WorkloadKind
from tests.slipway.runner.executors.given import Told, a_manifest, a_task, kept
from tests.walks.api import eventually

DEPLOYMENT, SERVICE = WorkloadKind.DEPLOYMENT, WorkloadKind.SERVICE
LISTEN = (
    "import os, socket, time; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1);"
    " s.bind(('127.0.0.1', int(os.environ['PORT']))); s.listen(); time.sleep(1000)"
)


@pytest.fixture(params=["process"])
def executor(request: pytest.FixtureRequest) -> Executor:
    assert request.param == "process"
    return ProcessExecutor(BackOff(first=0.05, longest=0.4, steady=60))


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_job_runs_to_its_end_with_environment_and_secrets(executor: Executor, told: Told, tmp_path: Path) -> None:
    manifest = a_manifest("sh", "-c", 'echo "$WHO $KEY $(WHO)"', env={"WHO": "ada"})

    assert executor.run(a_task(tmp_path, manifest, told, KEY="hunter2")) == 0

    assert told.lines == ["ada *** ada"]
    assert [(pod.phase, pod.exit_code) for pod in told.latest] == [("Succeeded", 0)]
    assert told.pods[0][0].phase == "Running"


def test_a_job_is_tried_again_as_often_as_it_says(executor: Executor, told: Told, tmp_path: Path) -> None:
    manifest = a_manifest("sh", "-c", "echo at it; exit 3", retries=2)

    assert executor.run(a_task(tmp_path, manifest, told)) == 3

    assert told.lines.count("at it") == 3
    assert [(pod.phase, pod.exit_code, pod.restarts) for pod in told.latest] == [("Failed", 3, 2)]


def test_a_job_that_takes_too_long_fails(executor: Executor, told: Told, tmp_path: Path) -> None:
    manifest = a_manifest("sleep", "60", timeout_seconds=1, retries=5)

    with pytest.raises(StageFailedError, match="not done after 1 seconds"):
        executor.run(a_task(tmp_path, manifest, told))


def test_a_stopped_job_is_cancelled(executor: Executor, told: Told, tmp_path: Path) -> None:
    threading.Timer(0.3, told.stop.set).start()

    with pytest.raises(StageCancelledError):
        executor.run(a_task(tmp_path, a_manifest("sleep", "60"), told))


def test_each_start_has_the_files_as_they_are_in_the_repository(executor: Executor, told: Told, tmp_path: Path) -> None:
    (tmp_path / "files" / "app" / "code").mkdir(parents=True)
    (tmp_path / "files" / "app" / "code" / "it.sh").write_text("echo from code\n")
    script = "ls; touch left; exit 1"
    manifest = a_manifest("sh", "-c", f"sh $0 && {script}", "/code/it.sh", retries=1)

    executor.run(a_task(tmp_path, manifest, told, files=tmp_path / "files"))

    assert [line for line in told.lines if line != told.lines[2]] == ["from code", "code", "from code", "code"]
    assert not (tmp_path / "files" / "app" / "left").exists()


def test_replicas_are_kept_until_they_are_stopped(executor: Executor, told: Told, tmp_path: Path) -> None:
    manifest = a_manifest("sh", "-c", "echo up $$$$; exec sleep 1000", kind=DEPLOYMENT, replicas=2)
    thread = kept(executor.keep, a_task(tmp_path, manifest, told))
    eventually(lambda: [pod.ready for pod in told.latest] == [True, True])
    first = next(line for line in told.lines if line.startswith("[it-0] up "))

    os.kill(int(first.rpartition(" ")[2]), signal.SIGKILL)

    eventually(lambda: [(pod.restarts, pod.ready) for pod in told.latest] == [(1, True), (0, True)])
    assert told.latest[0].exit_code == 137
    told.stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_what_dies_at_once_starts_later_and_later(executor: Executor, told: Told, tmp_path: Path) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sh", "-c", "exit 7", kind=DEPLOYMENT), told))

    eventually(lambda: told.latest and told.latest[0].restarts >= 4)

    told.stop.set()
    thread.join(10)
    pauses = [line.rpartition("starts again in ")[2] for line in told.lines if "starts again" in line]
    assert pauses[:4] == ["0.05 s", "0.1 s", "0.2 s", "0.4 s"]
    assert not any(pod.ready for pods in told.pods for pod in pods)


def test_what_cannot_be_started_is_told_and_tried_again(executor: Executor, told: Told, tmp_path: Path) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("/no/such/program", kind=DEPLOYMENT), told))

    eventually(lambda: told.latest and told.latest[0].restarts >= 2)

    told.stop.set()
    thread.join(10)
    assert any("/no/such/program" in pod.reason for pods in told.pods for pod in pods)


def test_a_service_is_ready_once_its_port_answers_and_closes_it_when_it_is_stopped(
    executor: Executor, told: Told, tmp_path: Path
) -> None:
    with PortPool().given(20_000) as wanted:
        pass
    manifest = a_manifest("python3", "-c", LISTEN, kind=SERVICE, container_port=wanted, replicas=2)
    thread = kept(executor.keep, a_task(tmp_path, manifest, told))

    eventually(lambda: all(pod.ready for pod in told.latest) and len(told.latest) == 2)

    ports = [int(pod.address.rpartition(":")[2]) for pod in told.latest]
    assert len(set(ports)) == 2
    assert wanted in ports
    told.stop.set()
    thread.join(10)
    assert not any(map(answers, ports))


def test_what_is_handed_back_waits_for_another_runner(executor: Executor, told: Told, tmp_path: Path) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT), told))
    eventually(lambda: told.latest and told.latest[0].ready)

    told.is_handed_back = True
    told.stop.set()
    thread.join(10)

    assert [(pod.phase, pod.ready) for pod in told.latest] == [("Pending", False)]


def test_what_of_a_manifest_is_not_done_is_said(executor: Executor) -> None:
    assert executor.notes(a_manifest("true")) == ()
    (note,) = executor.notes(a_manifest("true", image="registry/it:1"))
    assert "registry/it:1" in note
