"""The runner as a process: how it ends, and what becomes of its jobs when it or the platform goes away."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from slipway.runner.leases.heartbeat import Timing
from slipway.runner.loop import Tuning
from tests.slipway.runner.api import Server
from tests.slipway.runner.conftest import TOUCHY, Launch, Start
from tests.slipway.runner.platform import SOON, TOKEN, Platform
from tests.slipway.runner.test_loop import is_alive

# Whatever a job runs here sleeps for 60 s.
DEAD_WITHIN = 30.0


def test_a_runner_that_is_killed_takes_its_jobs_with_it(platform: Platform, launch: Launch, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    platform.script(f"echo $$ >> {pids}; setsid sh -c 'echo $$ >> {pids}; exec sleep 60' & sleep 60")
    runner = launch()
    until(lambda: pids.exists() and len(pids.read_text().split()) == 2)

    runner.send_signal(signal.SIGKILL)

    until(lambda: not any(is_alive(int(pid)) for pid in pids.read_text().split()), seconds=DEAD_WITHIN)


def test_a_runner_told_to_end_lets_its_job_finish(platform: Platform, launch: Launch, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    job = platform.script(f"touch {flag}; sleep 0.7; echo done")
    runner = launch()
    until(flag.exists)

    runner.terminate()

    assert runner.wait(SOON) == 0
    assert (job.outcome, job.said) == ("succeeded", ["done"])


def test_a_job_that_takes_longer_than_the_grace_is_handed_back(
    platform: Platform, launch: Launch, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    job = platform.script(f"echo $$ > {pids}; echo begun; sleep 60")
    runner = launch("--grace", "0.2")
    until(lambda: pids.exists() and pids.read_text())

    runner.terminate()

    assert runner.wait(SOON) == 0
    # A poll that was under way may be given it once more, and gives it back.
    assert (job.phase, job.returns in {1, 2}, job.said) == ("waiting", True, ["begun"])
    assert not is_alive(int(pids.read_text()))


def test_an_idle_runner_waits_for_nothing_when_told_to_end(platform: Platform, launch: Launch) -> None:
    runner = launch()
    platform.wait(lambda: platform.count("/lease"))

    runner.send_signal(signal.SIGINT)

    assert runner.wait(5) == 0


def test_pressed_twice_ctrl_c_ends_at_once(platform: Platform, launch: Launch, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    platform.script(f"trap '' TERM INT; echo $$ > {pids}; sleep 60 & wait; sleep 60")
    runner = launch("--grace", "60")
    until(lambda: pids.exists() and pids.read_text())

    runner.send_signal(signal.SIGINT)
    time.sleep(0.3)
    runner.send_signal(signal.SIGINT)

    assert runner.wait(SOON / 2) == 130
    assert not is_alive(int(pids.read_text()))


def test_the_guardian_does_not_outlive_an_idle_runner(platform: Platform, launch: Launch) -> None:
    runner = launch()
    platform.wait(lambda: platform.count("/lease"))
    guards = [pid for pid in children_of(runner.pid) if b"process_guard" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(guards) == 1
    until(lambda: ignores(guards[0], signal.SIGTERM))

    os.kill(guards[0], signal.SIGTERM)
    os.kill(guards[0], signal.SIGINT)
    time.sleep(0.1)
    assert is_alive(guards[0])
    runner.kill()

    until(lambda: not is_alive(guards[0]), seconds=DEAD_WITHIN)


def test_a_guardian_that_is_killed_is_replaced(platform: Platform, launch: Launch, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    runner = launch()
    platform.wait(lambda: platform.count("/lease"))
    (process_guard,) = children_of(runner.pid)
    os.kill(process_guard, signal.SIGKILL)
    until(lambda: not is_alive(process_guard))
    platform.script(f"echo $$ > {pids}; exec sleep 60")
    until(lambda: pids.exists() and pids.read_text())

    runner.kill()

    until(lambda: not is_alive(int(pids.read_text())), seconds=DEAD_WITHIN)


def test_a_runner_finds_the_platform_by_its_ready_file(
    platform: Platform, server: Server, launch: Launch, tmp_path: Path
) -> None:
    job = platform.script("true")
    launch(SLIPWAY_API="", SLIPWAY_TOKEN="")
    time.sleep(0.3)

    (tmp_path / "ready.json").write_text(json.dumps({"api": server.address, "admin_token": "of nobody's business"}))
    (tmp_path / "runner-token").write_text(f"{TOKEN}\n")

    platform.await_end(job)


def test_a_new_token_is_read_when_the_old_one_does_not_hold(
    platform: Platform, server: Server, launch: Launch, tmp_path: Path
) -> None:
    job = platform.script("true")
    (tmp_path / "ready.json").write_text(json.dumps({"api": server.address}))
    (tmp_path / "runner-token").write_text("old")
    launch(SLIPWAY_API="", SLIPWAY_TOKEN="")
    platform.wait(lambda: platform.count("/lease"))

    (tmp_path / "runner-token").write_text(TOKEN)

    platform.await_end(job)


def test_a_token_that_does_not_hold_ends_the_runner_with_a_hint(launch: Launch, tmp_path: Path) -> None:
    runner = launch(SLIPWAY_TOKEN="wrong")

    assert runner.wait(SOON) == 4
    assert "slipway login" in (tmp_path / "runner.log").read_text()


def test_one_job_is_enough_when_asked_for_one(platform: Platform, launch: Launch) -> None:
    first, second = platform.script("true"), platform.script("true")

    assert launch("--once").wait(SOON) == 0

    assert (first.outcome, second.phase) == ("succeeded", "waiting")


def test_a_restart_of_the_platform_loses_no_job(platform: Platform, server: Server, start: Start) -> None:
    job = platform.script("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done")
    start(Tuning(timing=Timing(beat=0.2, again=0.1, silence=20.0), poll=0.3))
    platform.wait(lambda: job.said)

    server.down()
    time.sleep(0.6)
    server.up()

    platform.await_end(job)
    assert (job.outcome, job.said) == ("succeeded", list("12345678"))
    after = platform.script("true")
    platform.await_end(after)


def test_an_end_told_twice_counts_once(platform: Platform, start: Start) -> None:
    first, second = platform.script("sleep 0.3"), platform.script("true")
    platform.mute = {"/finish": 1}

    start(slots=1)
    platform.await_end(first, second)

    assert (first.outcome, second.outcome, second.number) == ("succeeded", "succeeded", 1)
    assert platform.count("/finish") == 3


def test_a_platform_that_stays_away_costs_the_lease(
    platform: Platform, server: Server, start: Start, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    job = platform.script(f"trap '' TERM; echo $$ > {pids}; while true; do sleep 0.05; done")
    runner = start(TOUCHY)
    platform.wait(lambda: pids.exists() and pids.read_text())

    server.down()

    assert runner.is_idle(SOON)
    assert not is_alive(int(pids.read_text()))
    server.up()
    time.sleep(0.3)
    assert (job.phase, job.ending) == ("leased", {})


@pytest.mark.parametrize("slots", ["0", "65", "many", "-1"])
def test_a_number_of_slots_is_from_1_to_64(launch: Launch, slots: str) -> None:
    assert launch(f"--slots={slots}").wait(SOON) == 2


def until(condition: Callable[[], object], seconds: float = SOON) -> None:
    """Wait until it is so; fail when it does not become so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def ignores(pid: int, number: signal.Signals) -> bool:
    """Whether the process ignores the signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    return bool(int(status.partition("SigIgn:")[2].split()[0], 16) >> (number - 1) & 1)


def children_of(pid: int) -> list[int]:
    """The process's children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
