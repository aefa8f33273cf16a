"""Every row of the Deploy API, held to the exchange that was recorded of it: status, headers and whole body."""

import pytest

from app import OPERATIONS
from tests.dialects.deploy.walk import walk
from tests.dialects.platform.site import Site
from tests.dialects.record import Said, hold, never_done

ROWS = tuple(row for row in OPERATIONS if row.dialect.name == "deploy")


@pytest.fixture(scope="module")
def said() -> Said:
    site = Site()
    walk(site)
    return site.said


def test_every_exchange_is_as_it_was_recorded(said: Said) -> None:
    hold("deploy-exchanges", said)


def test_every_row_was_asked_for_with_success(said: Said) -> None:
    assert never_done(ROWS, said) == set()


def test_every_refusal_has_a_code_and_says_where(said: Said) -> None:
    refused = [one for one in said if one["status"] >= 400]

    assert {one["status"] for one in refused} == {400, 401, 403, 404, 405, 409, 415}
    for one in refused:
        error = one["answer"]["error"]
        assert set(error) == {"code", "message", "details"}, one["asked"]
        assert error["code"].isupper()
        assert error["message"]
        assert bool(error["details"]) == (one["status"] in {400, 415}), one["asked"]


def test_no_secret_is_shown(said: Said) -> None:
    assert [one["asked"] for one in said if "Marc" in str(one["answer"])] == []
