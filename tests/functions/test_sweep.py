"""The function that runs every minute, at whichever second of it."""

from datetime import timedelta

import pytest

from chalicelib.functions.sweep import Minutes, RecentlyEnqueued, Unswept, sweep, whole
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

    for part, failed in (("swept", done["swept"] - 1), ("owed", False), ("trains", False)):
        with pytest.raises(Unswept, match=part):
            whole({**done, part: failed})
    assert whole({**done, "sealed": False}) == {**done, "sealed": False}
