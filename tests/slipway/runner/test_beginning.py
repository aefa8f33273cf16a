"""No work begins before the platform has heard so: a lease that is lost until then is no attempt."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from slipway.runner.leases.held import Stop
from slipway.runner.loop import Runner
from tests.slipway.runner.conftest import TOUCHY, Start
from tests.slipway.runner.platform import SOON, FakeJob, Platform

ALWAYS = 1_000_000


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "trace"


@pytest.fixture
def job(platform: Platform, trace: Path) -> FakeJob:
    """A script that leaves a line with the time at which it began."""
    return platform.script(f"date +%s.%N >> {trace}")


def await_idle(platform: Platform, runner: Runner) -> None:
    platform.wait(lambda: platform.count("/heartbeat"))
    runner.drain()
    assert runner.is_idle(SOON)


def test_a_script_begins_after_the_platform_has_heard_so(
    platform: Platform, job: FakeJob, start: Start, trace: Path
) -> None:
    platform.broken = {"/heartbeat": 2}

    start()
    platform.await_end(job)

    # The heart may beat besides, while the first answers are awaited.
    assert (job.outcome, platform.count("/heartbeat") >= 3) == ("succeeded", True)
    assert job.is_promised
    assert 0 < job.began_at <= float(trace.read_text())


def test_a_script_begins_once_though_the_answer_was_lost(
    platform: Platform, job: FakeJob, start: Start, trace: Path
) -> None:
    platform.mute = {"/heartbeat": 1}

    start()
    platform.await_end(job)

    assert (job.outcome, job.beats >= 2) == ("succeeded", True)
    assert len(trace.read_text().splitlines()) == 1


def test_a_job_cancelled_before_it_began_never_begins(
    platform: Platform, job: FakeJob, start: Start, trace: Path
) -> None:
    job.cancel = True

    start()
    platform.await_end(job)

    assert (job.outcome, trace.exists()) == ("cancelled", False)


def test_a_job_whose_lease_was_lost_before_it_began_never_begins_and_says_nothing(
    platform: Platform, job: FakeJob, start: Start, trace: Path
) -> None:
    lost = {"message": "the lease is lost", "errors": []}
    platform.more = {("POST", f"/api/v1/jobs/{job.id}/heartbeat"): lambda _, __: (409, lost)}

    await_idle(platform, start())

    assert (job.ending, job.log, trace.exists()) == ({}, [], False)


def test_a_platform_that_does_not_hear_of_it_lets_nothing_begin(
    platform: Platform, job: FakeJob, start: Start, trace: Path
) -> None:
    platform.broken = {"/heartbeat": ALWAYS, "/heartbeats": ALWAYS}

    await_idle(platform, start(TOUCHY))

    assert (job.phase, job.ending, job.log, trace.exists()) == ("leased", {}, [], False)


def test_a_job_that_cannot_begin_in_its_time_has_failed(platform: Platform, start: Start, trace: Path) -> None:
    job = platform.script(f"touch {trace}", timeout=0.2)
    platform.broken = {"/heartbeat": ALWAYS, "/heartbeats": ALWAYS}

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("failed", "not done after 0.2 seconds")
    assert not trace.exists()


def test_a_runner_told_to_end_hands_back_what_it_has_not_begun(
    platform: Platform, job: FakeJob, start: Start, trace: Path
) -> None:
    platform.broken = {"/heartbeat": ALWAYS, "/heartbeats": ALWAYS}
    runner = start()
    platform.wait(lambda: platform.count("/heartbeat"))

    runner.drain()
    runner.stop(Stop.RETURNED)

    platform.wait(lambda: job.returns)
    assert (job.outcome, trace.exists()) == ("", False)


def test_every_heartbeat_says_what_the_first_one_said(platform: Platform, start: Start) -> None:
    job = platform.script("sleep 600")
    start()
    platform.wait(lambda: job.began_at)

    job.began_at = 0.0

    platform.wait(lambda: job.began_at)
    job.cancel = True
    platform.await_end(job)
    assert job.began_at <= time.time()


def test_a_job_that_has_begun_with_the_answer_that_brought_it_needs_no_heartbeat(
    platform: Platform, start: Start
) -> None:
    platform.begins = True
    jobs = [platform.script("true") for _ in range(4)]

    start(slots=1)
    platform.await_end(*jobs)

    assert [job.outcome for job in jobs] == ["succeeded"] * 4
    assert platform.count("/heartbeat") == 1


def test_it_begins_once_though_that_answer_was_lost(platform: Platform, start: Start, trace: Path) -> None:
    platform.begins = True
    first, second = platform.script("true"), platform.script(f"date +%s.%N >> {trace}")
    platform.mute = {"/finish": 1}

    start(slots=1)
    platform.await_end(first, second)

    assert (second.outcome, second.number) == ("succeeded", 1)
    assert len(trace.read_text().splitlines()) == 1


def test_a_platform_that_is_taken_back_while_a_job_runs_hears_its_end(
    platform: Platform, start: Start, trace: Path
) -> None:
    platform.begins = True
    job = platform.script(f"while [ ! -e {trace} ]; do sleep 0.05; done")

    start(slots=1)
    platform.wait(lambda: job.began_at)
    platform.begins = False
    trace.touch()
    platform.await_end(job)

    assert job.outcome == "succeeded"
