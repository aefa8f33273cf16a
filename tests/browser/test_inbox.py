"""The inbox in a real browser: one decides about one or many, types while it changes, and meets who was faster."""

from collections.abc import Callable

import pytest

from tests.browser.windows import Look
from tests.dialects.console.given import a_delivery, triggered
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World

Open = Callable[..., Look]


@pytest.mark.parametrize("scripts", [True, False])
def test_one_approves_all_that_is_ticked_by_keyboard_alone(look: Open, world: World, scripts: bool) -> None:
    a_delivery(world)
    triggered(world, "delivery")
    page = look(scripts=scripts).go("/inbox")

    for box in page.locator("[name=chosen][type=checkbox]").all():
        box.focus()
        page.keyboard.press("Space")
    page.focus("#many [name=notes]")
    page.keyboard.type("seen both")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    world.work_off()

    assert page.locator(".outcomes li.ok").all_inner_texts() == [
        "web/delivery#1: approved",
        "web/delivery#2: approved",
    ]
    assert "Nothing waits for your word" in page.inner_text("main")


def test_two_decide_at_once_and_the_later_is_told(look: Open, world: World) -> None:
    run = a_delivery(world)
    page, other = look().go("/inbox"), look(by=ADMIN).go("/inbox")
    for each in (page, other):
        each.fill(f"[id^='w-{run}'] [name=notes]", "mine")

    with other.expect_navigation():
        other.click("button:text-is('Reject')")
    with page.expect_navigation():
        page.click("button:text-is('Approve')")

    assert "admin rejected it at" in page.inner_text(".outcomes li.bad")


def test_what_is_ticked_and_typed_survives_what_comes_meanwhile(look: Open, world: World) -> None:
    run = a_delivery(world)
    window = look()
    page = window.go("/inbox")
    page.check(f"[id^='w-{run}'] [name=chosen][type=checkbox]")
    page.fill(f"[id^='w-{run}'] [name=notes]", "half a th")

    triggered(world, "delivery")
    window.hurry()
    page.wait_for_selector("text=web/delivery#2")

    assert page.is_checked(f"[id^='w-{run}'] [name=chosen][type=checkbox]")
    assert page.input_value(f"[id^='w-{run}'] [name=notes]") == "half a th"
