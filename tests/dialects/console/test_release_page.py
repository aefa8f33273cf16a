"""The page of a release, and deploys from it: for whom, what is shown first, and what others wrote is no markup."""

import re
from datetime import timedelta

import pytest

from tests.dialects.console.given import HOSTILE, a_project, deployments
from tests.dialects.console.given_releases import releases_and_jobs
from tests.dialects.matrix.callers import ADMIN, OWNER, READER, WRITER
from tests.dialects.matrix.world import World, people
from tests.http.house import ask_app

RELEASE = "/releases/demo/app/1.2"
DEPLOY = "/projects/web/environments/production/deploy/app/to/1.2"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TABS = ("about", "needs", "downstream", "deployed", "downloads")


@pytest.fixture
def world() -> World:
    world = World()
    people(world)
    a_project(world)
    deployments(world)
    releases_and_jobs(world)
    return world


def shown(world: World, path: str, by: str = OWNER) -> str:
    answered = world.ask("GET", path, by=by)
    assert answered.status == 200
    return answered.text


def digest(world: World) -> str:
    return str(re.findall(r'name="changes" value="(\w+)"', shown(world, DEPLOY))[0])


@pytest.mark.parametrize("tab", TABS)
def test_nothing_that_others_wrote_becomes_markup_and_no_secret_is_shown(world: World, tab: str) -> None:
    for release in (RELEASE, "/releases/demo/app/1.3"):
        page = shown(world, f"{release}?tab={tab}")

        assert HOSTILE not in page
        assert "<b>.txt" not in page
        assert "hush" not in page
    assert "&lt;b&gt;.txt" in shown(world, RELEASE)
    assert "leaks &lt;script&gt;" in shown(world, "/releases/demo/app/1.3")


def test_it_says_what_production_lacks(world: World) -> None:
    about = shown(world, RELEASE)

    assert "deploy app in web/production: 1.1.1 → 1.2" in about
    assert "commit, new: 1.2 c0ffee12 Sell more" in about
    assert "file sell.sh, changed" in about


def test_the_graph_draws_what_it_needs_before_it_and_leads_there(world: World) -> None:
    needs = shown(world, f"{RELEASE}?tab=needs")

    found = re.findall(r'<a class="node off" href="([^"]+)".*?\n<rect x="(\d+)"', needs)
    assert [(href, int(x) > 0) for href, x in found] == [
        ("../../../releases/demo/lib/1.0", True),
        ("../../../releases/demo/app/1.2", True),
    ]
    assert int(found[0][1]) < int(found[1][1])
    assert "demo/app 1.2</a>" in shown(world, "/releases/demo/lib/1.0?tab=downstream")


def test_forms_are_for_whom_they_work(world: World) -> None:
    offered = {
        by: set(re.findall(r'action="[^"]*/(tags|yanks|unyanks)"', shown(world, RELEASE, by)))
        for by in (READER, WRITER)
    }
    deploys = {by: "/acts" in shown(world, DEPLOY, by) for by in (READER, WRITER)}
    links = {by: "/to/1.2" in shown(world, f"{RELEASE}?tab=deployed", by) for by in (READER, WRITER)}

    assert offered == {READER: set(), WRITER: {"tags", "yanks"}}
    assert deploys == links == {READER: False, WRITER: True}


def test_a_yank_has_a_reason_and_is_undone(world: World) -> None:
    refused = world.ask("POST", f"{RELEASE}/yanks", b"notes=+", by=OWNER, **FORM)
    done = world.ask("POST", f"{RELEASE}/yanks", b"notes=it+leaks", by=OWNER, **FORM)

    assert (refused.status, done.status, done.headers["Location"]) == (400, 303, "../1.2")
    assert "it leaks" in shown(world, RELEASE)
    assert world.ask("POST", f"{RELEASE}/unyanks", b"", by=OWNER, **FORM).status == 303
    assert "it leaks" not in shown(world, RELEASE)


def test_a_tag_moves(world: World) -> None:
    assert "<dd>stable</dd>" in shown(world, RELEASE)

    assert world.ask("POST", "/releases/demo/app/1.1.1/tags", b"tag=stable", by=OWNER, **FORM).status == 303

    assert "<dd>stable</dd>" in shown(world, "/releases/demo/app/1.1.1")
    assert "<dd>stable</dd>" not in shown(world, RELEASE)


def test_a_deploy_does_what_was_shown_or_nothing(world: World) -> None:
    known = digest(world)
    world.done("POST", "/api/v1/inventory/demo/units/app/tags/", {"release_id": "demo/app-v1.1.1", "tag": "blue"})
    other = world.ask("POST", f"{DEPLOY}/acts", b"changes=", by=OWNER, **FORM)
    done = world.ask("POST", f"{DEPLOY}/acts", f"changes={known}".encode(), by=OWNER, **FORM)
    state = {"name": "app", "release": "demo/app", "stages": {"deploy": {"version": "1.0"}}}
    target = "/api/v1/state/web/environments/production/deployments/?deployment=app"
    world.done("PUT", target, {"path": "app", "state": state})
    late = world.ask("POST", f"{DEPLOY}/acts", f"changes={known}".encode(), by=OWNER, **FORM)

    assert (other.status, done.status, late.status) == (409, 303, 409)
    assert "no longer what was shown" in late.text
    run = done.headers["Location"].rpartition("/")[2]
    assert world.done("GET", f"/api/v1/runs/{run}", by=OWNER)["name"] == "app"


def test_production_is_deployed_to_after_a_fresh_login_alone(world: World) -> None:
    known, session = f"changes={digest(world)}".encode(), {"Cookie": f"__Host-slipway={world.tokens[OWNER]}"}
    same = {"Sec-Fetch-Site": "same-origin", **FORM, **session}
    world.house.world.move(timedelta(hours=2))

    answered = ask_app(world.app, "POST", f"{DEPLOY}/acts", known, headers=same)

    assert answered.status == 401
    assert "log in again" in answered.text
    assert "deploy/app/to/1.2" in answered.text
    assert world.ask("POST", f"{DEPLOY}/acts", known, by=ADMIN, **FORM).status == 303
