"""Whoever reads of a project that does not exist is told so, admins too, who may read in all of them."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from app import OPERATIONS
from chalicelib.http.operation import Operation
from tests.dialects.matrix.asks import ask_of, target_of
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.things import fill
from tests.dialects.matrix.world import World, peopled

MISSING = "no such thing"
PARAMETER = "{project}"

OUTLIVING = {
    "/api/v1/audit": "entries outlive their project",
    "/api/v1/freezes": "freezes that recur outlive their project, and can be lifted",
    "/api/v1/internal/get_namespaces_for_project": "as the inventory of Escape answers",
}
"""What is answered all the same, and why."""


def _reading() -> Iterator[Operation]:
    for row in OPERATIONS:
        query = row.schema.query
        if "GET" in row.methods and (PARAMETER in row.path or (query is not None and "project" in query.model_fields)):
            yield row


ROWS = {row.path: row for row in _reading()}


@pytest.fixture(scope="module")
def world() -> World:
    world = peopled()
    fill(world)
    return world


@pytest.mark.parametrize("path", ROWS)
def test_a_project_that_does_not_exist_is_not_found(world: World, path: str) -> None:
    row = ROWS[path]
    ask = ask_of("GET", row)

    answered = world.ask("GET", _about_nothing(row, target_of(row, ask)), by=ADMIN, **ask.headers)

    assert answered.status == (200 if path in OUTLIVING else 404), OUTLIVING.get(path)


def _about_nothing(row: Operation, target: str) -> str:
    path, _, query = target.partition("?")
    if PARAMETER in row.path:
        parts = path.split("/")
        parts[row.path.split("/").index(PARAMETER)] = quote(MISSING)
        return "/".join(parts) + (f"?{query}" if query else "")
    others = [one for one in query.split("&") if one and not one.startswith("project=")]
    return f"{path}?{'&'.join([*others, f'project={quote(MISSING)}'])}"
