"""The calendar in a real browser: one freezes an environment, sees when it opens next, and lets it go on."""

from collections.abc import Callable

from tests.browser.windows import Look

Open = Callable[..., Look]


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
