"""While two releases run, a function of the older one leaves messages of the newer one alone, each to come again."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.functions import advance, checks, effects, live
from chalicelib.gateways.queues import written
from chalicelib.kernel.engine.message import FORMAT, LookAtRun
from chalicelib.use_cases.ports.bundle import Ports
from tests.use_cases.house import House

Handler = Callable[[Ports, dict[str, Any]], dict[str, Any]]


def newer(tries: int) -> dict[str, Any]:
    """A message that a newer release wrote, as it is received."""
    body = {**json.loads(written(LookAtRun(run="r"))), "format": FORMAT + 1}
    attributes = {"ApproximateReceiveCount": str(tries), "MessageGroupId": "g"}
    return {"messageId": f"m{tries}", "receiptHandle": "r", "body": json.dumps(body), "attributes": attributes}


@pytest.mark.parametrize("handler", [advance.work_off, checks.work_off, effects.work_off, live.work_off])
def test_it_comes_again_a_minute_later_and_changes_nothing(handler: Handler) -> None:
    house = House()

    assert handler(house.ports, {"Records": [newer(1)]}) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert [seconds for _, _, seconds in house.queue.later] == [60]
    assert house.queue.sent == []


def test_it_is_left_for_most_of_an_hour_before_it_is_given_up() -> None:
    house = House()
    for tries in range(1, 8):
        advance.work_off(house.ports, {"Records": [newer(tries)]})

    assert 2400 < sum(seconds for _, _, seconds in house.queue.later) < 3600


def test_what_came_after_it_for_the_same_run_waits_for_it() -> None:
    house = House()
    after = {**newer(2), "body": written(LookAtRun(run="r"))}

    failed = advance.work_off(house.ports, {"Records": [newer(1), after]})["batchItemFailures"]

    assert [one["itemIdentifier"] for one in failed] == ["m1", "m2"]
