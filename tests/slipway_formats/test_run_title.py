"""Runs have an address that people type, and a title that says what they do."""

import pytest

from slipway_formats.run_title import run_address, run_title

NAMED = [
    (("pipeline", "shop", "", "delivery", 7), "shop/delivery#7", "shop/delivery#7"),
    (("build", "shop", "test", "app", 3), "build:shop/test/app#3", "Build app in shop/test #3"),
    (
        ("deployment-job", "shop", "prod", "hello", 4),
        "deployment-job:shop/prod/hello#4",
        "Deploy hello to shop/prod #4",
    ),
    (("task", "web", "", "tasks/job", 2), "web/tasks/job#2", "Task web/tasks/job#2"),
    (("train", "shop", "", "spring", 1), "shop/spring#1", "shop/spring#1"),
]


@pytest.mark.parametrize(("run", "address", "title"), NAMED)
def test_a_run_is_called_by_what_it_does_and_typed_by_its_address(
    run: tuple[str, str, str, str, int], address: str, title: str
) -> None:
    assert (run_address(*run), run_title(*run)) == (address, title)
