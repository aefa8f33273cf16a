"""The palette and the keys in a real browser, by keyboard alone: they go, find and ask, and never work in a field."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.windows import Look
from tests.dialects.console.given import a_delivery, a_failure, triggered
from tests.dialects.matrix.callers import ADMIN, READER
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
BEST = 8
FOCUSED = "document.activeElement.textContent.trim()"
IN_VIEWER = "document.activeElement.closest('.viewer') !== null"
TOKEN = "slp_"
FITS = "graph => graph.scrollWidth <= graph.clientWidth"
SMALL = {"width": 390, "height": 800}


def typed(page: Any, keys: str) -> None:  # noqa: ANN401 - the driver is not installed everywhere
    """One key after the other, as somebody presses them."""
    for key in keys.split():
        page.keyboard.press(key)


def palette(page: Any, words: str) -> None:  # noqa: ANN401 - as above
    """Words in the palette, and what it shows of them."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)


def test_a_run_is_gone_to_by_the_palette(look: Open, world: World) -> None:
    run = a_delivery(world)
    page = look().go("/home")

    palette(page, "web/delivery#1")
    page.wait_for_selector(".palette a:has-text('web/delivery#1')")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith(f"/runs/{run}")


def test_the_palette_shows_the_eight_best_and_is_walked_by_arrows(look: Open, world: World) -> None:
    a_delivery(world)
    page = look().go("/runs")

    palette(page, "e")
    page.wait_for_selector(".palette a")
    page.wait_for_selector(f".palette a >> nth={BEST - 1}")
    assert page.locator(".palette a").count() == BEST
    typed(page, "ArrowDown ArrowDown ArrowUp")
    first = page.inner_text(".palette a >> nth=0")

    assert page.evaluate(FOCUSED).split() == first.split()
    page.keyboard.press("Escape")
    assert not page.is_visible(".palette")


def test_an_act_is_gone_to_by_the_palette_and_its_form_is_open(look: Open, world: World) -> None:
    a_delivery(world)
    page = look().go("/home")

    palette(page, "freeze")
    page.wait_for_selector(".palette a:has-text('Freeze an environment')")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/calendar#freeze")
    assert page.is_visible("#freeze form")


def test_keys_do_nothing_where_nobody_is_logged_in(look: Open) -> None:
    page = look(by="").go("/runs/nowhere/at/all")

    typed(page, "Control+k Escape a j u l G")
    page.goto(page.url.replace("runs/nowhere/at/all", "login"))
    page.evaluate("document.activeElement.blur()")
    typed(page, "Control+k / g i")

    assert page.url.endswith("/login")
    assert page.locator("dialog").count() == 0


def test_what_one_may_not_read_is_not_in_the_palette(look: Open, world: World) -> None:
    a_delivery(world)
    page = look(by="stranger").go("/home")

    palette(page, "delivery")

    page.wait_for_selector(".palette >> text=Nothing that you may see is called so")


def test_a_token_that_is_pasted_into_the_palette_is_sent_nowhere(look: Open, world: World) -> None:
    page = look().go("/home")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.keyboard.press("Control+k")
    page.wait_for_selector(".palette a")
    page.keyboard.insert_text(world.tokens[READER])
    page.wait_for_timeout(300)

    assert any("/search" in url for url in asked)
    assert not any(world.tokens[READER] in url for url in asked)


def test_the_palette_is_without_violations(look: Open, world: World) -> None:
    a_delivery(world)
    window = look()
    page = window.go("/home")

    palette(page, "web")
    page.wait_for_selector(".palette a:has-text('web/delivery')")

    assert window.violations() == []
    window.show(scheme="dark", size=SMALL)
    assert window.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


@pytest.mark.parametrize(
    ("keys", "path"),
    [("g i", "/inbox"), ("g r", "/runs"), ("g c", "/calendar"), ("g e", "/home#board"), ("g h", "/home")],
)
def test_two_keys_go_to_a_page(look: Open, keys: str, path: str) -> None:
    page = look().go("/insights")

    with page.expect_navigation():
        typed(page, keys)

    assert page.url.endswith(path)


def test_rows_are_walked_and_opened(look: Open, world: World) -> None:
    a_delivery(world)
    triggered(world, "delivery")
    page = look().go("/runs")

    typed(page, "j j")
    second = page.evaluate(FOCUSED)
    typed(page, "k j j")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert second == "web/delivery#1"
    assert page.inner_text("h1") == "web/delivery#1"


def test_one_approves_by_two_keys_and_is_asked_first(look: Open, world: World) -> None:
    run, window = a_delivery(world), look()
    page = window.go(f"/runs/{run}")

    page.keyboard.press("a")
    page.wait_for_selector("dialog.asks")
    assert "sign-off" in page.inner_text("dialog.asks")
    assert window.violations() == []
    page.keyboard.press("Escape")
    assert world.done("GET", f"/api/v1/runs/{run}")["phase"] == "running"
    page.keyboard.press("a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    world.house.work_off()

    assert world.done("GET", f"/api/v1/runs/{run}")["phase"] == "succeeded"


def test_one_rejects_the_row_of_the_inbox_that_is_focused(look: Open, world: World) -> None:
    first, second = a_delivery(world), triggered(world, "delivery")
    page = look().go("/inbox")

    typed(page, "j j x")
    page.wait_for_selector("dialog.asks:has-text('web/delivery#2')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    world.house.work_off()

    phases = [world.done("GET", f"/api/v1/runs/{run}")["phase"] for run in (first, second)]
    assert phases == ["running", "rejected"]


def test_a_failed_run_is_read_and_retried(look: Open, world: World) -> None:
    run = a_failure(world)
    page = look().go(f"/runs/{run}")
    page.wait_for_selector(".row.err >> visible=true")

    page.keyboard.press("l")
    assert page.evaluate(IN_VIEWER)
    typed(page, "/")
    page.keyboard.type("test 29")
    page.wait_for_selector("text=1 of 11")
    typed(page, "Escape n")
    page.wait_for_selector("text=2 of 11")
    typed(page, "N G R")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    world.house.work_off()

    assert world.done("GET", f"/api/v1/runs/{run}")["phase"] == "running"


def test_steps_and_the_way_up_are_walked(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_delivery(world)}?view=list")

    with page.expect_navigation():
        page.keyboard.press("]")
    one = page.url
    with page.expect_navigation():
        page.keyboard.press("]")
    other = page.url
    with page.expect_navigation():
        page.keyboard.press("[")
    back = page.url
    with page.expect_navigation():
        page.keyboard.press("u")

    assert one == back != other
    assert page.url.endswith("/projects/web")


def test_the_graph_fits_the_page(look: Open, world: World) -> None:
    run = a_delivery(world, quorum=3)
    window = look()
    page = window.go(f"/runs/{run}")
    page.set_viewport_size({"width": 500, "height": 800})

    page.keyboard.press("f")
    assert page.eval_on_selector("#graph", FITS)

    world.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve", "node": "g1"}, by=ADMIN)
    window.hurry()
    page.wait_for_selector("text=1 of 3 approvals are given")
    assert page.eval_on_selector("#graph", FITS)


def test_no_key_works_in_a_field(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_delivery(world)}")

    page.focus("[name=notes] >> visible=true")
    page.keyboard.type("ajxR?gi/u")
    page.keyboard.press("Control+k")

    assert page.input_value("[name=notes] >> visible=true") == "ajxR?gi/u"
    assert page.locator("dialog[open]").count() == 0


def test_keys_are_listed_and_switched_off(look: Open) -> None:
    window = look()
    page = window.go("/home")

    page.keyboard.press("?")
    assert "search everything" in page.inner_text("dialog.keys")
    assert window.violations() == []
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.select_option(".looks [name=keys]", "off")
    typed(page, "? Control+k g i")

    assert page.locator("dialog").count() == 0
    assert page.url.endswith("/home")


def test_a_reader_is_offered_no_decision_by_keys(look: Open, world: World) -> None:
    page = look(by=READER).go(f"/runs/{a_delivery(world)}")

    typed(page, "a x R")

    assert page.locator("dialog").count() == 0


def test_the_count_of_the_inbox_follows_while_a_page_stays(look: Open, world: World) -> None:
    run = a_delivery(world)
    window = look()
    page = window.go(f"/runs/{run}")
    assert page.inner_text("#inbox-count") == "1"

    triggered(world, "delivery")
    window.hurry()

    page.wait_for_selector("#inbox-count:text-is('2')")


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_is_added_and_gets_a_token_by_keyboard_alone(look: Open, *, scripts: bool) -> None:
    window = look(by=ADMIN, scripts=scripts)
    page = window.go("/access")

    page.focus("#add summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("ann")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "ann"
    page.focus("#make-token summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("of a script")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.inner_text(".secret code").startswith(TOKEN)
    assert TOKEN not in page.url
    assert not scripts or window.violations() == []
    page.focus("text=Done")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "of a script" in page.inner_text("#tokens ~ .rows, [aria-labelledby=tokens]")
    assert TOKEN not in page.content()
