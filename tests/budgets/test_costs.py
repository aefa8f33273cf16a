"""What each act of an installation may use of AWS: docs/costs.md counts it, and this keeps it from growing."""

from collections.abc import Iterator

import pytest

from chalicelib.aws.calls import Aws
from tests.bench.costs import page
from tests.bench.costs.month import SIZES, Acts, Size, acts_on
from tests.bench.costs.usage import Usage
from tests.bench.counted import CountedHouse

LIMITS = {
    "run": Usage(requests=22, calls=27, writes=139, reads=95, standard=15, puts=6),
    "nine": Usage(requests=30, calls=57, writes=351, reads=580, standard=81),
    "one": Usage(requests=30, calls=33, writes=40, reads=75, standard=9),
    "idle": Usage(requests=1, calls=1, reads=5),
    "ticket": Usage(requests=1, calls=1, writes=1),
    "push": Usage(requests=1, calls=1, reads=2),
    "sweep": Usage(calls=1, writes=1, reads=30),
    "slot": Usage(writes=2),
}


@pytest.fixture(scope="module")
def acts(aws: Aws) -> Iterator[Acts]:
    house = CountedHouse(aws=aws, prefix="month-")
    yield acts_on(house)
    house.close()


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("what", ["requests", "calls", "writes", "reads", "fifo", "standard", "puts", "gets"])
def test_no_act_uses_more_than_it_did(acts: Acts, name: str, what: str) -> None:
    assert getattr(getattr(acts, name), what) <= getattr(LIMITS[name], what)


def test_a_hundred_idle_runners_cost_less_than_a_hundred_dollars_a_month(acts: Acts) -> None:
    assert page.idle_total(acts) < page.IDLE_GOAL


def test_ten_thousand_pipelines_cost_less_than_three_thousand_dollars_a_month_but_for_lambda(acts: Acts) -> None:
    parts = page.prices_of_a_month(acts, SIZES[-1])
    # What Lambda computes is timed, which a test does not hold to; it is 330 where the machine is not busy.
    assert sum(price for service, price in parts.items() if service != "Lambda") < page.GOAL - 350


def test_ten_thousand_pipelines_have_868_jobs_running_on_a_hundred_runners() -> None:
    assert round(SIZES[-1].running) == 868


def test_twice_the_pipelines_cost_about_twice_as_much(acts: Acts) -> None:
    one, two = (page.total(acts, Size(pipelines=count, runners=count // 100)) for count in (10_000, 20_000))
    assert one < two <= 2 * one
