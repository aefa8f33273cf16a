"""Logs in a real browser: groups fold, long lines wrap, and a long log is there at once."""

from collections.abc import Callable

from tests.browser.windows import Look
from tests.dialects.console.given import a_log
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
LONG, FAST_MS, SLOW_MACHINE = 60_000, 300, 5
"""A machine that is shared may take several times as long as the brief allows; the bench measures."""

WIDE = "x" * 90
LINES = [f"line {number} {WIDE}" for number in range(1, LONG + 1)]
ELEMENTS = ".lines *"
FIRST_ROWS = """async () => { const root = document.createElement('div');
  const old = document.querySelector('.viewer[data-log]');
  root.className = 'viewer'; root.dataset.log = old.dataset.log; root.innerHTML = '<p class="bar"></p><pre></pre>';
  old.parentNode.append(root); const files = document.querySelector('script[type=module]').src;
  const { openLog } = await import(files.replace('console.js', 'log.js')), began = performance.now();
  openLog(root, new Intl.DateTimeFormat());
  while (!root.querySelector('.row')) await new Promise(requestAnimationFrame);
  return performance.now() - began; }"""
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

    page.wait_for_selector("text=line 49999")

    assert page.locator(".lines *").count() <= 400


def test_of_a_very_long_log_the_beginning_and_the_end_are_read_and_the_rest_on_demand(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_log(world, LINES)}")
    page.wait_for_selector(f"text=line {LONG}")
    last = page.eval_on_selector_all(".lines .row", SHOWN)[-1]
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url))

    assert last == f"{LONG}line {LONG} {WIDE}"
    assert page.locator(ELEMENTS).count() <= 400
    page.focus("button:text-matches('Read .+ lines between')")
    page.keyboard.press("Enter")
    page.wait_for_selector("button:text-matches('Read .+ lines between')", state="hidden")
    page.fill("[aria-label='Search the log']", "line 30000 ")
    page.wait_for_selector("text=1 of 1")

    assert f"30000line 30000 {WIDE}" in page.eval_on_selector_all(".lines .row", SHOWN)
    assert page.locator(ELEMENTS).count() <= 400
    assert any("chunks" in one for one in found)


def test_a_line_between_has_an_address_that_is_found(look: Open, world: World) -> None:
    run = a_log(world, LINES)
    page = look().go(f"/runs/{run}#L51000")

    page.wait_for_selector(".row.at")

    assert page.eval_on_selector_all(".row.at", SHOWN) == [f"51000line 51000 {WIDE}"]


def test_what_is_in_sight_stays_there_while_lines_before_it_are_read(look: Open, world: World) -> None:
    page = look().go(f"/runs/{a_log(world, LINES)}")
    page.wait_for_selector(f"text=line {LONG}")
    page.eval_on_selector(".lines", "box => box.scrollBy(0, -1800)")
    page.wait_for_selector(f"text=line {LONG - 100}")
    before = page.eval_on_selector_all(".lines .row", SHOWN)

    page.click("button:text-matches('Read .+ lines between')")
    page.wait_for_selector("button:text-matches('Read .+ lines between')", state="hidden")

    assert page.eval_on_selector_all(".lines .row", SHOWN) == before


def test_the_first_rows_of_ten_thousand_lines_are_there_at_once(look: Open, world: World) -> None:
    lines = [f"line {number} {'x' * 40}" for number in range(10_000)]
    page = look().go(f"/runs/{a_log(world, lines)}")
    page.wait_for_selector(".lines .row")

    took = page.evaluate(FIRST_ROWS)

    assert took <= FAST_MS * SLOW_MACHINE
    assert page.locator(ELEMENTS).count() <= 400
