"""The count of the inbox stands beside every page, and refreshes with it, also where nothing else has changed."""

import json
from collections.abc import Callable

import pytest

from chalicelib.dialects.console.frame.waiting import PLACE
from tests.dialects.console.given import a_log, a_project
from tests.dialects.console.scenes import SCENES, Scene
from tests.dialects.matrix.callers import ANONYMOUS, OWNER, READER, STRANGER
from tests.dialects.matrix.world import World, peopled

REFRESH = {"HX_Request": "true"}
PAGES = [one for one in SCENES if one.status == 200 and one.by != ANONYMOUS]


def count_in(page: str) -> str:
    return page.split('<span id="inbox-count">')[1].split("</span>")[0]


@pytest.mark.parametrize("scene", PAGES, ids=lambda scene: scene.name)
def test_every_page_has_the_count_of_its_readers_inbox(scene: Scene, world_of: Callable[[str], World]) -> None:
    page = world_of(scene.world).ask("GET", scene.path, by=scene.by).text

    decides = scene.world == "full" and scene.by not in (READER, STRANGER)
    assert count_in(page) == ("1" if decides else "")
    assert PLACE not in page


def test_who_refreshes_a_page_is_told_the_count_though_nothing_else_has_changed(
    world_of: Callable[[str], World],
) -> None:
    world = world_of("full")
    seen = world.ask("GET", "/inbox", by=OWNER).text.split('data-known="')[1].split('"')[0]

    answered = world.ask("GET", f"/inbox?known={seen}", by=OWNER, **REFRESH)

    assert (answered.status, json.loads(answered.headers["HX-Trigger"])) == (204, {"waiting": "1"})
    assert "HX-Trigger" not in world.ask("GET", f"/inbox?known={seen}", by=OWNER).headers


def test_a_log_that_holds_the_mark_stays_as_it_is() -> None:
    world = peopled()
    a_project(world)
    run = a_log(world, [f"a line with {PLACE} in it"])
    page = world.ask("GET", f"/runs/{run}", by=OWNER).text
    log = page.split('id="log-')[2].split('"')[0]

    assert PLACE in world.ask("GET", f"/logs/{log}", by=OWNER, **REFRESH).text
    assert PLACE not in page
