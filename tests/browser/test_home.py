"""Home in a real browser: it is searched by keyboard, says what is new, and its first row and column stay in sight."""

from collections.abc import Callable

import pytest

from tests.browser.windows import Look
from tests.dialects.console.given import a_delivery, deployments, many_deployments
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
HEAD_STAYS = """board => { board.scrollTo(400, 900);
  const inside = board.getBoundingClientRect(), first = board.querySelector('tbody tr:not(.of) th');
  return [board.querySelector('thead th').getBoundingClientRect().top - inside.top,
          first.getBoundingClientRect().left - inside.left].map(Math.round); }"""


def test_what_waits_is_seen_as_soon_as_it_waits(look: Open, world: World) -> None:
    window = look()
    page = window.go("/home")
    page.fill("[name=q]", "ap")

    a_delivery(world)
    window.hurry()
    page.wait_for_selector("text=Waits for your word")

    assert page.input_value("[name=q]") == "ap"
    assert "web/delivery#1" in page.inner_text("#waiting")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_application_is_looked_for_by_keyboard_alone(look: Open, world: World, scripts: bool) -> None:
    deployments(world)
    page = look(scripts=scripts).go("/home")

    page.focus("[name=q]")
    page.keyboard.type("work")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/home?q=work")
    assert page.locator("#board tbody tr:not(.of)").count() == 1
    assert "failed" in page.inner_text("#board td i")


def test_the_first_row_and_column_stay_in_sight(look: Open, world: World) -> None:
    many_deployments(world, applications=40, environments=20)
    page = look().go("/home")

    assert page.eval_on_selector(".board", HEAD_STAYS) in ([0, 0], [1, 1], [1, 0], [0, 1])
