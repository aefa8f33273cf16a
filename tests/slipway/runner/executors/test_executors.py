"""What the port of executors promises. Whoever adds an executor adds it to the fixture."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.listening import PortPool
from slipway.runner.executors.pod import BackOff
from slipway.runner.executors.port import Executor
from slipway.runner.executors.process import ProcessExecutor
from slipway_formats.workloads.manifest import WorkloadKind
from tests.slipway.runner.executors.given import LISTEN, Told, a_manifest, a_task, kept
from tests.walks.api import eventually

DEPLOYMENT, SERVICE = WorkloadKind.DEPLOYMENT, WorkloadKind.SERVICE


@pytest.fixture(params=["process", "kubernetes"])
def executor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Executor]:
    if request.param == "process":
        yield ProcessExecutor(BackOff(first=0.05, longest=0.4, steady=60))
        return
    pytest.importorskip("kubernetes")
    from tests.slipway.runner.executors.kubernetes.given import executor_in  # what it imports may not be installed

    with executor_in(tmp_path) as made:
        yield made


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_job_runs_to_its_end_with_environment_and_secrets(executor: Executor, told: Told, tmp_path: Path) -> None:
    manifest = a_manifest("sh", "-c", 'echo "$WHO $KEY $(WHO)"', env={"WHO": "ada"})

    assert executor.run(a_task(tmp_path, manifest, told, KEY="hunter2")) == 0

    assert told.lines == ["ada *** ada"]
    assert [(pod.phase, pod.exit_code) for pod in told.latest] == [("Succeeded", 0)]
    assert told.pods[0][0].phase in {"Pending", "Running"}


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
    killed = told.latest[0].name
    first = eventually(lambda: next((line for line in told.lines if line.startswith(f"[{killed}] up ")), None))

    os.kill(int(first.rpartition(" ")[2]), signal.SIGKILL)

    eventually(lambda: [(pod.restarts, pod.ready) for pod in told.latest] == [(1, True), (0, True)])
    assert told.latest[0].exit_code == 137
    assert any(line.startswith(f"pod {killed}: exit code 137") for line in told.lines)
    told.stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert not is_there(int(first.rpartition(" ")[2]))


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_dies_at_once_starts_again_and_again(executor: Executor, told: Told, tmp_path: Path) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sh", "-c", "exit 7", kind=DEPLOYMENT), told))

    eventually(lambda: told.latest and told.latest[0].restarts >= 4 and told.latest[0].exit_code == 7)

    # Whatever runs in that moment is ended with another code.
    told.stop.set()
    thread.join(60)
    assert any("exit code 7" in line and "starts again" in line for line in told.lines)


def test_what_cannot_be_started_is_told_and_tried_again(executor: Executor, told: Told, tmp_path: Path) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("/no/such/program", kind=DEPLOYMENT), told))

    eventually(lambda: told.latest and told.latest[0].restarts >= 2)

    told.stop.set()
    thread.join(60)
    assert any("/no/such/program" in pod.reason for pods in told.pods for pod in pods)


def test_a_service_is_ready_once_its_port_answers_and_closes_it_when_it_is_stopped(
    executor: Executor, told: Told, tmp_path: Path
) -> None:
    with PortPool().given(20_000) as wanted:
        pass
    manifest = a_manifest("python3", "-c", LISTEN, kind=SERVICE, container_port=wanted, replicas=2)
    thread = kept(executor.keep, a_task(tmp_path, manifest, told))

    eventually(lambda: all(pod.ready for pod in told.latest) and len(told.latest) == 2)

    places = [place_of(pod.address) for pod in told.latest]
    assert len(set(places)) == 2
    assert wanted in {port for _, port in places}
    assert all(map(is_answered, places))
    told.stop.set()
    thread.join(60)
    assert not any(map(is_answered, places))


def place_of(address: str) -> tuple[str, int]:
    host, _, port = address.removeprefix("http://").rpartition(":")
    return host, int(port)


def is_answered(place: tuple[str, int]) -> bool:
    """Whether somebody listens there, and does not hang up at once."""
    try:
        with socket.create_connection(place, timeout=1) as caller:
            caller.settimeout(0.3)
            return bool(caller.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


def test_what_is_handed_back_is_taken_over_by_another_runner(executor: Executor, told: Told, tmp_path: Path) -> None:
    task = a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT), told)
    thread = kept(executor.keep, task)
    eventually(lambda: told.latest and told.latest[0].ready)
    told.is_handed_back = True
    told.stop.set()
    thread.join(60)

    after = Told()
    thread = kept(executor.keep, a_task(tmp_path, task.manifest, after))

    eventually(lambda: [pod.ready for pod in after.latest] == [True])
    after.stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_what_of_a_plain_manifest_is_not_done_is_nothing(executor: Executor) -> None:
    assert executor.notes(a_manifest("true")) == ()
