"""The function that runs every minute, at whichever second of it."""

from datetime import timedelta

from chalicelib.functions.sweep import Minutes, sweep
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
