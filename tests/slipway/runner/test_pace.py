"""How often an idle runner asks for work: a platform that cannot hold its request is not asked without a pause."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from slipway.client import Client, Manners
from slipway.runner.job_records import Said, Want
from slipway.runner.jobs import JobsApi
from slipway.runner.loop import Tuning
from slipway.runner.pace import HINTS, pause
from tests.slipway.runner.api import Server
from tests.slipway.runner.conftest import FAST, Start
from tests.slipway.runner.platform import SOON, TOKEN, Platform

WAIT = 0.4
DICE = some.floats(0, 1, exclude_max=True)
SECONDS = some.floats(0, 120)


def asked_within(platform: Platform, seconds: float) -> int:
    """How many requests for work come in so many seconds after the first."""
    platform.wait(lambda: platform.waits)
    until = time.monotonic() + seconds
    before = len(platform.waits)
    time.sleep(max(0.0, until - time.monotonic()))
    return len(platform.waits) - before


def test_a_platform_that_answers_empty_at_once_is_asked_once_a_wait(platform: Platform, start: Start) -> None:
    platform.holds = False
    start(Tuning(poll=WAIT))
    assert asked_within(platform, 5 * WAIT) in range(1, 6)


def test_a_runner_that_takes_guests_asks_once_a_wait_too(platform: Platform, start: Start) -> None:
    platform.holds = False
    job = platform.script("sleep 30")
    start(Tuning(timing=FAST.timing, poll=WAIT, kill_after=0.3, still=0.0), slots=1, guests=1)
    platform.wait(lambda: job.phase == "leased" and len(platform.waits) > 1)
    asked = asked_within(platform, 5 * WAIT)
    job.cancel = True
    platform.await_end(job)
    assert asked in range(1, 6)


def test_a_hint_of_the_platform_is_followed(platform: Platform, start: Start) -> None:
    platform.holds, platform.again_in = False, 0.1
    start(Tuning(poll=30.0))
    platform.wait(lambda: len(platform.waits) > 3, seconds=SOON / 2)


@pytest.mark.parametrize("hint", ["soon", None, True, float("nan"), float("inf"), 10**400, {}])
def test_a_hint_that_is_no_length_of_time_is_none(server: Server, hint: object) -> None:
    server.platform.holds, server.platform.again_in = False, hint  # type: ignore[assignment]  # of a broken platform
    said = Said(pool="default", runner="r", slots=1, version="1")
    with Client(server.address, TOKEN, Manners(patience=0)) as client:
        offer = JobsApi(client, said, lambda: 0).lease(Want(slots=1, nonce="n" * 32, wait=WAIT))
    assert offer.again_in is None


def test_without_a_hint_a_platform_is_asked_once_a_wait(platform: Platform, start: Start) -> None:
    platform.holds, platform.again_in = False, "soon"  # type: ignore[assignment]  # of a broken platform
    start(Tuning(poll=WAIT))
    assert asked_within(platform, 3 * WAIT) in range(1, 4)


def test_a_pause_ends_with_the_runner(platform: Platform, start: Start) -> None:
    platform.holds = False
    runner = start(Tuning(poll=SOON))
    platform.wait(lambda: platform.waits)
    runner.drain()
    assert runner.ended.wait(SOON / 2)


@given(wait=SECONDS, took=SECONDS, dice=DICE)
def test_request_and_pause_last_the_wait_together(wait: float, took: float, dice: float) -> None:
    rest = pause(wait, took, None, lambda: dice)
    assert took + rest >= wait or took + rest == pytest.approx(wait)
    assert 0 <= rest <= wait * 1.2


@given(wait=SECONDS, hint=some.floats(allow_nan=False), dice=DICE)
def test_no_hint_makes_a_runner_hammer_or_sleep_for_ever(wait: float, hint: float, dice: float) -> None:
    assert HINTS[0] <= pause(wait, 0.0, hint, lambda: dice) <= HINTS[1] * 1.2
