"""Two platforms on one machine give their leases the same names: neither's runner touches the other's processes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slipway.runner.api import Server, serving
from tests.slipway.runner.conftest import Launch, Start
from tests.slipway.runner.platform import Platform
from tests.slipway.runner.test_life import children_of, until
from tests.slipway.runner.test_loop import is_alive


@pytest.fixture
def neighbour() -> Iterator[Server]:
    """Another platform."""
    with serving(Platform()) as server:
        yield server


@pytest.fixture
def pids(platform: Platform, neighbour: Server, launch: Launch, tmp_path: Path) -> tuple[Path, Path]:
    """Where the jobs of both platforms, equal in id and lease, note their processes. The neighbour's is at work."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    jobs = [
        on.script(f"echo $$ > {pids}; exec sleep 60") for on, pids in ((platform, ours), (neighbour.platform, theirs))
    ]
    launch(SLIPWAY_API=neighbour.address, SLIPWAY_WORK=str(tmp_path / "neighbour"))
    until(lambda: noted(theirs))
    assert jobs[0].id == jobs[1].id
    assert jobs[1].number == 1
    return ours, theirs


def noted(pids: Path) -> int | None:
    """The process that is noted there, or none yet."""
    return int(pids.read_text()) if pids.exists() and pids.read_text().endswith("\n") else None


def test_the_death_of_a_runner_is_no_end_of_the_neighbours_job(launch: Launch, pids: tuple[Path, Path]) -> None:
    runner = launch()
    ours, theirs = (until_noted(one) for one in pids)
    below = children_of(runner.pid)

    runner.send_signal(signal.SIGKILL)

    # Its process guard too: it has killed what it wanted to.
    until(lambda: not any(is_alive(pid) for pid in (ours, *below)))
    assert is_alive(theirs)


def test_a_cancelled_job_is_no_end_of_the_neighbours_job(
    platform: Platform, start: Start, pids: tuple[Path, Path]
) -> None:
    start()
    ours, theirs = (until_noted(one) for one in pids)
    (job,) = platform.jobs.values()

    job.cancel = True
    platform.await_end(job)

    assert (job.number, is_alive(ours), is_alive(theirs)) == (1, False, True)


def until_noted(pids: Path) -> int:
    """The process, once it is noted."""
    until(lambda: noted(pids))
    return noted(pids) or 0
