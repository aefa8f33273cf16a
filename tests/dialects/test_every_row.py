"""Every row of the whole table has an exchange on record that went well: status and whole body.

That what is recorded is what is said, the test_exchanges.py of each dialect holds.
"""

import pytest

from app import OPERATIONS
from tests.dialects.record import never_done, recorded

DIALECTS = sorted({row.dialect.name for row in OPERATIONS})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_row_has_a_recorded_success(dialect: str) -> None:
    rows = [row for row in OPERATIONS if row.dialect.name == dialect]

    assert never_done(rows, recorded(dialect)) == set()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_exchange_has_its_status_and_its_whole_body(dialect: str) -> None:
    assert [one["asked"] for one in recorded(dialect) if not {"status", "answer"} <= set(one)] == []


@pytest.mark.parametrize("dialect", ["platform", "state"])
def test_every_refusal_says_what_is_wrong_and_where(dialect: str) -> None:
    refused = [one for one in recorded(dialect) if one["status"] >= 400]

    assert {one["status"] for one in refused} >= {400, 404, 409}
    for one in refused:
        assert set(one["answer"]) == {"message", "errors"}, one["asked"]
        assert one["answer"]["message"]
        assert all(set(error) == {"path", "message"} for error in one["answer"]["errors"])
        assert bool(one["answer"]["errors"]) == (one["status"] == 400), one["asked"]
