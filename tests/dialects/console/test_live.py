"""Pages that move: who sees one already gets nothing, which costs almost nothing, until something of it changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.use_cases.feed.still_so import SETTLES
from slipway_formats.frozen import frozen
from tests.dialects.console.given import a_delivery, a_project, deployments, redeployed, triggered
from tests.dialects.console.measured import reads_of
from tests.dialects.matrix.callers import ADMIN, OWNER
from tests.dialects.matrix.world import World, people

AUTHENTICATING = ("access.", "projects.")
KNOWN = "X-Known"


@frozen
class Moving:
    """A page, what changes it, and how many reads of the store, beside those of who asks, tell that nothing did."""

    path: str
    change: Callable[[World], object]
    reads: int


def begin(world: World) -> None:
    triggered(world, "delivery")


def approve(world: World) -> None:
    world.done("POST", f"/api/v1/runs/{world.things['waiting']}/decisions", {"decision": "approve", "node": "g1"})
    world.house.work_off()


def deploy(world: World) -> None:
    redeployed(world, "2.0")


def elsewhere(world: World) -> None:
    world.done("POST", "/api/v1/state/secret/add-project", by=ADMIN)
    world.done("POST", "/api/v1/state/secret/environments/", {"name": "e"}, by=ADMIN)
    state = {"name": "app", "release": "demo/app", "stages": {"deploy": {"version": "1.0"}}}
    target = "/api/v1/state/secret/environments/e/deployments/?deployment=app"
    world.done("PUT", target, {"path": "app", "state": state}, by=ADMIN)


PAGES = (
    Moving(path="/home", change=begin, reads=4),
    Moving(path="/home", change=deploy, reads=4),
    Moving(path="/inbox", change=approve, reads=4),
    Moving(path="/runs", change=begin, reads=4),
    Moving(path="/runs?project=web&status=waiting", change=approve, reads=4),
    Moving(path="/runs/$waiting", change=approve, reads=8),
    Moving(path="/projects/web", change=begin, reads=4),
    Moving(path="/projects/web", change=deploy, reads=4),
    Moving(path="/projects/web/pipelines/delivery", change=approve, reads=4),
    Moving(path="/projects/web/environments/staging", change=deploy, reads=2),
)


@pytest.fixture
def world() -> World:
    """A world in which a run waits and nothing has happened for some time."""
    world = World()
    people(world)
    a_project(world)
    deployments(world)
    world.things |= {"waiting": a_delivery(world)}
    return world


def known_of(world: World, path: str) -> str:
    """What a page says that its reader knows, after it was looked at until nothing new is in it."""
    known = world.ask("GET", path, by=OWNER).text.split('data-known="')[1].split('"')[0]
    for _ in range(2):
        answered = world.ask("GET", with_known(path, known), by=OWNER)
        assert (answered.status, answered.content) == (204, b"")
        known = answered.headers[KNOWN]
        world.house.world.move(SETTLES)
    return known


def with_known(path: str, known: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}known={known}"


@pytest.mark.parametrize("moving", PAGES, ids=lambda one: f"{one.path} {one.change.__name__}")
def test_nothing_is_sent_until_something_changes(world: World, moving: Moving) -> None:
    known = known_of(world, moving.path)

    with reads_of(world) as calls:
        unchanged = world.ask("GET", with_known(moving.path, known), by=OWNER)
    world.house.world.move(timedelta(seconds=1))
    moving.change(world)
    changed = world.ask("GET", with_known(moving.path, known), by=OWNER)

    assert (unchanged.status, unchanged.content, changed.status) == (204, b"", 200)
    assert len([one for one in calls if not one.startswith(AUTHENTICATING)]) <= moving.reads, calls


@pytest.mark.parametrize("path", ["/home", "/projects/web", "/runs/$waiting"])
def test_what_occurs_elsewhere_is_heard_and_looked_at_no_more(world: World, path: str) -> None:
    known = known_of(world, path)
    before = world.house.ports.feed.end()
    elsewhere(world)
    assert world.house.ports.feed.end() > before

    with reads_of(world) as calls:
        first = world.ask("GET", with_known(path, known), by=OWNER)
    again = world.ask("GET", with_known(path, first.headers[KNOWN]), by=OWNER)

    assert (first.status, again.status) == (204, 204)
    assert KNOWN not in again.headers
    assert "deployments.cells" not in calls


def test_a_page_that_will_not_change_asks_no_more(world: World) -> None:
    approve(world)

    page = world.ask("GET", "/runs/$waiting", by=OWNER).text

    assert 'id="live"' in page
    assert "hx-get" not in page


def test_runners_that_speak_again_are_no_change(world: World) -> None:
    world.done("POST", "/api/v1/jobs/lease", {"runner": "r1", "nonce": "nonce-of-sixteen-letters"}, by=ADMIN)
    known = world.ask("GET", "/runners", by=ADMIN).text.split('data-known="')[1].split('"')[0]
    world.house.world.move(timedelta(seconds=5))
    world.done("POST", "/api/v1/jobs/lease", {"runner": "r1", "nonce": "nonce-of-sixteen-others"}, by=ADMIN)

    assert world.ask("GET", f"/runners?known={known}", by=ADMIN).status == 204
    world.house.world.move(timedelta(minutes=5))
    assert "ago" in world.ask("GET", f"/runners?known={known}", by=ADMIN).text


@pytest.mark.parametrize("made_up", ["a%0D%0ASet-Cookie:%20x=y", "%E2%82%AC", ""])
def test_what_one_makes_up_gets_into_no_header(world: World, made_up: str) -> None:
    known = known_of(world, "/home").partition(".")[2]
    elsewhere(world)

    answered = world.ask("GET", f"/home?known={made_up}.{known}", by=OWNER)

    assert answered.status == 200
    assert KNOWN not in answered.headers


@pytest.mark.parametrize(
    "known",
    [
        "x",
        "x.1",
        "x.1.2.3.run~9",
        "x.-1.0.0",
        "x.0.99999999999999999999.0",
        f"x.1.2.3.{'~' * 900}",
        "x" * 9000,
        "x.1.2.3.~1",
    ],
)
def test_what_one_makes_up_is_answered_with_the_page(world: World, known: str) -> None:
    assert world.ask("GET", f"/home?known={known}", by=OWNER).status == 200
