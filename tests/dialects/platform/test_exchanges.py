"""Every row of our own API, held to the exchange that was recorded of it: status, headers and whole body.

The API's document and its page are as long as the table: they are held to what the table makes of them, and their
record says so.
"""

import json

import pytest

from app import OPERATIONS
from chalicelib.dialects.platform.pages.words import TITLE, VERSION
from chalicelib.http.site.docs import page
from chalicelib.http.site.openapi import document
from tests.dialects.platform.site import Site
from tests.dialects.platform.walk import walk
from tests.dialects.record import Said, hold, never_done

ROWS = tuple(row for row in OPERATIONS if row.dialect.name == "platform")
MADE_OF_THE_TABLE = "what the table makes of it"


@pytest.fixture(scope="module")
def said() -> Said:
    site = Site()
    walk(site)
    return site.said


def test_every_exchange_is_as_it_was_recorded(said: Said) -> None:
    apis = [row for row in OPERATIONS if row.dialect.name != "console"]
    described = json.loads(json.dumps(document(apis, title=TITLE, version=VERSION)))
    made = {"GET /openapi.json": described, "GET /docs": page(described)}

    shortened = []
    for one in said:
        whole = made.get(str(one["asked"]))
        assert whole in (None, one["answer"]), one["asked"]
        shortened.append({**one, "answer": MADE_OF_THE_TABLE} if whole is not None else one)

    hold("platform-exchanges", shortened)


def test_every_row_was_asked_for_with_success(said: Said) -> None:
    assert never_done(ROWS, said) == set()
