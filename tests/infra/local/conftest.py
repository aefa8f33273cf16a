"""What the tests of the local cloud share: a session's stand-in, and platforms of the small cloud."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cloud import free_port

START = 150.0
SOON = 60.0
"""Seconds after which a test is given up, for a machine under load."""


def eventually(claim: Callable[[], Any], seconds: float = SOON) -> Any:  # noqa: ANN401 - whatever the claim answers
    """What the claim answers as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (answer := _tried(claim)):
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)
    return answer


def _tried(claim: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the claim answers
    try:
        return claim()
    except (OSError, IndexError):
        return None


@dataclass(kw_only=True)
class Platform:
    """The small cloud on ports and in a folder of its own."""

    home: Path
    port: int = field(default_factory=free_port)
    aws_port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        ours = {"SLIPWAY_PORT": self.port, "SLIPWAY_AWS_PORT": self.aws_port, "SLIPWAY_HOME": self.home}
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SLIPWAY_"))}
        return clean | {name: str(value) for name, value in ours.items()} | self.more

    def launch(self) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "infra.local", "--cloud", "tests.infra.local.small:SMALL"]
        process = subprocess.Popen(
            words, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.processes.append(process)
        return process

    def up(self) -> dict[str, str]:
        self.launch()
        return self.ready()

    def ready(self) -> dict[str, str]:
        told: dict[str, str] = eventually(lambda: json.loads((self.home / "ready.json").read_text()), START)
        return told

    def children(self) -> dict[str, psutil.Process]:
        """The supervisor's children by what they are."""
        marks = {"infra.local.emulator.server": "stand-in", "infra.local.server": "server", "small_runner": "runner"}
        found = {}
        for child in psutil.Process(self.processes[-1].pid).children():
            words = " ".join(child.cmdline())
            found.update({name: child for mark, name in marks.items() if mark in words})
        return found

    def notes(self, kind: str) -> list[str]:
        path = self.home / f"{kind}.txt"
        return path.read_text().splitlines() if path.exists() else []

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """The exit code and what was printed."""
        process = self.processes[-1]
        process.send_signal(number)
        out, error = process.communicate(timeout=START)
        return process.returncode, out, error

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=START)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A platform of a test's own, not yet started."""
    made = Platform(home=tmp_path / "home")
    yield made
    made.end()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform that a module's tests share, ready."""
    made = Platform(home=tmp_path_factory.mktemp("shared") / "home")
    made.up()
    yield made
    made.end()
