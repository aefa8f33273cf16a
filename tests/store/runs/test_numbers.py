"""The contract of the port Numbers: the fake and the store keep it alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store.runs.numbers import StoredNumbers
from chalicelib.use_cases.ports.runs import Numbers
from tests.fakes.numbers import FakeNumbers


@pytest.fixture(params=["fake", "store"])
def numbers(request: pytest.FixtureRequest) -> Numbers:
    return FakeNumbers() if request.param == "fake" else StoredNumbers(request.getfixturevalue("tables"))


def test_numbers_count_from_one_and_each_counter_for_itself(numbers: Numbers) -> None:
    assert [numbers.following("runs of web") for _ in range(3)] == [1, 2, 3]
    assert numbers.following("runs of shop") == 1


def test_in_a_crowd_no_number_is_given_twice(numbers: Numbers) -> None:
    with ThreadPoolExecutor(6) as threads:
        given = list(threads.map(lambda _: numbers.following("crowd"), range(60)))
    assert sorted(given) == list(range(1, 61))
