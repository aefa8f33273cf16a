"""Times of the bench are told as ratios, and a budget of time is as long as the machine makes bare Python."""

from tests.bench import yardstick
from tests.bench.budgets import BUDGETS, Key
from tests.bench.figures import Figures, Measured, is_met
from tests.bench.yardstick import Yardstick

USUAL = Yardstick(start=20, work=20, commit=2)
SLOW = Yardstick(start=60, work=40, commit=8)


def met(key: Key, value: float, by: Yardstick) -> bool:
    figures: Figures = {key: Measured(value=value, by=by)}
    return is_met(key, figures)


def test_a_budget_of_time_is_as_much_longer_as_python_works_to_start_and_no_longer_for_others() -> None:
    limit = BUDGETS[Key.TRIGGER].limit

    assert met(Key.TRIGGER, limit, USUAL)
    assert not met(Key.TRIGGER, 2 * limit, USUAL)
    assert met(Key.TRIGGER, 2 * limit, SLOW)
    assert not met(Key.TRIGGER, 2.1 * limit, SLOW)


def test_processor_time_is_measured_by_processor_time() -> None:
    limit = BUDGETS[Key.API_IMPORT].limit

    assert met(Key.API_IMPORT, 2 * limit, SLOW)
    assert not met(Key.API_IMPORT, 2.1 * limit, SLOW)


def test_what_is_counted_is_the_same_on_every_machine() -> None:
    assert not met(Key.WRITES, 2 * BUDGETS[Key.WRITES].limit, SLOW)


def test_a_ratio_is_of_starts_and_of_commits_whatever_the_unit() -> None:
    assert yardstick.ratios(0.12, SLOW, BUDGETS[Key.START]) == ("2", "15")
    assert yardstick.ratios(120, SLOW, BUDGETS[Key.TRIGGER]) == ("2", "15")
    assert yardstick.ratios(120, SLOW, BUDGETS[Key.API_IMPORT]) == ("3", "-")


def test_the_yardstick_is_taken_on_this_machine() -> None:
    taken = yardstick.taken()

    assert taken.start > 0 < taken.commit
    assert taken.work > 0
