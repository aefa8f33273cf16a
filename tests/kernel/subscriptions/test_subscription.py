"""Which events a webhook is called for, and when it is paused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.subscriptions.event_delivery import (
    LONGEST_ANSWER,
    MOST_ATTEMPTS,
    Attempt,
    DeliveryStatus,
    EventDelivery,
    attempted,
)
from chalicelib.kernel.subscriptions.subscription import GONE, PAUSED_AFTER, Subscription, Subscriptions, after_call
from tests.builders import NOON, later

ONE = Subscription(id="w1", project="web", url="https://x.example.org", secret="s1", by="ada", at=NOON)
BEGAN = Occurrence(type=OccurrenceType.RUN_BEGAN, project="web", subject="run1", at=later(1), facts={})


@pytest.mark.parametrize(
    ("subscription", "occurrence", "wants"),
    [
        (ONE, BEGAN, True),
        (ONE, replace(BEGAN, project="api"), False),
        (replace(ONE, project=""), replace(BEGAN, project="api"), True),
        (ONE, replace(BEGAN, at=later(-1)), False),
        (replace(ONE, kinds=("gate", "run.ended")), BEGAN, False),
        (replace(ONE, kinds=("gate", "run")), BEGAN, True),
        (replace(ONE, paused="it failed"), BEGAN, False),
    ],
)
def test_who_is_called_for_what(subscription: Subscription, occurrence: Occurrence, *, wants: bool) -> None:
    assert subscription.wants(occurrence) is wants
    assert (list(Subscriptions(all=(subscription,)).wanting(occurrence)) != []) is wants


def test_one_that_fails_for_a_day_is_paused_and_says_since_when() -> None:
    failing = after_call(ONE, 500, NOON, went_well=False)
    assert (failing.failing_since, failing.paused) == (NOON, "")
    still = after_call(failing, 0, NOON + PAUSED_AFTER - timedelta(seconds=1), went_well=False)
    assert (still.failing_since, still.paused) == (NOON, "")
    paused = after_call(still, 0, NOON + PAUSED_AFTER, went_well=False)
    assert paused.paused == "no call has gone well since 2026-06-01 12:00 UTC"


def test_a_success_between_begins_anew() -> None:
    assert after_call(replace(ONE, failing_since=NOON), 200, later(9), went_well=True).failing_since is None


def test_one_that_wants_no_more_is_paused_at_once() -> None:
    assert after_call(ONE, GONE, NOON, went_well=False).paused == "its address answered 410: it wants no more"


def test_the_latest_attempts_are_kept() -> None:
    delivery = EventDelivery(subscription="w1", event="1.0", type="t", project="web", body="{}", at=NOON)
    for number in range(MOST_ATTEMPTS + 3):
        tried = Attempt(at=later(number), status=500, said="x" * 1000)
        delivery = attempted(delivery, tried, later(number + 5), went_well=False)
    assert (delivery.status, len(delivery.attempts)) == (DeliveryStatus.PENDING, MOST_ATTEMPTS)
    assert (delivery.attempts[-1].at, len(delivery.attempts[-1].said)) == (later(MOST_ATTEMPTS + 2), LONGEST_ANSWER)
    done = attempted(delivery, Attempt(at=NOON, status=200, said="answered 200"), None, went_well=True)
    assert (done.status, done.due_at) == (DeliveryStatus.DELIVERED, None)
    gone = attempted(delivery, Attempt(at=NOON, status=410, said="answered 410"), None, went_well=False)
    assert gone.status is DeliveryStatus.FAILED
