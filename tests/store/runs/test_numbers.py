"""The contract of the port Numbers: the fake and the store keep it alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.kernel.integer_ids import IdOwner, first_of
from chalicelib.store.runs.numbers import StoredNumbers
from chalicelib.use_cases.ports.numbers import Numbers
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


def test_ids_come_in_blocks_that_know_their_owner(numbers: Numbers) -> None:
    assert [numbers.following_id("train"), numbers.following_id("run", "01J")] == [10_001, 10_101]

    owners = [numbers.find_owner(number) for number in (10_001, 10_100, 10_101, 10_200)]
    assert owners == [IdOwner(kind="train", id="10001")] * 2 + [IdOwner(kind="run", id="01J")] * 2


def test_what_was_never_given_has_no_owner(numbers: Numbers) -> None:
    numbers.following_id("train")

    assert [numbers.find_owner(number) for number in (-1, 1, 99, 10_000, 10_101, 2**31)] == [None] * 6
    assert numbers.following_id("train") == 10_101
    assert numbers.find_owner(10_101) == IdOwner(kind="train", id="10101")


def test_in_a_crowd_no_block_is_given_twice(numbers: Numbers) -> None:
    with ThreadPoolExecutor(6) as threads:
        given = list(threads.map(lambda number: numbers.following_id("run", str(number)), range(30)))

    assert sorted(given) == [first_of(block) for block in range(1, 31)]
    assert [numbers.find_owner(first) for first in given] == [IdOwner(kind="run", id=str(one)) for one in range(30)]


def test_an_owner_of_one_block_gets_the_same_one_again(numbers: Numbers) -> None:
    first = numbers.ensure_ids("run", "01J")
    numbers.ensure_ids("run", "01K")

    assert (numbers.ensure_ids("run", "01J"), numbers.find_owner(first)) == (first, IdOwner(kind="run", id="01J"))


def test_in_a_crowd_an_owner_has_one_block(numbers: Numbers) -> None:
    with ThreadPoolExecutor(6) as threads:
        given = set(threads.map(lambda _: numbers.ensure_ids("run", "01J"), range(12)))

    assert len(given) == 1
