"""What the tests of the runner share: a platform, and runners in this process or in one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from slipway.runner.leases.heartbeat import Timing
from slipway.runner.loop import Runner, Tuning
from slipway.runner.sandbox.walls import Sandbox
from slipway.runner.settings import Address, Settings
from tests.slipway.runner.api import Server, serving
from tests.slipway.runner.platform import TOKEN, Platform
from tests.slipway.runner.repositories import sample
from tests.slipway.runner.warehouse import Warehouse

# A machine under load may be silent for a second or two: what is about silence takes the second.
FAST = Tuning(timing=Timing(beat=0.2, again=0.1, silence=20.0), poll=0.3, kill_after=0.3)
TOUCHY = Tuning(timing=Timing(beat=0.2, again=0.1, silence=1.0), poll=0.3, kill_after=0.3)
Start = Callable[..., Runner]
Launch = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Platform()) as server:
        yield server


@pytest.fixture
def platform(server: Server) -> Platform:
    return server.platform


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Start]:
    """Start a runner in this process."""
    started: list[Runner] = []

    def begin(
        tuning: Tuning = FAST,
        own: Mapping[str, str] = os.environ,
        *,
        sandbox: Sandbox | None = None,
        **changes: object,
    ) -> Runner:
        settings = Settings(**{"home": tmp_path, "work": tmp_path / "work", "name": "r", **changes})  # type: ignore[arg-type]  # fields by name
        runner = Runner(settings, Address(api=server.address, token=TOKEN), own, tuning, sandbox=sandbox)
        runner.start()
        started.append(runner)
        return runner

    yield begin
    for runner in started:
        runner.drain()
    server.platform.let_go()
    for runner in started:
        runner.close()


@pytest.fixture
def launch(server: Server, tmp_path: Path) -> Iterator[Launch]:
    """Start a runner as a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*options: str, **changes: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ, "SLIPWAY_API": server.address, "SLIPWAY_TOKEN": TOKEN, "SLIPWAY_HOME": str(tmp_path),
            "SLIPWAY_SANDBOX": "never", **changes,
        }  # fmt: skip
        command = [sys.executable, "-m", "slipway.runner", *options]
        with (tmp_path / "runner.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stderr=log)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a plan."""
    return sample(tmp_path / "repository")


@pytest.fixture
def warehouse(server: Server) -> Warehouse:
    """The inventory and the state of the platform."""
    warehouse = Warehouse(server)
    warehouse.open()
    return warehouse
