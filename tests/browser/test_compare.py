"""What differs between two cells of the matrix: by mouse, by keyboard, and by a link where there are no scripts."""

from collections.abc import Callable

from tests.browser.windows import Look
from tests.dialects.console.given import deployments
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
CELL = "#board td[data-at='{}'] a:has-text('{}')"
STAGING, PRODUCTION = CELL.format("staging", "1.10"), CELL.format("production", "1.9") + " >> nth=0"


def test_two_cells_are_compared_by_pointing_at_them(look: Open, world: World) -> None:
    deployments(world)
    page = look().go("/home")
    assert page.is_visible("[data-hint]")

    page.click(STAGING, modifiers=["Shift"])
    assert "is compared with what you point at next" in page.inner_text("#compared")
    page.hover(PRODUCTION)
    page.wait_for_selector("#compared:has-text('1.10 → 1.9')")
    assert page.locator("td.picked").count() == 1
    with page.expect_navigation():
        page.click(PRODUCTION, modifiers=["Shift"])

    assert page.url.endswith("/projects/web/diff?old=staging&new=production&deployment=app")
    assert "1.10 → 1.9" in page.inner_text("#diff")


def test_two_cells_are_compared_by_keyboard_alone(look: Open, world: World) -> None:
    deployments(world)
    page = look().go("/projects/web")

    page.focus(STAGING)
    page.keyboard.press("Shift+Enter")
    page.focus(PRODUCTION)
    page.wait_for_selector("#compared:has-text('1.10 → 1.9')")
    page.keyboard.press("Escape")
    assert page.locator("#compared, td.picked").count() == 0
    page.focus(STAGING)
    page.keyboard.press("Shift+Enter")
    page.focus(PRODUCTION)
    with page.expect_navigation():
        page.keyboard.press("Shift+Enter")

    assert "1.10 → 1.9" in page.inner_text("#diff")


def test_without_scripts_a_drift_leads_to_what_differs_and_a_form_asks_for_any_other(look: Open, world: World) -> None:
    deployments(world)
    page = look(scripts=False).go("/home")

    with page.expect_navigation():
        page.click("text=behind 1.10")
    assert "1.10 → 1.9" in page.inner_text("#diff")
    page.select_option("[name=old]", "production")
    page.select_option("[name=new]", "staging")
    page.fill("[name=deployment]", "worker")
    with page.expect_navigation():
        page.click("button:text-is('Compare')")

    assert "nothing → 0.3" in page.inner_text("#diff")
