"""Logs in a real browser: groups fold, long lines wrap, and a long log is there at once."""

from collections.abc import Callable

from tests.browser.windows import Look
from tests.dialects.console.given import a_log
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
SHOWN = "rows => rows.map(row => row.textContent)"


def test_a_group_that_ended_is_folded_and_opens_for_what_is_looked_for(look: Open, world: World) -> None:
    lines = ["before", "##[group]Install", "one", "two", "##[endgroup]", "between", "##[group]Build", "three"]
    page = look().go(f"/runs/{a_log(world, lines)}")
    page.wait_for_selector(".lines .fold")

    assert page.eval_on_selector_all(".lines .row", SHOWN) == [
        "1before",
        "2▸ Install",
        "6between",
        "7▾ Build",
        "8three",
    ]
    page.fill("[aria-label='Search the log']", "two")
    page.wait_for_selector("text=1 of 1")
    assert "4two" in page.eval_on_selector_all(".lines .row", SHOWN)
    page.click("text=▾ Install")
    assert "4two" not in page.eval_on_selector_all(".lines .row", SHOWN)


def test_folds_are_turned_by_keyboard(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_log(world, ['##[group]Install', 'one', '##[endgroup]'])}")
    page.wait_for_selector(".lines .fold")

    page.focus("button:text-is('Unfold all')")
    page.keyboard.press("Enter")

    assert "2one" in page.eval_on_selector_all(".lines .row", SHOWN)
    page.keyboard.press("Enter")
    assert "2one" not in page.eval_on_selector_all(".lines .row", SHOWN)


def test_a_long_line_is_wrapped_into_rows_and_none_is_lost(look: Open, world: World) -> None:
    long = "".join(f"{number:04} " for number in range(200))
    page = look().go(f"/runs/{a_log(world, ['short', long, 'end'])}")
    page.wait_for_selector(".lines .row")

    page.click("button:text-is('Wrap')")

    shown = page.eval_on_selector_all(".lines .row", SHOWN)
    assert (shown[0], shown[-1]) == ("1short", "3end")
    assert len(shown) > 4
    assert "".join(shown[1:-1]) == f"2{long}"
    assert page.eval_on_selector(".lines", "box => box.scrollWidth <= box.clientWidth + 1")


def test_a_log_of_fifty_thousand_lines_is_whole_and_few_elements(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_log(world, [f'line {number}' for number in range(50_000)])}")

    page.wait_for_selector("text=line 49999", timeout=30_000)

    assert page.locator(".lines *").count() <= 400
