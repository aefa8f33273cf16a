"""The session at the beginning of docs/cli.md works when pasted, against a platform that `slipway up` starts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud import free_port

PAGE = Path("docs/cli.md")
LONGEST_START = 20.0


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder and an environment in which a platform runs."""
    folder = tmp_path_factory.mktemp("session")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "SLIPWAY_HOME": str(folder / "data"),
        "SLIPWAY_PORT": str(free_port()),
        "SLIPWAY_AWS_PORT": str(free_port()),
        "PYTHONPATH": str(Path.cwd()),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-m", "slipway.cli.main", "up"]
    with (folder / "up.log").open("w") as log:
        platform = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(folder / "data" / "ready.json", platform)
        yield folder, environment
    finally:
        platform.send_signal(signal.SIGTERM)
        platform.wait(30)


def _wait_for(ready: Path, platform: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LONGEST_START
    while not ready.exists():
        assert platform.poll() is None, (ready.parent.parent / "up.log").read_text()
        assert time.monotonic() < deadline, "the platform does not come up"
        time.sleep(0.05)


def session() -> str:
    """The first block of the page, as it stands there."""
    found = re.search(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_session_works_when_pasted(shell: tuple[Path, dict[str, str]]) -> None:
    folder, environment = shell

    told = subprocess.run(
        ["bash", "-e"], input=session(), env=environment, cwd=folder, capture_output=True, text=True, timeout=60
    )

    assert (told.returncode, told.stderr.count("error")) == (0, 0), told.stdout + told.stderr
    for line in ("greet │ hello from staging", "greet │ hello from production", "✓ shop/hello#1", "approved go in"):
        assert line in told.stdout
    assert "looks good" in told.stdout
