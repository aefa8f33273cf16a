"""A token of scope `read` of who may all, on every row that changes something: it changes nothing."""

import pytest

from chalicelib.http.operation import Flag
from chalicelib.http.permission import Public
from tests.dialects.matrix.asks import target_of
from tests.dialects.matrix.callers import ADMIN, OWNER
from tests.dialects.matrix.snapshot import Snapshot, contents, forget_refused_decisions, snapshot
from tests.dialects.matrix.test_matrix import LINES, Line
from tests.dialects.matrix.things import fill
from tests.dialects.matrix.world import World, people

OPEN = ("/logs_ws", "/logout", "/search", "/cron/test", "/get/template", "/from-git/{repository}/{directory}")
"""Rows that have an effect on who asks alone, and questions that are asked with POST."""

GIVING_IDS = ("/deployments",)
"""Lists, asked with POST, that give ids to what they show for the first time: nobody sees more by it, or other ids."""


@pytest.fixture(scope="module", params=[ADMIN, OWNER])
def full(request: pytest.FixtureRequest) -> tuple[World, Snapshot]:
    world = World()
    people(world)
    fill(world)
    world.tokens["narrow"] = world.done("POST", "/api/v1/tokens", {"scopes": ["read"]}, by=request.param)["token"]
    return world, snapshot(world.house)


@pytest.mark.parametrize(
    "line",
    [line for line in LINES if line.row.changes(line.method) and not isinstance(line.row.permission, Public)],
    ids=lambda line: line.name,
)
def test_a_token_that_may_read_changes_nothing(full: tuple[World, Snapshot], line: Line) -> None:
    world, before = full
    world.house = before.house()
    known = contents(world.house)

    answered = world.ask(line.method, target_of(line.row, line.ask), line.ask.body, by="narrow", **line.ask.headers)
    forget_refused_decisions(world.house)

    if not line.row.path.endswith(OPEN):
        ids = {"numbers": ""} if line.row.path.endswith(GIVING_IDS) else {}
        assert {**contents(world.house), **ids} == {**known, **ids}
        assert answered.status in (403, 404) or "GET" in line.row.methods, answered.text
    assert Flag.SECRET_ANSWER not in line.row.flags or answered.status >= 400
