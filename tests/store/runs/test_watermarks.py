"""The contract of the port Watermarks: the fake and the store keep it alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store.runs.watermarks import StoredWatermarks
from chalicelib.use_cases.ports.locks import Behind, Passed, Watermarks
from tests.fakes.watermarks import FakeWatermarks


@pytest.fixture(params=["fake", "store"])
def watermarks(request: pytest.FixtureRequest) -> Watermarks:
    if request.param == "fake":
        return FakeWatermarks()
    return StoredWatermarks(request.getfixturevalue("tables"))


def test_the_younger_pass_the_older_and_asking_again_answers_the_same(watermarks: Watermarks) -> None:
    for _ in range(2):
        assert watermarks.take("web", "production", 1, "run1") == Passed()
    for _ in range(2):
        assert watermarks.take("web", "production", 3, "run3") == Passed()
        assert watermarks.take("web", "production", 2, "run2") == Behind(by_run="run3", by_number=3)
    assert watermarks.take("web", "production", 1, "run1") == Behind(by_run="run3", by_number=3)


def test_looking_at_the_mark_leaves_it_as_it_is(watermarks: Watermarks) -> None:
    assert watermarks.compare("web", "production", 3) == Passed()
    watermarks.take("web", "production", 2, "run2")
    assert watermarks.compare("web", "production", 1) == Behind(by_run="run2", by_number=2)
    assert [watermarks.compare("web", "production", number) for number in (2, 3)] == [Passed(), Passed()]
    assert watermarks.take("web", "production", 2, "run2") == Passed()


def test_each_stage_and_each_train_has_a_mark_of_its_own(watermarks: Watermarks) -> None:
    watermarks.take("web", "production", 3, "run3")
    assert watermarks.take("web", "staging", 1, "run1") == Passed()
    assert watermarks.take("shop", "production", 1, "run1") == Passed()


def test_of_rivals_none_passes_after_a_younger_one(watermarks: Watermarks) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda number: watermarks.take("web", "one", number, f"run{number}"), range(1, 31)))
    assert answers[29] == Passed()
    assert all(
        watermarks.take("web", "one", number, "late") == Behind(by_run="run30", by_number=30) for number in (1, 29)
    )
