"""Every row of the console, held to the exchange that was recorded of it: status, headers and the whole page.

Addresses of files stand in the record without their hash, which changes with every style.
"""

from typing import Any

import pytest

from app import OPERATIONS
from chalicelib.dialects.console.frame.assets import hash_of_files
from tests.dialects.console.site import Site
from tests.dialects.console.walk import walk
from tests.dialects.record import Said, hold, never_done

ROWS = tuple(row for row in OPERATIONS if row.dialect.name == "console")


@pytest.fixture(scope="module")
def said() -> Said:
    site = Site()
    walk(site)
    return [_without_hash(one) for one in site.said]


def _without_hash(one: dict[str, Any]) -> dict[str, Any]:
    fields = ("asked", "answer")
    return {
        key: value.replace(hash_of_files(), "HASH") if key in fields and isinstance(value, str) else value
        for key, value in one.items()
    }


def test_every_exchange_is_as_it_was_recorded(said: Said) -> None:
    hold("console-exchanges", said)


def test_every_row_was_asked_for_with_success(said: Said) -> None:
    assert never_done(ROWS, said) == set()


def test_no_page_holds_a_style_or_a_script_of_its_own(said: Said) -> None:
    pages = [str(one["answer"]) for one in said if "html" in one["headers"].get("Content-Type", "")]

    assert len(pages) > 10
    for page in pages:
        assert " style=" not in page
        assert "<style" not in page
        assert all(part.startswith(" src=") for part in page.split("<script")[1:])
