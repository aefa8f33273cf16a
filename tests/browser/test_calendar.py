"""The calendar in a real browser: one freezes an environment, sees when it opens next, and lets it go on."""

from collections.abc import Callable

import pytest

from tests.browser.windows import Look
from tests.dialects.matrix.callers import READER

Open = Callable[..., Look]


@pytest.mark.parametrize("scripts", [True, False])
def test_one_freezes_sees_the_next_opening_and_lifts_it(look: Open, scripts: bool) -> None:
    page = look(scripts=scripts).go("/calendar?project=web")

    page.click("#freeze summary")
    page.select_option("#freeze [name=project]", "web")
    page.fill("#freeze [name=environment]", "staging")
    page.fill("#freeze [name=reason]", "the great sale")
    page.fill("#freeze [name=ends]", "2099-01-01T08:00")
    with page.expect_navigation():
        page.click("#freeze button")
    page.goto(f"{page.url.partition('?')[0]}?project=web")

    assert "the great sale" in page.inner_text("[aria-labelledby=freezes]")
    opening = page.inner_text("[aria-labelledby=openings] li:has-text('staging')")
    assert "opens in" in opening
    assert "2099" in opening
    with page.expect_navigation():
        page.click("button:has-text('Lift') >> visible=true")
    assert "the great sale" not in page.inner_text("main")


SEND = """form => Promise.all([1, 2].map(
    () => fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))})
))"""


def test_a_form_that_is_sent_twice_counts_once(look: Open) -> None:
    page = look().go("/calendar?project=web")
    page.click("#stop summary")
    page.fill("#stop [name=reason]", "an alarm")

    page.eval_on_selector("#stop form", SEND)
    page.reload()

    assert page.locator("[aria-labelledby=freezes] tbody tr").count() == 1


def test_the_line_is_stopped_by_keyboard_alone(look: Open) -> None:
    page = look().go("/calendar?project=web")

    page.locator("#stop summary").focus()
    page.keyboard.press("Enter")
    page.locator("#stop [name=reason]").focus()
    page.keyboard.type("an alarm")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "stopped until" in page.inner_text("[aria-labelledby=freezes]")


def test_a_reader_may_look_and_no_more(look: Open) -> None:
    page = look(by=READER).go("/calendar?project=web")

    assert page.locator("main form[method=post]").count() == 0
