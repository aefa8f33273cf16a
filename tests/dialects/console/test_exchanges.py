"""Every row of the console, held to the exchange that was recorded of it: status, headers and the whole page.

Addresses of files stand in the record without their hash, which changes with every style.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from app import OPERATIONS
from chalicelib.dialects.console.frame.assets import hash_of_files
from tests.dialects.console.site import Site
from tests.dialects.console.walk import walk
from tests.dialects.console.walk_trains_and_tasks import walk_tasks, walk_trains
from tests.dialects.record import Said, hold, never_done

ROWS = tuple(row for row in OPERATIONS if row.dialect.name == "console")


WALKS: Mapping[str, Callable[[Site], None]] = {
    "console-exchanges": walk,
    "console-exchanges-of-trains": walk_trains,
    "console-exchanges-of-tasks": walk_tasks,
}
"""By the record of each. Each has a house of its own."""


@pytest.fixture(scope="module")
def records() -> Mapping[str, Said]:
    return {name: _said(each) for name, each in WALKS.items()}


@pytest.fixture(scope="module")
def said(records: Mapping[str, Said]) -> Said:
    return [one for record in records.values() for one in record]


def _said(each: Callable[[Site], None]) -> Said:
    site = Site()
    each(site)
    return [_without_hash(one) for one in site.said]


def _without_hash(one: dict[str, Any]) -> dict[str, Any]:
    fields = ("asked", "answer")
    return {
        key: value.replace(hash_of_files(), "HASH") if key in fields and isinstance(value, str) else value
        for key, value in one.items()
    }


@pytest.mark.parametrize("name", WALKS)
def test_every_exchange_is_as_it_was_recorded(records: Mapping[str, Said], name: str) -> None:
    hold(name, records[name])


def test_every_row_was_asked_for_with_success(said: Said) -> None:
    assert never_done(ROWS, said) == set()


def test_no_page_holds_a_style_or_a_script_of_its_own(said: Said) -> None:
    pages = [str(one["answer"]) for one in said if "html" in one["headers"].get("Content-Type", "")]

    assert len(pages) > 10
    for page in pages:
        assert " style=" not in page
        assert "<style" not in page
        assert all(part.startswith(" src=") for part in page.split("<script")[1:])
