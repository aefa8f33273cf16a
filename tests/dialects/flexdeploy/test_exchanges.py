"""Every row of FlexDeploy's API, held to the exchange that was recorded of it: status, headers and whole body."""

import pytest

from app import OPERATIONS
from tests.dialects.flexdeploy.walk import walk
from tests.dialects.platform.site import Site
from tests.dialects.record import Said, hold, never_done

ROWS = tuple(row for row in OPERATIONS if row.dialect.name == "flexdeploy")


@pytest.fixture(scope="module")
def said() -> Said:
    site = Site()
    walk(site)
    return site.said


def test_every_exchange_is_as_it_was_recorded(said: Said) -> None:
    hold("flexdeploy-exchanges", said)


def test_every_row_was_asked_for_with_success(said: Said) -> None:
    assert never_done(ROWS, said) == set()


def test_refusals_have_a_code_a_message_and_every_defect(said: Said) -> None:
    refused = [one for one in said if one["status"] >= 400]

    assert refused
    for one in refused:
        assert set(one["answer"]) == {"code", "message", "details"}, one["asked"]
        assert one["answer"]["message"]
        assert bool(one["answer"]["details"]) == (one["status"] == 400), one["asked"]


def test_who_is_not_known_is_asked_for_name_and_password(said: Said) -> None:
    unknown = [one for one in said if one["status"] == 401]

    assert {one["headers"]["WWW-Authenticate"] for one in unknown} == {'Basic realm="FlexDeploy"'}
