"""Heartbeats: one call of a runner keeps all its leases, and each is given up before it ends."""

from __future__ import annotations

import time

from slipway.runner.leases.heartbeat import Timing
from slipway.runner.loop import Tuning
from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import Platform

OLDER = {"message": "no such path", "errors": []}


def test_one_call_keeps_all_leases_of_a_runner(platform: Platform, start: Start) -> None:
    jobs = [platform.script("sleep 60") for _ in range(4)]
    start(slots=4)
    platform.wait(lambda: all(job.began_at for job in jobs))
    platform.calls.clear()

    platform.wait(lambda: all(job.beats >= 4 for job in jobs))

    assert platform.count("/heartbeat") == 0
    assert platform.count("/heartbeats") <= max(job.beats for job in jobs)


def test_an_older_platform_is_told_of_each_lease(platform: Platform, start: Start) -> None:
    platform.more = {("POST", "/api/v1/jobs/heartbeats"): lambda _, __: (404, OLDER)}
    jobs = [platform.script("sleep 60") for _ in range(2)]
    start(slots=2)

    platform.wait(lambda: all(job.beats >= 4 for job in jobs))


def test_a_lease_that_is_answered_and_not_renewed_is_given_up_in_time(platform: Platform, start: Start) -> None:
    platform.lasts = 24.5
    job = platform.script("sleep 60")
    runner = start(Tuning(timing=Timing(beat=0.2, again=0.1, silence=1.5), poll=0.3, kill_after=0.3))
    platform.wait(lambda: job.beats >= 10)
    assert runner.is_idle(0) is False, "it was renewed half a second before each answer"

    platform.lasts = 23.0

    assert runner.is_idle(10)


def test_a_lease_that_the_platform_leaves_out_is_told_again_soon(platform: Platform, start: Start) -> None:
    job = platform.script("sleep 60")
    start(Tuning(timing=Timing(beat=0.2, again=0.1, silence=20.0), poll=0.3, kill_after=0.3))
    platform.wait(lambda: job.began_at)
    asked: list[float] = []

    def leave_out(_path: str, _body: object) -> tuple[int, object]:
        asked.append(time.monotonic())
        return 200, {"leases": [], "lease_seconds": 25}

    platform.more = {("POST", "/api/v1/jobs/heartbeats"): leave_out}
    platform.wait(lambda: len(asked) >= 4)


def test_a_job_that_writes_its_log_needs_no_heartbeat(platform: Platform, start: Start) -> None:
    platform.renews_by_logs = True
    job = platform.script("for i in $(seq 1 36); do echo $i; sleep 0.05; done; sleep 60")
    start(Tuning(timing=Timing(beat=1.0, again=0.1, silence=20.0), poll=0.3, kill_after=0.3))
    platform.wait(lambda: len(job.said) >= 28)

    assert job.beats <= 1, "that it began"
    platform.wait(lambda: job.beats >= 2)


def test_a_job_hears_by_its_log_that_it_must_stop(platform: Platform, start: Start) -> None:
    platform.renews_by_logs = True
    job = platform.script("while true; do echo on; sleep 0.05; done")
    start(Tuning(timing=Timing(beat=60.0, again=0.1, silence=90.0), poll=0.3, kill_after=0.3))
    platform.wait(lambda: job.said)

    job.cancel = True

    platform.await_end(job)
    assert job.outcome == "cancelled"
