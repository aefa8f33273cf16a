"""The console as people meet it: in a real browser, with and without scripts, by keyboard, and asked by axe."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest

from slipway.cli.one_time_link import one_time_link
from tests.browser.windows import Look
from tests.dialects.console.given import a_delivery, a_failure
from tests.dialects.matrix.callers import ADMIN, OWNER
from tests.dialects.matrix.world import PASSWORD, World

Open = Callable[..., Look]


def test_one_logs_in_and_comes_back_to_what_was_asked_for(look: Open, world: World) -> None:
    run = a_delivery(world)
    page = look(by="").go(f"/runs/{run}?view=list")

    page.fill("[name=name]", "owner@example.org")
    page.fill("[name=secret]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#live")

    assert page.url.endswith(f"/runs/{run}?view=list")
    assert [cookie["name"] for cookie in page.context.cookies() if cookie["httpOnly"]] == ["__Host-slipway"]


def test_a_link_that_works_once_logs_in(look: Open, world: World) -> None:
    run = a_delivery(world)
    window, other = look(by=""), look(by="")

    with one_time_link(world.tokens[OWNER], f"{window.address}/runs/{run}") as link:
        waiting = Thread(target=link.wait, args=[15.0], daemon=True)
        waiting.start()
        window.page.goto(link.address)
        waiting.join()

    assert window.page.inner_text("h1") == "web/delivery#1"
    assert link.address.rpartition("/")[2] not in window.page.url
    assert "Log in" in other.go("/home").inner_text("main")


def test_one_approves_on_the_page_of_the_run(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_delivery(world)}")

    page.fill("[name=notes] >> visible=true", "seen it")
    with page.expect_navigation():
        page.click("button:has-text('Approve')")
    world.work_off()
    page.reload()

    assert page.inner_text("#phase").endswith("succeeded")


@pytest.mark.parametrize("is_focused", [True, False])
def test_what_is_half_typed_survives_what_happens_meanwhile(look: Open, world: World, is_focused: bool) -> None:
    run = a_delivery(world, quorum=3)
    window = look()
    page = window.go(f"/runs/{run}")
    page.fill("[name=notes] >> visible=true", "half a th")
    if not is_focused:
        page.locator("h1").click()

    decision = {"decision": "approve", "node": "g1", "notes": "from elsewhere"}
    world.done("POST", f"/api/v1/runs/{run}/decisions", decision, by=ADMIN)
    window.hurry()
    page.wait_for_selector("text=1 of 3 approvals are given")

    assert page.input_value("[name=notes] >> visible=true") == "half a th"


def test_an_opened_question_stays_open(look: Open, world: World) -> None:
    run = a_delivery(world, quorum=3)
    window = look()
    page = window.go(f"/runs/{run}")
    page.click("#cancel summary")

    world.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve", "node": "g1"}, by=ADMIN)
    window.hurry()
    page.wait_for_selector("text=1 of 3 approvals are given")

    assert page.is_visible("button:has-text('Cancel this run')")


def test_the_log_of_what_failed_opens_at_its_error(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_failure(world)}")

    page.wait_for_selector(".row.err.at >> visible=true")

    assert page.title() != "taken"
    assert page.locator(".lines .row").count() <= 90
    page.fill("[aria-label='Search the log']", "/test 2[0-9]0 /")
    page.wait_for_selector("text=1 of 10")


def test_a_line_has_an_address(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_failure(world)}#L12-L14")

    page.wait_for_selector(".row.at")

    assert page.locator(".row.at .no").all_inner_texts() == ["12", "13", "14"]


def test_everything_reads_and_posts_without_scripts(look: Open, world: World) -> None:
    page = look(scripts=False).go(f"/runs/{a_delivery(world)}")

    page.fill("[name=notes] >> visible=true", "by hand")
    with page.expect_navigation():
        page.click("button:has-text('Approve')")
    world.work_off()
    page.reload()

    assert page.inner_text("#phase").endswith("succeeded")


def test_one_approves_by_keyboard_alone(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_delivery(world)}")

    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "approve":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    world.work_off()
    page.reload()

    assert page.inner_text("#phase").endswith("succeeded")


@pytest.mark.parametrize("path", ["/runs/{run}", "/inbox"])
def test_what_was_left_open_for_long_asks_for_a_login_and_leads_back(look: Open, world: World, path: str) -> None:
    run = a_delivery(world)
    page = look().go(path.format(run=run))
    world.house.world.move(timedelta(hours=2))

    with page.expect_navigation():
        page.click("button:text-is('Approve')")
    assert "log in again" in page.inner_text("[role=alert]")
    page.fill("[name=name]", "owner@example.org")
    page.fill("[name=secret]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#live")
    with page.expect_navigation():
        page.click("button:text-is('Approve')")
    world.work_off()

    assert world.done("GET", f"/api/v1/runs/{run}")["phase"] == "succeeded"
