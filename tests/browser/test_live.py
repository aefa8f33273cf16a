"""Pages keep themselves up to date and lose nothing: what is typed, opened, chosen, scrolled and focused stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.browser.windows import Look
from tests.dialects.console.given import a_delivery, deployments, redeployed, triggered
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import PASSWORD, World

Open = Callable[..., Look]
QUIET_MS = 900
"""Three times as long as a page in a hurry takes between two looks."""

WATCH = """() => { window.moved = [];
  const said = one => `${one.target.nodeName} ${one.attributeName || one.type}`;
  new MutationObserver(all => window.moved.push(...all.map(said))).observe(document.getElementById('live'),
    {subtree: true, childList: true, attributes: true, characterData: true}); }"""
TICKS = {"SPAN childList", "TIME childList", "DIV data-known"}
"""Clocks go on, and what the page knows is noted on it."""

CHOOSE = """text => { const range = document.createRange(); range.selectNodeContents(document.querySelector(text));
  getSelection().removeAllRanges(); getSelection().addRange(range); return String(getSelection()); }"""
HIDE = """hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange')); }"""


def approve(world: World, run: str) -> None:
    world.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve", "node": "g1"}, by=ADMIN)


def asked(page: object) -> list[str]:
    """What the page asks the platform for, from now on."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url))  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/home",
        "/inbox",
        "/runs",
        "/runs/{run}",
        "/projects/web",
        "/projects/web/pipelines/delivery",
        "/projects/web/environments/staging",
        "/runners",
    ],
)
def test_nothing_moves_while_nothing_changes(look: Open, world: World, path: str) -> None:
    deployments(world)
    window = look()
    page = window.go(path.format(run=a_delivery(world)))
    with page.expect_response(lambda answer: answer.status == 204):
        window.hurry()
    page.evaluate(WATCH)
    # The browser itself fetches the page's icon when it finds the time.
    looks = [page.wait_for_event("response", lambda one: one.request.resource_type == "xhr") for _ in range(2)]

    assert [look.status for look in looks] == [204, 204]
    assert set(page.evaluate("window.moved")) <= TICKS


def test_a_run_that_begins_is_seen_and_what_one_chose_stays_chosen(look: Open, world: World) -> None:
    a_delivery(world)
    window = look()
    window.show(size={"width": 1280, "height": 300})
    page = window.go("/projects/web/pipelines/delivery")
    chosen = page.evaluate(CHOOSE, "#phases")
    page.focus("tbody a")
    page.evaluate("scrollTo(0, 90)")

    triggered(world, "delivery")
    window.hurry()
    page.wait_for_selector("th:has-text('#2')")

    assert page.evaluate("String(getSelection())") == chosen
    assert page.evaluate("[scrollY, document.activeElement.textContent]") == [90, "#1"]


def test_an_address_of_a_line_and_a_filter_stay_as_they_are(look: Open, world: World) -> None:
    run = a_delivery(world, quorum=3)
    window = look()
    page = window.go(f"/runs/{run}?view=list#list")

    approve(world, run)
    window.hurry()
    page.wait_for_selector("text=1 of 3 approvals are given")

    assert page.url.endswith(f"/runs/{run}?view=list#list")
    assert page.locator("#list").count() == 1


def test_what_is_deployed_is_seen_while_one_moves_the_slider(look: Open, world: World) -> None:
    redeployed(world, "1.0", "1.1")
    window = look()
    page = window.go("/projects/web/environments/staging")
    page.fill("#at", "2030-01-02T03:04")

    redeployed(world, "1.2")
    window.hurry()
    page.wait_for_selector("td:has-text('1.2')")

    assert page.input_value("#at").startswith("2030-01-02T03:04")
    assert page.get_attribute("#change", "max") == "3"


def test_a_hidden_page_asks_for_nothing_and_looks_when_it_is_seen_again(look: Open, world: World) -> None:
    window = look()
    page = window.go(f"/runs/{a_delivery(world)}")
    window.hurry()
    page.evaluate(HIDE, True)
    page.wait_for_timeout(500)
    found = asked(page)
    page.wait_for_timeout(QUIET_MS)
    assert found == []

    with page.expect_response(lambda answer: answer.status == 204):
        page.evaluate(HIDE, False)


def test_a_page_that_is_final_asks_no_more(look: Open, world: World) -> None:
    run = a_delivery(world)
    window = look()
    page = window.go(f"/runs/{run}")
    approve(world, run)
    world.work_off()
    window.hurry()
    page.wait_for_selector("#phase:has-text('succeeded')")
    found = asked(page)
    page.wait_for_timeout(QUIET_MS)

    assert [one for one in found if f"/runs/{run}" in one] == []


def test_lost_contact_greys_the_page_and_says_when_it_tries_again(look: Open, world: World) -> None:
    window = look()
    page = window.go(f"/runs/{a_delivery(world)}")
    page.context.set_offline(True)
    window.hurry()
    page.wait_for_selector("text=/Not connected. What you see is as of .+ Trying again in/")

    assert page.evaluate("getComputedStyle(document.getElementById('live')).opacity") == "0.6"
    assert page.get_attribute("#contact", "role") == "status"
    page.context.set_offline(False)
    page.wait_for_selector("#contact", state="hidden")
    assert page.evaluate("getComputedStyle(document.getElementById('live')).opacity") == "1"


def test_who_was_logged_out_elsewhere_logs_in_and_comes_back(look: Open, world: World) -> None:
    run = a_delivery(world)
    window = look()
    page = window.go(f"/runs/{run}?view=list")
    world.house.world.move(timedelta(days=400))
    window.hurry()

    page.wait_for_selector("text=Your session has ended.")
    page.click("text=Log in, and come back here")
    page.fill("[name=name]", "owner@example.org")
    page.fill("[name=secret]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#live")

    assert page.url.endswith(f"/runs/{run}?view=list")
