"""An environment as it was: what differed between two of its instants, and that what it had can be deployed again."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest

from tests.dialects.console.given import WEB, a_project, a_release, redeployed
from tests.dialects.matrix.callers import OWNER, READER
from tests.dialects.matrix.world import World, people

STAGING = "/projects/web/environments/staging"
DIFF = "/projects/web/diff"
Look = Callable[..., str]


@pytest.fixture
def look() -> Look:
    """How pages look of a project of which staging had 1.0, then 1.1, and has 1.2, and what no job deploys."""
    world = World()
    people(world)
    a_project(world)
    redeployed(world, "1.0", "1.1", "1.2")
    a_release(world, "1.0")
    job = {"environment": "staging", "deployment": "app", "release": "demo/app"}
    world.done("POST", "/api/v1/deployment-jobs/by-project/web/add", job)
    world.house.world.move(timedelta(minutes=5))
    state = {"name": "hand", "release": "demo/hand", "stages": {"deploy": {"version": "0.1"}}}
    world.done("PUT", f"{WEB}/environments/staging/deployments/?deployment=hand", {"path": "hand", "state": state})

    def shown(path: str, by: str = OWNER) -> str:
        answered = world.ask("GET", path, by=by)
        assert answered.status == 200, answered.text
        return answered.text

    return shown


def addresses(page: str, word: str) -> list[str]:
    """Where the links of this word lead to, from the page of staging."""
    found = re.findall(rf'<a href="([^"]*)">{re.escape(word)}</a>', page)
    return [urljoin(STAGING, unescape(one)) for one in found]


def test_what_was_there_then_is_offered_to_who_may_deploy_it(look: Look) -> None:
    (path,) = addresses(look(f"{STAGING}?change=0"), "Deploy 1.0 again…")

    assert path == f"{STAGING}/deploy/app/to/1.0"
    assert "deploy app in web/staging: 1.2 → 1.0" in look(path)
    assert "again…" not in look(f"{STAGING}?change=0", by=READER)
    assert "again…" not in look(STAGING)
    assert addresses(look(f"{STAGING}?change=3"), "Deploy 0.1 again…") == []


def test_each_other_change_leads_to_what_differs_between_then_and_it(look: Look) -> None:
    _, newest, middle = addresses(look(f"{STAGING}?change=0"), "what differs")

    assert "deploy app in web/staging: 1.0 → 1.2" in look(newest)
    assert "deploy app in web/staging: 1.0 → 1.1" in look(middle)
    assert addresses(look(STAGING), "what differs") == []


def test_the_fields_hold_the_instants_that_are_compared(look: Look) -> None:
    """What they hold is sent again: it has to be the same instant, or one at which nothing else was there."""
    page = look(addresses(look(f"{STAGING}?change=0"), "what differs")[1])
    held = dict(re.findall(r'type="datetime-local" step="any" name="(\w+)" value="([^"]+)"', page))

    again = look(f"{DIFF}?old=staging&new=staging&old_at={held['old_at']}&new_at={held['new_at']}")

    assert sorted(held) == ["new_at", "old_at"]
    assert "deploy app in web/staging: 1.0 → 1.2" in again
