"""Pods are reported soon, the newest last, and again where the platform was away."""

from collections.abc import Sequence
from typing import Any, cast

from slipway.client_error import ApiError
from slipway.runner.executors.port import PodState
from slipway.runner.executors.reporter import PodReporter
from slipway.runner.job_records import Job, Lease
from slipway.runner.jobs import LeaseLostError
from tests.walks.api import eventually

LEASE = Lease(
    token="t", number=1,
    job=Job(id="job1", run="run1", kind="task", project="web", environment="staging", name="it", attempt=1),
)  # fmt: skip


class Platform:
    """Takes reports. failing: what it answers to the next ones."""

    def __init__(self, *failing: Exception) -> None:
        self.failing = list(failing)
        self.reports: list[tuple[int, tuple[PodState, ...]]] = []

    def report_pods(self, _lease: Lease, number: int, pods: Sequence[PodState]) -> None:
        if self.failing:
            raise self.failing.pop(0)
        self.reports.append((number, tuple(pods)))


def reporter(platform: Platform, said: list[str] | None = None) -> PodReporter:
    return PodReporter(cast("Any", platform), LEASE, (said if said is not None else []).append)


def test_the_newest_state_is_reported_last_and_numbers_grow() -> None:
    platform = Platform()
    reporting = reporter(platform)
    states = [PodState(name="it-0", restarts=number) for number in range(50)]
    for state in states:
        reporting.notify((state,))
    reporting.close()

    assert platform.reports[-1][1] == (states[-1],)
    assert len(platform.reports) < len(states)
    numbers = [number for number, _ in platform.reports]
    assert numbers == sorted(set(numbers))


def test_a_platform_that_is_away_is_told_again() -> None:
    platform = Platform(ApiError(0, "away"), ApiError(503, "busy"))
    reporting = reporter(platform)
    reporting.notify((PodState(name="it-0"),))

    eventually(lambda: platform.reports)
    reporting.close()


def test_a_lost_lease_and_a_refusal_are_not_told_again() -> None:
    said: list[str] = []
    platform = Platform(LeaseLostError("lost"), ApiError(400, "no"))
    reporting = reporter(platform, said)
    reporting.notify((PodState(name="it-0"),))
    eventually(lambda: len(platform.failing) == 1)
    reporting.notify((PodState(name="it-0", ready=True),))
    reporting.close()

    assert platform.reports == []
    assert len(said) == 1
