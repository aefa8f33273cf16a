"""What runs on this machine is started by the CLI and told apart from what does not answer."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.slipway.cli.recorded_api import RecordedApi, Shell

STAND_IN = """
import json, os, sys
print(json.dumps({"pid": os.getpid(), "arguments": sys.argv[1:]}))
"""


def test_up_becomes_the_platform_itself(tmp_path: Path) -> None:
    """Signals and the exit code are the platform's own: the process that was started is the one that runs it."""
    folder = tmp_path / "infra" / "local"
    folder.mkdir(parents=True)
    (tmp_path / "infra" / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "__main__.py").write_text(STAND_IN)
    command = [sys.executable, "-m", "slipway.cli.main", "up", "--cloud", "x"]
    path = os.pathsep.join((str(tmp_path), str(Path.cwd())))

    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, cwd=tmp_path)
    told, _ = process.communicate(timeout=20)

    assert json.loads(told) == {"pid": process.pid, "arguments": ["--cloud", "x"]}


def test_the_runner_gets_its_words_and_its_signals(tmp_path: Path) -> None:
    environment = {**os.environ, "SLIPWAY_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    environment = {name: value for name, value in environment.items() if name not in ("SLIPWAY_API", "SLIPWAY_TOKEN")}
    command = [sys.executable, "-m", "slipway.cli.main", "runner"]

    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, cwd=tmp_path)
    assert process.stderr is not None
    said = "".join(process.stderr.readline().decode() for _ in ("how jobs are kept apart", "where the platform is"))
    time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)

    assert "ready.json" in said
    assert process.returncode == 0


def test_the_status_says_where_how_fast_and_as_whom(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/auth/whoami", {"name": "ann"})

    told = json.loads(slipway("status", "--json").stdout)

    assert (told["api"], told["answers"], told["name"]) == (api.address, True, "ann")
    assert slipway("status").stdout.splitlines()[0].split() == ["platform", api.address]
