"""Every row of the State Service, held to the exchange that was recorded of it: status and whole body.

After a change that is meant, `SLIPWAY_RECORD=1 pytest tests/dialects/state/test_exchanges.py` writes the record anew;
read what changed before it is committed.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.dialects.state.routes import OPERATIONS
from tests.dialects.state.site import ROUTES, Site
from tests.dialects.state.walk import walk
from tests.dialects.state.walk_projects import walk_projects
from tests.http.house import resource_of

DATA = Path(__file__).parents[2] / "data"
WALKS: dict[str, Callable[[Site], None]] = {"state-exchanges": walk, "state-projects": walk_projects}

Said = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def said() -> Said:
    sites = {name: Site() for name in WALKS}
    for name, site in sites.items():
        WALKS[name](site)
    return {name: site.said for name, site in sites.items()}


@pytest.mark.parametrize("name", WALKS)
def test_every_exchange_is_as_it_was_recorded(said: Said, name: str) -> None:
    record = DATA / f"{name}.jsonl"
    if os.environ.get("SLIPWAY_RECORD"):
        record.write_text("".join(f"{json.dumps(one, sort_keys=True)}\n" for one in said[name]))
    recorded = [json.loads(line) for line in record.read_text().splitlines()]

    assert [one["asked"] for one in said[name]] == [one["asked"] for one in recorded]
    for now, then in zip(said[name], recorded, strict=True):
        assert now == then, now["asked"]


def test_every_row_has_an_exchange(said: Said) -> None:
    asked = [str(one["asked"]).partition("?")[0].split(" ", 1) for walked in said.values() for one in walked]
    found = {(method, (resource_of(ROUTES, method, path) or ("",))[0]) for method, path in asked}

    rows = {(method, row.path.removesuffix("/") or "/") for row in OPERATIONS for method in row.methods}
    assert rows - {(method, path.removesuffix("/") or "/") for method, path in found} == set()
