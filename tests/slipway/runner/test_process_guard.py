"""The process guard alone: what it kills, and when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.slipway.runner.test_life import until

HASTY = "from slipway.runner.leases import process_guard; process_guard.LONGEST_SILENCE = 0.5; process_guard.main()"


@pytest.fixture
def process_guard() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", HASTY], stdin=subprocess.PIPE, bufsize=0)
    yield process
    if process.stdin is not None:
        process.stdin.close()
    assert process.wait(5) == 0


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def tell(process_guard: subprocess.Popen[bytes], text: str) -> None:
    assert process_guard.stdin is not None
    os.write(process_guard.stdin.fileno(), text.encode())


def test_a_lease_that_a_frozen_runner_does_not_renew_is_killed(
    process_guard: subprocess.Popen[bytes], sleeper: subprocess.Popen[bytes]
) -> None:
    tell(process_guard, f"hold a-1 0\ngroup a-1 {sleeper.pid}\n")

    assert sleeper.wait(3) == -signal.SIGKILL


def test_a_lease_that_is_renewed_lives(
    process_guard: subprocess.Popen[bytes], sleeper: subprocess.Popen[bytes]
) -> None:
    tell(process_guard, f"hold a-1 0\ngroup a-1 {sleeper.pid}\n")
    for _ in range(8):
        time.sleep(0.1)
        tell(process_guard, "hold a-1 0\n")

    assert sleeper.poll() is None


def test_what_was_freed_outlives_the_runner(
    process_guard: subprocess.Popen[bytes], sleeper: subprocess.Popen[bytes]
) -> None:
    tell(process_guard, f"hold a-1 0\ngroup a-1 {sleeper.pid}\nfree a-1\n")
    assert process_guard.stdin is not None

    process_guard.stdin.close()

    until(lambda: process_guard.poll() is not None)
    assert sleeper.poll() is None


def test_what_a_dead_runner_started_and_did_not_tell_is_known_by_its_mark(
    process_guard: subprocess.Popen[bytes],
) -> None:
    mark = f"job.of.this.test-{uuid4()}"
    marked = subprocess.Popen(["sleep", "60"], start_new_session=True, env={**os.environ, "SLIPWAY_LEASE": mark})
    tell(process_guard, f"hold {mark} 0\n")
    assert process_guard.stdin is not None

    process_guard.stdin.close()

    assert marked.wait(3) == -signal.SIGKILL
