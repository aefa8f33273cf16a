"""What people come for, from its beginning to its end, by mouse, by keyboard alone and without scripts.

All of it behind a stage prefix; tests of single pages look at them where nothing stands before their paths.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.browser.hands import EVERY_HAND, KEYBOARD, MOUSE, Hand
from tests.browser.windows import Look
from tests.dialects.console.given import NOOP, PIPELINES, a_failure, ended, leased, redeployed
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
PUSHED = {"branch": "main", "commit": "9f8e7d6c5b4a", "author": "Ada", "message": "Mend the basket"}
DEPLOY = {"name": "deploy", "type": "script", "script": "make deploy", "timeout": 60}
VERSION = "[aria-labelledby=there] td:nth-child(3)"
STAYS = "window.stays = 'yes'"


@pytest.fixture(params=EVERY_HAND, ids=lambda hand: hand.name)
def hand(request: pytest.FixtureRequest) -> Hand:
    """Who acts."""
    found: Hand = request.param
    return found


@pytest.fixture
def stage() -> str:
    """As API Gateway has one."""
    return "/prod"


def pushed(world: World) -> None:
    """A push has begun a run, which waits for a person before production."""
    phases = [
        {"name": "build", "steps": [{"name": "compile", **NOOP}]},
        {
            "name": "production",
            "environment": "production",
            "gates": [{"name": "sign-off", "type": "approval"}],
            "steps": [DEPLOY],
        },
    ]
    pipeline = {"name": "delivery", "phases": phases, "triggers": [{"type": "webhook"}]}
    made = world.done("POST", f"{PIPELINES}/add", pipeline)
    world.done("POST", f"{PIPELINES}/pipelines/webhook/{made['triggers'][0]['webhooktoken']}", PUSHED, by="")
    world.work_off()


@pytest.mark.parametrize("hand", [MOUSE, KEYBOARD], ids=lambda hand: hand.name)
def test_a_push_is_approved_from_the_inbox_and_seen_live_to_its_end(look: Open, world: World, hand: Hand) -> None:
    page = look().go("/home")
    pushed(world)

    hand.follow(page.locator("nav a:text-is('Inbox')"))
    hand.type(page.locator("li.panel [name=notes]"), "seen it")
    hand.follow(page.locator("button:text-is('Approve')"))
    assert page.inner_text(".outcomes li.ok") == "web/delivery#1: approved"
    world.work_off()
    hand.follow(page.locator(".outcomes a"))
    page.evaluate(STAYS)
    lease = leased(world)
    page.wait_for_selector("#phase:has-text('running')")
    ended(world, lease, "succeeded")
    page.wait_for_selector("#phase:has-text('succeeded')")

    assert page.evaluate("window.stays") == "yes"
    assert "/prod/runs/" in page.url


def test_what_failed_tells_why_shows_the_line_and_is_tried_again(look: Open, world: World, hand: Hand) -> None:
    a_failure(world)
    page = look(scripts=hand.scripts).go("/runs?status=failed")

    hand.follow(page.locator("a:text-is('web/nightly#1')"))
    assert "exit code 1" in page.inner_text("#why")
    assert "is not 200" in page.inner_text("#why .tail")
    hand.follow(page.locator("#why a:has-text('integration')"))
    if hand.scripts:
        page.wait_for_selector(".row.err.at:has-text('is not 200')")
    assert "is not 200" in page.inner_text("#log")
    hand.follow(page.locator("button:text-is('Retry')"))
    world.work_off()
    lease = leased(world, "another-nonce-of-letters")
    page.reload()
    assert "running" in page.inner_text("#phase")
    ended(world, lease, "succeeded")
    page.reload()

    assert "succeeded" in page.inner_text("#phase")


def test_one_goes_back_in_time_and_returns(look: Open, world: World, hand: Hand) -> None:
    world.house.world.move(timedelta(hours=-1))
    redeployed(world, "1.0", "1.1", "1.2")
    page = look(scripts=hand.scripts).go("/projects/web/environments/staging")
    assert page.inner_text(VERSION) == "1.2"

    hand.turn(page.locator("input[type=range]"), -3)
    if not hand.scripts:
        hand.follow(page.locator("form:has(input[type=range]) button"))
    page.wait_for_selector(f"{VERSION}:text-is('1.0')")
    assert "1.0 → 1.2" in page.inner_text("[aria-labelledby=since]")
    assert "UTC" in page.get_attribute("input[type=range]", "aria-valuetext")
    hand.follow(page.locator("a:text-is('Later')"))
    assert page.inner_text(VERSION) == "1.1"
    shown = page.url
    hand.follow(page.locator("a:text-is('Now')"))
    page.go_back()

    assert (page.url, page.inner_text(VERSION)) == (shown, "1.1")


def test_the_slider_shows_each_change_while_it_has_the_focus(look: Open, world: World) -> None:
    world.house.world.move(timedelta(hours=-1))
    redeployed(world, "1.0", "1.1", "1.2")
    page = look().go("/projects/web/environments/staging")
    page.focus("input[type=range]")

    for version in ("1.2", "1.1", "1.0"):
        page.keyboard.press("ArrowLeft")
        page.wait_for_selector(f"{VERSION}:text-is('{version}')")
    page.go_back()
    page.wait_for_selector(f"{VERSION}:text-is('1.1')")

    assert page.url.endswith("?change=1")


def test_one_freezes_sees_the_next_opening_and_lifts_it(look: Open, hand: Hand) -> None:
    page = look(scripts=hand.scripts).go("/calendar?project=web")

    hand.press(page.locator("#freeze summary"))
    hand.choose(page.locator("#freeze [name=project]"), "web")
    hand.type(page.locator("#freeze [name=environment]"), "staging")
    hand.type(page.locator("#freeze [name=reason]"), "the great sale")
    hand.date(page.locator("#freeze [name=ends]"), "2099-01-01", "08")
    hand.follow(page.locator("#freeze button"))
    page.goto(f"{page.url.partition('?')[0]}?project=web")
    assert "the great sale" in page.inner_text("[aria-labelledby=freezes]")
    opening = page.inner_text("[aria-labelledby=openings] li:has-text('staging')")
    assert "opens in" in opening
    assert "2099" in opening
    hand.follow(page.locator("button:has-text('Lift') >> visible=true"))

    assert "the great sale" not in page.inner_text("main")
