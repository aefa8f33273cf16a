"""The list of runs: what may be chosen in it, and what becomes of what is done with all of it."""

import re
from urllib.parse import urlencode

import pytest

from tests.dialects.console.given import a_delivery, a_failure, a_project, triggered
from tests.dialects.matrix.callers import ADMIN, OWNER, READER, STRANGER, WRITER
from tests.dialects.matrix.world import World, people
from tests.http.house import Answered

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def world() -> World:
    world = World()
    people(world)
    a_project(world)
    return world


def choosable(world: World, by: str = OWNER, path: str = "/runs") -> list[str]:
    """What may be ticked."""
    return re.findall(r'name="chosen" value="([^"]+)" aria', world.ask("GET", path, by=by).text)


def act(world: World, what: str, *about: str, by: str = OWNER, path: str = "/runs", **more: str) -> Answered:
    """What the list answers to an act on all of these."""
    pairs = [*(("chosen", one) for one in about), ("act", what), *more.items()]
    return world.ask("POST", path, urlencode(pairs).encode(), by=by, **FORM)


def phase(world: World, run: str) -> str:
    return str(world.done("GET", f"/api/v1/runs/{run}")["phase"])


def test_who_may_write_chooses_among_what_can_be_cancelled_or_retried(world: World) -> None:
    run = a_delivery(world)

    assert {by: choosable(world, by) for by in (ADMIN, OWNER, WRITER)} == {ADMIN: [run], OWNER: [run], WRITER: [run]}
    assert choosable(world, READER) == choosable(world, STRANGER) == []
    assert "all chosen" not in world.ask("GET", "/runs", by=READER).text


def test_many_are_cancelled_at_once_with_one_note_and_the_list_stays_as_it_was_filtered(world: World) -> None:
    first, second = a_delivery(world), triggered(world, "delivery")

    answered = act(world, "cancel", first, second, path="/runs?status=open", notes="wrong branch")

    assert answered.status == 200
    assert re.findall(r"web/delivery#\d: cancelled", answered.text) == [
        "web/delivery#1: cancelled",
        "web/delivery#2: cancelled",
    ]
    assert [phase(world, run) for run in (first, second)] == ["cancelled", "cancelled"]
    assert "No run is like this" in answered.text
    acts = [world.done("GET", f"/api/v1/runs/{run}")["acts"][-1] for run in (first, second)]
    assert [one["notes"] for one in acts] == ["wrong branch"] * 2


def test_what_failed_is_retried_and_what_waits_says_why_not(world: World) -> None:
    waits, failed = a_delivery(world), a_failure(world)

    answered = act(world, "retry", waits, failed)

    assert answered.status == 200
    assert "web/delivery#1: retried" not in answered.text
    assert answered.text.count(": retried</a>") == 1
    assert phase(world, failed) != "failed"


def test_whose_every_act_came_too_late_is_told_so(world: World) -> None:
    run = a_delivery(world)
    act(world, "cancel", run, by=ADMIN)
    world.work_off()

    assert act(world, "cancel", run).status == 409


def test_nobody_acts_on_runs_of_projects_in_which_they_may_not_write(world: World) -> None:
    run = a_delivery(world)

    assert [act(world, what, run, by=by).status for what in ("cancel", "retry") for by in (READER, STRANGER)] == [
        403,
        404,
        403,
        404,
    ]
    assert phase(world, run) == "running"


def test_an_act_that_is_none_and_one_about_nothing_are_refused(world: World) -> None:
    run = a_delivery(world)

    assert [act(world, "promote", run).status, act(world, "cancel").status] == [400, 400]
