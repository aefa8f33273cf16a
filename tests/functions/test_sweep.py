"""The function that runs every minute, at whichever second of it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.functions.sweep import SELDOM, Minutes, RecentlyEnqueued, Turn, Unswept, sweep, turn_in, whole
from chalicelib.kernel.plans.work import Wait
from tests.builders import a_gate, a_plan, a_stage
from tests.use_cases.house import House


def sealed_at(*seconds: float) -> list[bool]:
    """Of sweeps so many seconds after noon, which sealed."""
    house, minutes = House(), Minutes()
    noon = house.world.now()
    found: list[bool] = []
    for second in seconds:
        house.world.at = noon + timedelta(seconds=second)
        found.append(sweep(house.ports, minutes)["sealed"])
    return found


def test_a_sweep_that_comes_each_minute_seals_whichever_second_it_comes_at() -> None:
    assert sealed_at(37, 96.9, 157.2) == [True, True, True]


def test_sweeps_that_come_each_second_seal_once_a_minute() -> None:
    assert sealed_at(*range(120)).count(True) == 2


def test_what_is_overdue_is_told_again_after_a_while_alone() -> None:
    house, told = House(), RecentlyEnqueued()
    house.start(a_plan(a_stage(gates=(a_gate(work=Wait(duration=timedelta(seconds=5))),))))
    house.world.move(timedelta(seconds=5))
    house.queue.sent.clear()
    for _ in range(25):
        sweep(house.ports, recent=told)
        house.world.move(timedelta(seconds=1))
    assert len(house.queue.messages("timers")) == 3
    assert len(told.latest) == 1


def test_a_minute_later_all_that_is_due_is_told_again() -> None:
    house, told = House(), RecentlyEnqueued()
    house.start(a_plan(a_stage(gates=(a_gate(work=Wait(duration=timedelta(seconds=5))),))))
    house.queue.sent.clear()
    for _ in range(3):
        house.world.move(timedelta(minutes=1))
        sweep(house.ports, recent=told)
    assert len(house.queue.messages("timers")) == 3


def test_a_sweep_of_which_a_part_failed_has_failed_and_did_the_rest() -> None:
    house = House()
    done = whole(sweep(house.ports))

    for part in ("shard 3", "owed", "trains"):
        with pytest.raises(Unswept, match=part):
            whole({**done, part: False})
    assert whole({**done, "sealed": False}) == {**done, "sealed": False}


@pytest.mark.parametrize("of", [1, 2, 4, 50])
def test_the_turns_of_a_sweep_have_each_part_once(of: int) -> None:
    house = House()
    done = Counter(
        part
        for number in range(of)
        for part in sweep(house.ports, turn=Turn(number=number, of=of))
        if part not in SELDOM
    )

    assert dict(done) == dict.fromkeys(sweep(house.ports).keys() - SELDOM, 1)


def test_without_a_turn_in_its_event_a_sweep_is_for_all() -> None:
    events: list[dict[str, Any]] = [{}, {"detail": {}}, {"detail": None}]
    assert {turn_in(event) for event in events} == {Turn(number=0, of=1)}
    assert turn_in({"detail": {"turn": 2, "of": 4}}) == Turn(number=2, of=4)
