"""When the schedule of a train makes its next snapshot."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.trains.gated import GatedTravel, Readiness
from chalicelib.kernel.trains.schedule import answered, next_build, scheduled, with_next_fire
from chalicelib.kernel.trains.train import Cancelled
from tests.builders import NOON
from tests.kernel.trains.given import a_train

HOURLY = GatedTravel(pipeline=1, schedule="0 0 * ? * *;0 30 * ? * *")
DUE = scheduled(HOURLY, NOON - timedelta(minutes=1))
HALF_PAST = NOON + timedelta(minutes=30)


def fire(gated: GatedTravel | None) -> datetime | None:
    return gated.build_at if gated is not None else None


def test_the_earliest_cron_fires_next() -> None:
    assert fire(DUE) == NOON
    assert fire(scheduled(HOURLY, NOON)) == HALF_PAST


def test_a_fire_that_is_due_stays_when_other_things_are_said() -> None:
    assert DUE is not None
    assert fire(scheduled(replace(DUE, properties={"a": "1"}), HALF_PAST, DUE)) == NOON
    assert fire(scheduled(replace(DUE, schedule="0 45 * ? * *"), HALF_PAST, DUE)) == NOON + timedelta(minutes=45)
    assert fire(scheduled(replace(DUE, timezone="Asia/Kolkata"), NOON, DUE)) == HALF_PAST


def test_nothing_fires_while_snapshots_stand_still_and_what_is_missed_meanwhile_is_over() -> None:
    assert DUE is not None
    still = scheduled(replace(DUE, readiness=Readiness.SUSPENDED), NOON, DUE)
    assert still is not None
    assert still.build_at is None
    assert fire(scheduled(replace(still, readiness=Readiness.STARTED), NOON, still)) == HALF_PAST


def test_without_a_schedule_and_after_the_last_fire_nothing_is_due() -> None:
    assert fire(scheduled(GatedTravel(pipeline=1), NOON)) is None
    assert fire(scheduled(replace(HOURLY, schedule="0 0 1 1 1 ? 2000"), NOON)) is None
    assert scheduled(None, NOON) is None


def test_what_was_answered_comes_never_again() -> None:
    assert DUE is not None
    after = answered(DUE, NOON)
    assert fire(after) == HALF_PAST
    slow = NOON - timedelta(milliseconds=5)
    assert fire(scheduled(replace(after, schedule="0 0/30 * ? * *"), slow, after)) == HALF_PAST


def test_a_train_that_is_over_makes_none() -> None:
    train = replace(a_train(), gated=DUE)
    assert next_build(train) == NOON
    assert next_build(replace(train, ending=Cancelled(by="ada", at=NOON))) is None
    assert next_build(a_train()) is None


@given(st.integers(min_value=0, max_value=10**6))
def test_the_next_fire_is_always_ahead(seconds: int) -> None:
    now = NOON + timedelta(seconds=seconds)
    found = with_next_fire(HOURLY, now).build_at
    assert found is not None
    assert now < found <= now + timedelta(minutes=30)
