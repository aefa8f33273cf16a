"""A runner's token is where no job finds it: in no environment, and in no memory that another process may read."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slipway.runner.api import Server
from tests.slipway.runner.conftest import Launch
from tests.slipway.runner.platform import SOON, TOKEN, Platform


def environ_of(process: subprocess.Popen[bytes]) -> str:
    return Path(f"/proc/{process.pid}/environ").read_bytes().decode()


def test_a_token_of_the_environment_is_in_it_no_more_when_jobs_are_leased(platform: Platform, launch: Launch) -> None:
    runner = launch()
    platform.wait(lambda: platform.count("/lease"))

    assert "SLIPWAY_TOKEN=" not in environ_of(runner)
    assert TOKEN not in environ_of(runner)


def test_a_job_finds_no_token_in_the_processes_above_it(platform: Platform, launch: Launch) -> None:
    launch()
    up = "pid=$PPID; while [ $pid -gt 1 ]; do tr '\\0' '\\n' < /proc/$pid/environ; tr '\\0' ' ' < /proc/$pid/cmdline; "
    job = platform.script(up + "pid=$(awk '/^PPid/ {print $2}' /proc/$pid/status); done 2>&1 | tr -d _; true")

    platform.await_end(job)

    assert TOKEN.replace("_", "") not in "".join(job.said)


@pytest.mark.parametrize("way", ["a file", "a file of the environment", "the standard input"])
def test_a_token_comes_by(way: str, platform: Platform, server: Server, tmp_path: Path) -> None:
    job, file = platform.script("true"), tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    environment = {**os.environ, "SLIPWAY_API": server.address, "SLIPWAY_HOME": str(tmp_path)}
    options = {"a file": ["--token-file", str(file)], "the standard input": ["--token-file", "-"]}.get(way, [])
    environment |= {} if options else {"SLIPWAY_TOKEN_FILE": str(file)}
    command = [sys.executable, "-m", "slipway.runner", "--once", *options]

    ended = subprocess.run(command, env=environment, input=f"{TOKEN}\n".encode(), timeout=SOON, check=False)

    assert (ended.returncode, job.outcome) == (0, "succeeded")


def test_no_token_at_all_on_the_standard_input_is_said() -> None:
    command = [sys.executable, "-m", "slipway.runner", "--token-file", "-"]

    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SOON, check=False)

    assert (ended.returncode, "no token on the standard input" in ended.stderr) == (2, True)


def test_a_runner_is_not_dumpable() -> None:
    code = "from slipway.runner.secrecy import hide_memory; hide_memory(); import ctypes; "
    code += "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"

    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 1
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"0"


def test_the_memory_of_a_runner_is_nobody_else_s(platform: Platform, launch: Launch) -> None:
    runner = launch()
    platform.wait(lambda: platform.count("/lease"))

    # Root keeps the right to read any memory in its capabilities; without these it is a user like others.
    look = ["cat", f"/proc/{runner.pid}/environ"]
    drop = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    done = subprocess.run([*drop, *look], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert "ermission" in done.stderr
