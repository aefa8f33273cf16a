"""The platform as a whole: it starts, says where it is, heals, and leaves nothing behind."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from chalicelib.kernel.access.token import is_well_formed
from infra.local.ports import is_free
from tests.cloud import free_port
from tests.infra.local.conftest import START, Platform, eventually


def ask(platform: Platform, method: str, path: str, body: str | None = None) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=60)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        assert response.status == 200
        return response.read()
    finally:
        connection.close()


def put(platform: Platform, name: str) -> None:
    ask(platform, "PUT", f"/items/{name}")


def has(platform: Platform, name: str) -> bool:
    return ask(platform, "GET", f"/items/{name}") == b'{"there":true}'


def answers(platform: Platform) -> bool:
    try:
        return bool(ask(platform, "GET", "/plain"))
    except (OSError, http.client.HTTPException):
        return False


@dataclass(frozen=True, kw_only=True)
class Life:
    """A platform from its start to its stop. told: by the file of who is ready. modes: of files that say secrets.

    key: of the stand-in. shown: what its children's environments hold. left: children that outlived it.
    """

    told: dict[str, str]
    modes: set[int]
    key: dict[str, str]
    children: int
    shown: list[str]
    had_kept: bool
    ended: tuple[int, str, str]
    left: list[psutil.Process]
    is_ready_file_left: bool


def lived(platform: Platform, number: signal.Signals) -> Life:
    """Start a platform, write into it, and stop it by a signal."""
    told = platform.up()
    children = list(platform.children().values())
    files = [platform.home / "ready.json", platform.home / "aws-keys.json"]
    modes, key = {stat.S_IMODE(file.stat().st_mode) for file in files}, json.loads(files[1].read_text())
    shown = [value for child in children for value in child.environ().values()]
    had_kept = has(platform, "kept")
    put(platform, "kept")
    ended = platform.stop(number)
    return Life(
        told=told, modes=modes, key=key, children=len(children), shown=shown, had_kept=had_kept, ended=ended,
        left=[child for child in children if child.is_running()], is_ready_file_left=files[0].exists(),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Lives:
    """Two lives of one platform, by the signal that ended them, the first first."""

    platform: Platform
    by: dict[signal.Signals, Life]


ENDS = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    platform = Platform(home=tmp_path_factory.mktemp("lives") / "home")
    try:
        yield Lives(platform=platform, by={number: lived(platform, number) for number in ENDS})
    finally:
        platform.end()


THEIRS = {"SLIPWAY_TOKEN": "slp_of_who_started_it", "SLIPWAY_IDENTITY_SECRET": "known inside alone"}


@pytest.fixture(scope="module")
def healing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform whose parts are killed by one test after the other, in the environment of somebody with secrets."""
    made = Platform(home=tmp_path_factory.mktemp("healing") / "home", more={"AWS_PROFILE": "mine", **THEIRS})
    made.up()
    yield made
    made.end()


def test_ready_it_says_where_things_are(lives: Lives) -> None:
    platform, first = lives.platform, lives.by[signal.SIGTERM]
    _, out, _ = first.ended

    assert first.told == {
        "api": f"http://127.0.0.1:{platform.port}",
        "admin_token": platform.notes("tokens")[0],
        "aws_endpoint": f"http://127.0.0.1:{platform.aws_port}",
        "aws_access_key_id": first.key["access_key_id"],
        "aws_secret_access_key": first.key["secret_access_key"],
        "aws_region": "us-east-1",
    }
    assert first.modes == {0o600}
    assert all(text in out for text in (first.told["api"], first.told["aws_endpoint"], str(platform.home)))


@pytest.mark.parametrize("number", ENDS)
def test_told_to_stop_it_stops_everything(lives: Lives, number: signal.Signals) -> None:
    life = lives.by[number]

    code, _, error = life.ended
    assert (code, error, life.children) == (0, "", 3)
    assert life.left == []
    assert not life.is_ready_file_left


def test_its_children_die_with_it_however_it_dies(platform: Platform) -> None:
    platform.up()
    children = list(platform.children().values())

    platform.processes[-1].kill()

    assert psutil.wait_procs(children, timeout=60)[1] == []


def test_what_was_written_is_there_after_a_stop_and_no_recovery_is_needed(lives: Lives) -> None:
    assert [life.had_kept for life in lives.by.values()] == [False, True]
    assert lives.platform.notes("recoveries") == []


def test_the_admin_token_stays_the_same(lives: Lives) -> None:
    first, again = (life.told["admin_token"] for life in lives.by.values())

    assert again == first
    assert lives.platform.notes("tokens") == [first, first]
    assert is_well_formed(first)


def test_no_process_shows_the_key_of_the_stand_in_in_its_environment_and_it_stays_the_same(lives: Lives) -> None:
    first, again = lives.by.values()

    assert (first.children, bool(first.shown)) == (3, True)
    assert not any(first.told["aws_secret_access_key"] in value for value in first.shown)
    assert again.told["aws_secret_access_key"] == first.told["aws_secret_access_key"]


def test_started_right_after_a_kill_it_waits_for_what_is_left_and_goes_on(platform: Platform) -> None:
    platform.up()
    put(platform, "kept")
    platform.processes[-1].kill()
    platform.processes[-1].wait()
    (platform.home / "ready.json").unlink()

    platform.up()

    assert has(platform, "kept")


def test_a_killed_stand_in_comes_back_with_what_was_written_and_nothing_is_to_recover(healing: Platform) -> None:
    before = eventually(lambda: len(found := healing.children()) == 3 and found)
    put(healing, "kept")

    before["stand-in"].kill()
    psutil.wait_procs([before["server"]], timeout=30)
    eventually(lambda: answers(healing))

    after = healing.children()
    assert has(healing, "kept")
    assert healing.notes("recoveries") == []
    assert after["stand-in"].pid != before["stand-in"].pid
    assert after["server"].pid != before["server"].pid
    assert after["runner"].pid == before["runner"].pid


def test_a_killed_server_comes_back_and_its_batch_is_handled_again(healing: Platform) -> None:
    put(healing, "kept")
    known = len(healing.notes("letters"))
    ask(healing, "POST", "/letters/ordered.fifo", "hang")
    eventually(lambda: len(healing.notes("letters")) == known + 1)
    before = healing.children()["server"]

    before.kill()

    eventually(lambda: len(healing.notes("letters")) == known + 2)
    eventually(lambda: answers(healing))
    assert has(healing, "kept")
    assert healing.notes("recoveries") == []
    assert healing.children()["server"].pid != before.pid


def test_a_killed_runner_comes_back(healing: Platform) -> None:
    before = eventually(lambda: healing.notes("runner") and healing.children().get("runner"))
    known = len(healing.notes("runner"))

    before.kill()

    eventually(lambda: len(healing.notes("runner")) == known + 1)
    assert healing.notes("runner")[known] == f"http://127.0.0.1:{healing.port} slp_of_the_runner"


def test_the_runner_s_environment_opens_nothing(healing: Platform) -> None:
    seen = eventually(lambda: healing.notes("runner") and (healing.home / "runner-environment.txt").read_text())

    assert healing.notes("tokens")[0] not in seen
    assert "slp_of_the_runner" not in seen
    named = [line.partition("=")[0] for line in seen.splitlines()]
    assert [name for name in named if name.startswith("AWS_") or name in THEIRS] == []
    assert (healing.home / "runner-token").stat().st_mode & 0o777 == 0o600


def test_everything_killed_at_once_comes_back(platform: Platform) -> None:
    platform.up()
    put(platform, "kept")
    everyone = [psutil.Process(platform.processes[-1].pid), *platform.children().values()]
    for process in everyone:
        process.kill()
    platform.processes[-1].wait()
    (platform.home / "ready.json").unlink()

    platform.up()

    assert has(platform, "kept")
    assert platform.notes("recoveries") == []


def test_taken_ports_are_all_named_with_their_holders(platform: Platform) -> None:
    words = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(platform.port)]
    other = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    eventually(lambda: not is_free(platform.port))
    with socket.create_server(("127.0.0.1", platform.aws_port)):
        process = platform.launch()
        _, error = process.communicate(timeout=10)
    other.kill()
    other.wait()

    assert process.returncode == 1
    assert f"port {platform.port} is taken by process {other.pid}: {sys.executable}" in error
    assert f"port {platform.aws_port} is taken by process {os.getpid()}: " in error
    assert "SLIPWAY_PORT" in error
    assert "SLIPWAY_AWS_PORT" in error


def test_a_second_platform_in_one_folder_is_refused(healing: Platform) -> None:
    second = Platform(home=healing.home)
    process = second.launch()

    _, error = process.communicate(timeout=START)

    assert process.returncode == 1
    assert f"in use by process {healing.processes[0].pid}" in error
    assert (healing.home / "ready.json").exists()


def test_bad_ports_are_all_named(platform: Platform) -> None:
    platform.more = {"SLIPWAY_PORT": "x", "SLIPWAY_AWS_PORT": "70000"}
    process = platform.launch()

    _, error = process.communicate(timeout=10)

    assert process.returncode == 1
    assert error.splitlines() == [
        "SLIPWAY_PORT is 'x'; a port is a number from 1 to 65535",
        "SLIPWAY_AWS_PORT is '70000'; a port is a number from 1 to 65535",
    ]


def test_a_child_that_cannot_start_is_told_with_its_last_words(platform: Platform) -> None:
    platform.more = {"SMALL_CLOUD_FAILS": "no such luck"}
    process = platform.launch()

    _, error = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "server does not start" in error
    assert "no such luck" in error


def test_another_stand_in_serves_as_well(platform: Platform) -> None:
    port = free_port()
    moto = Path(sys.executable).with_name("moto_server")
    other = subprocess.Popen([moto, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    platform.more = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    try:
        told = platform.up()
        put(platform, "kept")
        ask(platform, "POST", "/letters/plain", "over there")
        eventually(lambda: platform.notes("letters"))

        assert told["aws_endpoint"] == f"http://127.0.0.1:{port}"
        assert has(platform, "kept")
        assert set(platform.children()) == {"server", "runner"}
        platform.stop()
    finally:
        other.kill()
        other.wait()


def test_idle_it_takes_little_memory_and_less_time(platform: Platform) -> None:
    platform.up()
    everyone = [psutil.Process(platform.processes[-1].pid), *platform.children().values()]
    time.sleep(0.5)
    before = [sum(process.cpu_times()[:2]) for process in everyone]
    time.sleep(2)

    spent = sum(sum(process.cpu_times()[:2]) for process in everyone) - sum(before)
    memory = sum(process.memory_full_info().pss for process in everyone)

    assert memory < 200_000_000
    assert spent / 2 < 0.1


def test_wiping_waits_until_it_is_stopped(platform: Platform) -> None:
    platform.up()
    wipe = [sys.executable, "-m", "infra.local.wipe"]

    refused = subprocess.run(wipe, env=platform.environment, capture_output=True, text=True, check=False)
    platform.stop()
    done = subprocess.run(wipe, env=platform.environment, capture_output=True, text=True, check=False)

    assert refused.returncode == 1
    assert "in use by process" in refused.stderr
    assert done.returncode == 0
    assert not platform.home.exists()


def test_a_folder_that_is_not_ours_is_never_wiped(platform: Platform) -> None:
    platform.home.mkdir()
    (platform.home / "thesis.txt").write_text("ten years")
    wipe = [sys.executable, "-m", "infra.local.wipe"]

    refused = subprocess.run(wipe, env=platform.environment, capture_output=True, text=True, check=False)

    assert refused.returncode == 1
    assert "not a data folder" in refused.stderr
    assert (platform.home / "thesis.txt").read_text() == "ten years"
