"""Every row of BuildMaster's APIs, held to the exchange that was recorded of it: status, headers and whole body."""

import pytest

from app import OPERATIONS
from tests.dialects.buildmaster.walk import walk
from tests.dialects.platform.site import Site
from tests.dialects.record import Said, hold, never_done

ROWS = tuple(row for row in OPERATIONS if row.dialect.name == "buildmaster")


@pytest.fixture(scope="module")
def said() -> Said:
    site = Site()
    walk(site)
    return site.said


def test_every_exchange_is_as_it_was_recorded(said: Said) -> None:
    hold("buildmaster-exchanges", said)


def test_every_row_was_asked_for_with_success(said: Said) -> None:
    assert never_done(ROWS, said) == set()


def test_refusals_are_plain_text_and_no_status_is_a_surprise(said: Said) -> None:
    refused = [one for one in said if one["status"] >= 400]

    assert {one["status"] for one in said} <= {200, 201, 400, 403, 404, 405, 409, 422}
    assert refused
    assert all(one["headers"]["Content-Type"].startswith("text/plain") and one["answer"] for one in refused)
