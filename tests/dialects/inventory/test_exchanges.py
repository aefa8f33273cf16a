"""Every row of the Inventory, held to the exchange that was recorded of it: status, headers and whole body.

After a change that is meant, `SLIPWAY_RECORD=1 pytest tests/dialects/inventory/test_exchanges.py` writes the record
anew; read what changed before it is committed.
"""

import json
import os
from pathlib import Path

import pytest

from chalicelib.dialects.inventory.routes import OPERATIONS
from tests.dialects.inventory.site import ROUTES, Site
from tests.dialects.inventory.walk import walk
from tests.http.house import resource_of

RECORD = Path(__file__).parents[2] / "data" / "inventory-exchanges.jsonl"


@pytest.fixture(scope="module")
def said() -> list[dict[str, object]]:
    site = Site()
    walk(site)
    return site.said


def test_every_exchange_is_as_it_was_recorded(said: list[dict[str, object]]) -> None:
    if os.environ.get("SLIPWAY_RECORD"):
        RECORD.write_text("".join(f"{json.dumps(one, sort_keys=True)}\n" for one in said))
    recorded = [json.loads(line) for line in RECORD.read_text().splitlines()]

    assert [one["asked"] for one in said] == [one["asked"] for one in recorded]
    for now, then in zip(said, recorded, strict=True):
        assert now == then, now["asked"]


def test_every_row_has_an_exchange(said: list[dict[str, object]]) -> None:
    asked = [str(one["asked"]).partition("?")[0].split(" ", 1) for one in said]
    found = {(method, (resource_of(ROUTES, method, path) or ("",))[0]) for method, path in asked}

    rows = {(method, row.path.removesuffix("/") or "/") for row in OPERATIONS for method in row.methods}
    assert rows - {(method, path.removesuffix("/") or "/") for method, path in found} == set()


def test_nothing_is_ever_said_in_json_but_a_success(said: list[dict[str, object]]) -> None:
    refused = [one for one in said if isinstance(one["status"], int) and one["status"] >= 400]
    assert refused
    assert [one for one in refused if "json" in str(one["headers"])] == []
