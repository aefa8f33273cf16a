"""What is particular to processes: limits, ports of this machine, commands in place of images."""

import os
import socket
from pathlib import Path

import pytest

from slipway.perform.faults import StageFailedError
from slipway.runner.executors.limits import limited
from slipway.runner.executors.listening import PortPool
from slipway.runner.executors.pod import BackOff
from slipway.runner.executors.process import ProcessExecutor
from slipway_formats.workloads.manifest import WorkloadKind
from tests.slipway.runner.executors.given import Told, a_manifest, a_task, kept
from tests.walks.api import eventually

HOG = "x = bytearray(300 * 1024 * 1024); print('had it all')"


def test_a_manifest_without_a_command_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StageFailedError, match="there is no cmd"):
        ProcessExecutor().run(a_task(tmp_path, a_manifest(image="registry/it:1"), Told()))


def test_memory_over_the_limit_is_not_given(tmp_path: Path) -> None:
    told = Told()

    code = ProcessExecutor().run(a_task(tmp_path, a_manifest("python3", "-c", HOG, memory_limit="200Mi"), told))

    assert code != 0
    assert "MemoryError" in told.lines
    assert ProcessExecutor().run(a_task(tmp_path, a_manifest("python3", "-c", HOG, memory_limit="2Gi"), Told())) == 0


def test_processors_over_the_limit_are_not_used(tmp_path: Path) -> None:
    told = Told()
    count = a_manifest("python3", "-c", "import os; print(len(os.sched_getaffinity(0)))", cpu_limit="0.2")

    assert ProcessExecutor().run(a_task(tmp_path, count, told)) == 0

    assert told.lines == ["1"]


def test_a_limit_over_all_processors_is_none() -> None:
    many = a_manifest("true", cpu_limit=str(len(os.sched_getaffinity(0))))

    assert limited(("true",), many) == ("true",)


def test_a_port_is_given_to_one_at_a_time() -> None:
    pool = PortPool()

    with pool.given(23_456) as first, pool.given(23_456) as second, pool.given(0) as none:
        assert none == 0
        assert first != second
    with pool.given(first) as again:
        assert again == first


def test_a_program_that_insists_on_a_port_in_use_is_told_where_to_listen(tmp_path: Path) -> None:
    told = Told()
    listening = "import socket; socket.create_server(('127.0.0.1', 23_457)); raise SystemExit(1)"
    manifest = a_manifest("python3", "-c", listening, kind=WorkloadKind.DEPLOYMENT, container_port=23_457)

    with socket.create_server(("127.0.0.1", 23_457)):
        keeping = kept(ProcessExecutor().keep, a_task(tmp_path, manifest, told))
        while not any("port 23457 is in use: it has to listen at" in pod.reason for pod in told.latest):
            assert keeping.is_alive()
            keeping.join(0.02)
        told.stop.set()
        keeping.join()


def test_pauses_grow_up_to_the_longest() -> None:
    back_off = BackOff(first=1, longest=10)

    assert [back_off.pause(deaths) for deaths in (1, 2, 3, 4, 5, 500)] == [1, 2, 4, 8, 10, 10]


def test_a_variable_that_is_not_there_stands_as_it_is_written(tmp_path: Path) -> None:
    told = Told()
    manifest = a_manifest("echo", "$(NOBODY)", "$$(WHO)", "$(WHO)", env={"WHO": "ada"})

    ProcessExecutor().run(a_task(tmp_path, manifest, told))

    assert told.lines == ["$(NOBODY) $(WHO) ada"]


def test_a_secret_is_hidden_in_the_lines_of_a_named_pod(tmp_path: Path) -> None:
    told = Told()
    manifest = a_manifest("sh", "-c", 'echo "$KEY"; kill -TERM 0', kind=WorkloadKind.DEPLOYMENT)
    told.stop.set()

    ProcessExecutor().keep(a_task(tmp_path, manifest, told, KEY="hunter2"))

    assert not any("hunter2" in line for line in told.lines)


def test_what_dies_at_once_starts_later_and_later(tmp_path: Path) -> None:
    told, executor = Told(), ProcessExecutor(BackOff(first=0.05, longest=0.4, steady=60))
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sh", "-c", "exit 7", kind=WorkloadKind.DEPLOYMENT), told))

    eventually(lambda: told.latest and told.latest[0].restarts >= 4)

    told.stop.set()
    thread.join(60)
    pauses = [line.rpartition("starts again in ")[2] for line in told.lines if "starts again" in line]
    assert pauses[:4] == ["0.05 s", "0.1 s", "0.2 s", "0.4 s"]
    assert not any(pod.ready for pods in told.pods for pod in pods)


def test_what_is_handed_back_waits_for_another_runner(tmp_path: Path) -> None:
    told = Told()
    manifest = a_manifest("sleep", "1000", kind=WorkloadKind.DEPLOYMENT)
    thread = kept(ProcessExecutor().keep, a_task(tmp_path, manifest, told))
    eventually(lambda: told.latest and told.latest[0].ready)

    told.is_handed_back = True
    told.stop.set()
    thread.join(60)

    assert [(pod.phase, pod.ready) for pod in told.latest] == [("Pending", False)]


def test_an_image_is_not_run_and_that_is_said() -> None:
    (note,) = ProcessExecutor().notes(a_manifest("true", image="registry/it:1"))
    assert "registry/it:1" in note


def test_how_far_limits_go_is_said() -> None:
    manifest = a_manifest("true", memory_limit="256Mi", cpu_limit="0.5")

    assert ProcessExecutor().notes(manifest) == (
        "memory-limit is that of each process, not of all together",
        "cpu-limit is rounded up to whole processors",
    )
