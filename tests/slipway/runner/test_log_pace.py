"""Logs go at the pace that the platform asks for, those of a runner together, and whole at the end of a job."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.runner.upload_thread import FIRST, PAUSE, due_at
from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import Platform

TALK = "for i in $(seq 1 40); do echo $i; sleep 0.05; done"
A_WORD = "for i in $(seq 1 20); do echo $i; sleep 0.05; done"
SAID = [str(number) for number in range(1, 41)]


def test_a_job_that_talks_all_the_time_is_sent_at_the_pace_of_the_platform(platform: Platform, start: Start) -> None:
    platform.pace = 0.8
    job = platform.script(TALK)
    begun = time.monotonic()

    start()
    platform.await_end(job)

    assert job.said == SAID
    # The first, what was said before its answer told the pace, one at each multiple of that, and the rest at the end.
    assert job.pieces <= (time.monotonic() - begun) / 0.8 + 4


def test_the_first_word_and_the_last_do_not_wait_for_the_pace(platform: Platform, start: Start) -> None:
    platform.pace = 10.0
    job = platform.script("echo first; sleep 1; echo last")
    start()
    platform.wait(lambda: job.said, 8)

    begun = time.monotonic()
    platform.await_end(job)

    assert (job.said, time.monotonic() - begun < 8) == (["first", "last"], True)


def test_logs_of_one_runner_go_together(platform: Platform, start: Start) -> None:
    platform.pace = 0.5
    jobs = [platform.script(TALK) for _ in range(4)]

    start(slots=4)
    platform.await_end(*jobs)

    assert [job.said for job in jobs] == [SAID] * 4
    apart = sum(call.endswith("/logs") and "/jobs/logs" not in call for call in platform.calls)
    assert sum(job.pieces for job in jobs) - apart >= 2 * platform.count("/jobs/logs")


@pytest.mark.parametrize("takes_all", [False, True])
def test_a_platform_that_is_older_or_busy_gets_every_line_once(
    platform: Platform, start: Start, takes_all: bool
) -> None:
    platform.takes_all = takes_all
    platform.broken, platform.mute = {"/jobs/logs": 3}, {"/logs": 2}
    jobs = [platform.script(A_WORD) for _ in range(3)]

    start(slots=3)
    platform.await_end(*jobs)

    assert [job.said for job in jobs] == [SAID[:20]] * 3
    assert (platform.broken["/jobs/logs"] < 3, platform.mute["/logs"]) == (True, 0)


def test_a_lost_lease_keeps_no_log_of_others(platform: Platform, start: Start) -> None:
    lost, other = platform.script(f"{A_WORD}; sleep 60"), platform.script(A_WORD)
    start(slots=2)
    platform.wait(lambda: lost.said and other.said)

    lost.number += 1
    platform.await_end(other)

    assert other.said == SAID[:20]


@given(st.floats(0, 1e6), st.floats(0, 20))
def test_what_is_buffered_in_one_pace_is_due_at_one_instant_and_soon(now: float, pace: float) -> None:
    due = due_at(now, pace)
    assert PAUSE * 0.99 <= due - now <= max(PAUSE, min(pace, 10.0)) + PAUSE


def test_a_runner_says_whether_a_job_wrote_anything(platform: Platform, start: Start) -> None:
    platform.begins = True
    quiet, loud = platform.script("true"), platform.script("echo here")

    start()
    platform.await_end(quiet, loud)

    assert (quiet.ending.get("silent"), loud.ending.get("silent")) == (True, None)


@given(now=st.floats(0, 1e6))
def test_the_first_word_of_a_log_goes_before_others_are_gathered(now: float) -> None:
    assert due_at(now, None) == now + FIRST < now + PAUSE
