"""Packages on the local cloud: every connection breaks off, processes are killed, and what arrives is what was sent."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slipway.plan.archive import Package, pack
from tests.slipway.cli.recorded_api import Shell
from tests.slipway.depot import Depot, depot_at
from tests.slipway.leaky import Leak, Passed

pytestmark = pytest.mark.cloud

PART = 8 << 20
LENGTH = 2 * PART + (1 << 20)
RELEASE = {"name": "app", "project": "demo", "version": "1.0", "description": "large"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of three parts."""
    return a_package(tmp_path_factory.mktemp("package"), b"1")


def a_package(folder: Path, seed: bytes) -> Path:
    (folder / "blob").write_bytes(random.Random(seed).randbytes(LENGTH))  # noqa: S311 - what cannot be compressed, no secret
    texts = {"release.json": json.dumps(RELEASE)}
    pack(Package(folder=folder, top="app-v1.0", files=("blob",), texts=texts), folder / "app-v1.0.tgz")
    return folder / "app-v1.0.tgz"


@pytest.fixture
def depot(cloud: str, prefix: str) -> Iterator[Depot]:
    with depot_at(cloud, prefix) as made:
        yield made


@pytest.fixture
def slipway(depot: Depot, tmp_path: Path) -> Shell:
    return Shell(home=tmp_path, environment={"SLIPWAY_API": depot.api, "SLIPWAY_TOKEN": depot.door.token})


class Program:
    """The CLI as a process of its own, to be killed."""

    def __init__(self, depot: Depot, home: Path, *words: str) -> None:
        told = {
            "HOME": str(home),
            "SLIPWAY_API": depot.api,
            "SLIPWAY_TOKEN": depot.door.token,
            "PATH": os.environ["PATH"],
        }
        command = [sys.executable, "-m", "slipway.cli.main", *words]
        self.process = subprocess.Popen(command, env=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def kill_when(self, claim: Callable[[], bool]) -> None:
        self.wait_until(claim)
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def wait_until(self, claim: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not claim():
            assert self.process.poll() is None, self.process.communicate()[0]
            assert time.monotonic() < deadline, "it never came so far"
            time.sleep(0.01)


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fetched(slipway: Shell, folder: Path) -> str:
    """The sum of what is downloaded."""
    result = slipway("release", "download", "demo/app-v1.0", "-o", str(folder / "fetched.tgz"))
    assert result.exit_code == 0, result.output
    return digest(folder / "fetched.tgz")


def test_an_upload_that_breaks_off_at_every_part_arrives(
    depot: Depot, slipway: Shell, package: Path, tmp_path: Path
) -> None:
    # Each part breaks amid its body, then after it, then is refused by a busy store.
    tries = [Leak(sent=PART // 3), Leak(answered=-1), Leak(status=503)]
    depot.way.rule = lambda passed: tries[passed.tried] if passed.part and passed.tried < len(tries) else Leak()

    result = slipway("release", "upload", str(package), "--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["sha256"] == digest(package) == fetched(slipway, tmp_path)
    assert depot.way.parts_done() == [1, 2, 3]
    assert list((tmp_path / ".config/slipway/uploads").iterdir()) == []


def test_an_upload_that_was_killed_sends_the_missing_parts_alone(
    depot: Depot, slipway: Shell, package: Path, tmp_path: Path
) -> None:
    held = []

    def hold(passed: Passed) -> Leak:
        if passed.part == 2 and not passed.tried:
            held.append(passed)
            time.sleep(30)
        return Leak()

    depot.way.rule = hold
    kept = tmp_path / ".config/slipway/uploads"
    program = Program(depot, tmp_path, "release", "upload", str(package))
    program.kill_when(lambda: bool(held) and [len(one.read_text().splitlines()) for one in kept.glob("*")] == [3])
    assert depot.way.parts_done() == [1, 3]
    depot.way.rule = lambda _: Leak()

    result = slipway("release", "upload", str(package))

    assert result.exit_code == 0, result.output
    assert "registered already" in result.stderr
    assert depot.way.parts_done() == [1, 2, 3]
    assert fetched(slipway, tmp_path) == digest(package)
    assert list(kept.iterdir()) == []


def test_an_upload_that_is_interrupted_ends_at_once_though_the_store_hangs(
    depot: Depot, package: Path, tmp_path: Path
) -> None:
    held: list[Passed] = []

    def hang(passed: Passed) -> Leak:
        if passed.part > 1:
            held.append(passed)
            time.sleep(30)
        return Leak()

    depot.way.rule = hang
    kept = tmp_path / ".config/slipway/uploads"
    program = Program(depot, tmp_path, "release", "upload", str(package))
    program.wait_until(lambda: len(held) == 2 and [len(one.read_text().splitlines()) for one in kept.glob("*")] == [2])

    began = time.monotonic()
    program.process.send_signal(signal.SIGINT)
    program.process.communicate()

    assert program.process.returncode == 130
    assert time.monotonic() - began < 10


def test_what_is_remembered_of_an_upload_tells_nobody_where_its_parts_go(
    depot: Depot, slipway: Shell, package: Path, tmp_path: Path
) -> None:
    depot.way.rule = lambda passed: Leak(status=400) if passed.part == 3 else Leak()

    assert slipway("release", "upload", str(package)).exit_code == 1

    (kept,) = (tmp_path / ".config/slipway/uploads").iterdir()
    assert "http" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_an_upload_that_nobody_knows_any_more_begins_anew(
    depot: Depot, slipway: Shell, package: Path, tmp_path: Path
) -> None:
    depot.way.rule = lambda passed: Leak(status=400) if passed.part == 2 else Leak()
    assert slipway("release", "upload", str(package)).exit_code == 1
    (kept,) = (tmp_path / ".config/slipway/uploads").iterdir()
    lines = kept.read_text().splitlines()
    kept.write_text("\n".join([lines[0].replace('upload_id": "', 'upload_id": "x'), *lines[1:], '{"torn']))
    depot.way.rule = lambda _: Leak()

    result = slipway("release", "upload", str(package))

    assert result.exit_code == 0, result.output
    assert fetched(slipway, tmp_path) == digest(package)


def test_a_package_is_written_once(depot: Depot, slipway: Shell, package: Path, tmp_path: Path) -> None:
    other = a_package(tmp_path, b"2")
    assert slipway("release", "upload", str(package)).exit_code == 0

    again, refused = slipway("release", "upload", str(package)), slipway("release", "upload", str(other))

    assert (again.exit_code, refused.exit_code) == (0, 1)
    assert "has another package already" in refused.stderr
    assert depot.way.parts_done() == [1, 2, 3]
    assert fetched(slipway, tmp_path) == digest(package)


def test_a_download_that_breaks_off_and_was_killed_goes_on_where_it_was(
    depot: Depot, slipway: Shell, package: Path, tmp_path: Path
) -> None:
    assert slipway("release", "upload", str(package)).exit_code == 0
    # The platform has read the package by the same way.
    depot.way.seen.clear()
    depot.way.rule = lambda passed: Leak(answered=PART // 2 if passed.tried < 2 else -1)
    program = Program(depot, tmp_path, "release", "download", "demo/app", "-o", str(tmp_path))
    program.kill_when(lambda: len(depot.way.seen) > 0 and depot.way.seen[-1].first == PART)
    (partial,) = tmp_path.glob(".*.part")
    assert partial.stat().st_size == PART
    depot.way.rule = lambda _: Leak()

    result = slipway("release", "download", "demo/app", "-o", str(tmp_path))

    assert result.exit_code == 0, result.output
    assert depot.way.seen[-1].first == PART
    assert digest(tmp_path / package.name) == digest(package)
    assert list(tmp_path.glob(".*.part")) == []
