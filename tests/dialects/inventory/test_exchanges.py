"""Every row of the Inventory, held to the exchange that was recorded of it: status, headers and whole body."""

import pytest

from chalicelib.dialects.inventory.routes import OPERATIONS
from tests.dialects.inventory.site import Site
from tests.dialects.inventory.walk import walk
from tests.dialects.record import Said, hold, never_done


@pytest.fixture(scope="module")
def said() -> Said:
    site = Site()
    walk(site)
    return site.said


def test_every_exchange_is_as_it_was_recorded(said: Said) -> None:
    hold("inventory-exchanges", said)


def test_every_row_was_asked_for_with_success(said: Said) -> None:
    assert never_done(OPERATIONS, said) == set()


def test_nothing_is_ever_said_in_json_but_a_success(said: Said) -> None:
    refused = [one for one in said if isinstance(one["status"], int) and one["status"] >= 400]
    assert refused
    assert [one for one in refused if "json" in str(one["headers"])] == []
