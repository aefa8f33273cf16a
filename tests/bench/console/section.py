"""The times of the console, in a real browser on a platform as `make up` starts it: medians of 5."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection
from statistics import median, quantiles
from urllib.parse import urlsplit

from tests.bench.budgets import Key
from tests.bench.console import given
from tests.bench.console.window import Browser, Window, browsing
from tests.bench.figures import Figure, Measured
from tests.bench.platform import Platform

TIMES = 5
SERVER_TIMES = 60
QUIET_S = 5
TYPED = "of a"
SEARCHED = """text => { const field = document.querySelector("[aria-label='Search the log']");
  const before = performance.now(); field.value = text; field.dispatchEvent(new Event('input'));
  return performance.now() - before; }"""
ROWS = ".lines .row"
SEEN = """was => new Promise(done => { const look = () => { const now = document.querySelector('#live').innerText;
  if (now.includes('stop') && !was.includes('stop')) { watch.disconnect(); done(Date.now()); } };
  const watch = new MutationObserver(look);
  watch.observe(document.body, {subtree: true, childList: true, characterData: true}); look(); })"""


def console(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """Each budget of times that the console has."""
    given.project(platform)
    many, waits = given.many_nodes(platform), f"at load {os.getloadavg()[0]:.0f}"
    yield Key.CONSOLE_SERVER, _served(platform, f"/runs/{many}")
    with browsing(platform) as browser:
        small = given.a_log(platform, 3)
        yield Key.CONSOLE_BYTES, _bytes(browser, f"/runs/{small}")
        for key, is_slow in ((Key.CONSOLE_PAINT, False), (Key.CONSOLE_PAINT_SLOW, True)):
            paints = [_first_paint(browser, f"/runs/{small}", is_slow=is_slow) for _ in range(TIMES)]
            yield key, Measured(value=median(paints), note=f"the worst {max(paints):.0f}; {waits}")
        yield Key.CONSOLE_NODES, _graph(browser, many)
        yield Key.CONSOLE_KEY, _keys(browser)
        yield from _idle(browser, many)
        yield Key.CONSOLE_SEEN, _change(browser)
        yield from _logs(browser)
        given.a_matrix(platform)
        again = _served(platform, "/home")
        changed = _served(platform, "/home", lambda turn: given.a_change(platform, turn))
        told = f"{again.note}; {changed.value:.0f} where a deployment has just changed"
        yield Key.CONSOLE_MATRIX, replace(again, note=told)


def _served(platform: Platform, path: str, before: Callable[[int], object] = lambda _: None) -> Measured:
    where = urlsplit(platform.address)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=30)
    taken, size = list[float](), 0
    for turn in range(SERVER_TIMES):
        before(turn)
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"slipway={platform.token}"})
        answer = connection.getresponse()
        size = len(answer.read())
        taken.append(1000 * (time.perf_counter() - begun))
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}")
    connection.close()
    note = f"the median {median(taken):.0f}; {size / 1000:.0f} KB of HTML; at load {os.getloadavg()[0]:.0f}"
    return Measured(value=quantiles(taken[1:], n=20)[-1], note=note)


def _bytes(browser: Browser, path: str) -> Measured:
    with browser.window() as window:
        window.go(path)
        window.page.wait_for_load_state("networkidle")
        return Measured(value=sum(window.received) / 1000, note=f"{len(window.received)} requests")


def _first_paint(browser: Browser, path: str, *, is_slow: bool) -> float:
    with browser.window(is_slow=is_slow) as window:
        window.go(path)
        return window.first_paint()


def _graph(browser: Browser, run: str) -> Measured:
    taken, elements = list[float](), 0
    for _ in range(TIMES):
        with browser.window(graph="#graph a:last-of-type") as window:
            window.go(f"/runs/{run}")
            taken.append(max(window.seen_at("graph"), window.first_paint()))
            elements = window.page.evaluate("document.querySelectorAll('*').length")
    return Measured(value=median(taken), note=f"{elements} elements")


def _keys(browser: Browser) -> Measured:
    """The palette and its letters, a row further, and the way back: from each key to what it paints."""
    with browser.window() as window:
        window.go("/runs")
        for key in ("Control+k", *"lo", "Escape", "j", "j", "k", "?", "Escape") * 2:
            window.page.keyboard.press(key)
            window.page.wait_for_timeout(150)
        taken = [float(one) for one in window.page.evaluate("window.keys")]
    # What is painted within a frame is not told at all.
    note = f"{len(taken)} keys took over a frame; the worst {max(taken, default=0):.0f}"
    return Measured(value=median(taken) if taken else 16, note=note)


def _idle(browser: Browser, run: str) -> Iterator[tuple[Key, Figure]]:
    worked, received = list[float](), list[float]()
    with browser.window() as window:
        window.go(f"/runs/{run}")
        window.page.wait_for_timeout(4000)
        for _ in range(TIMES):
            before, had = window.worked(), len(window.received)
            window.page.wait_for_timeout(1000 * QUIET_S)
            worked.append((window.worked() - before) / QUIET_S)
            received.append(sum(window.received[had:]) / QUIET_S / 1000)
    yield Key.CONSOLE_IDLE, Measured(value=median(worked), note=f"the worst {max(worked):.0f}")
    yield Key.CONSOLE_IDLE_BYTES, Measured(value=median(received), note=f"the worst {max(received):.2f}")


def _change(browser: Browser) -> Measured:
    taken = []
    for number in range(TIMES):
        run = given.a_sleep(browser.platform, number)
        with browser.window() as window:
            window.go(f"/runs/{run}")
            window.page.wait_for_selector("#phase:has-text('running')")
            taken.append(_seen_after(window, browser.platform, run))
    return Measured(value=median(taken), note=f"the worst {max(taken):.2f}; what waits for a person: up to 5")


def _seen_after(window: Window, platform: Platform, run: str) -> float:
    window.page.evaluate(f"was => {{ window.seen = ({SEEN})(was); }}", window.page.inner_text("#live"))
    window.page.wait_for_timeout(700)
    begun = time.time()
    platform.ask("POST", f"/api/v1/runs/{run}/acts", {"act": "cancel"})
    return float(window.page.evaluate("window.seen")) / 1000 - begun


def _logs(browser: Browser) -> Iterator[tuple[Key, Figure]]:
    short, long = (_log(browser, lines) for lines in (10_000, 200_000))
    at_long = "at 200,000 lines {:.0f}"
    yield Key.CONSOLE_ROWS, Measured(value=short["rows"], note=at_long.format(long["rows"]))
    yield Key.CONSOLE_SEARCH, Measured(value=short["search"], note=at_long.format(long["search"]))
    yield Key.CONSOLE_LOG_NODES, Measured(value=short["nodes"], note=at_long.format(long["nodes"]))
    yield Key.CONSOLE_HEAP, Measured(value=short["heap"], note=at_long.format(long["heap"]))


def _log(browser: Browser, lines: int) -> dict[str, float]:
    run = given.a_log(browser.platform, lines)
    taken = [_opened(browser, run, lines) for _ in range(TIMES)]
    return {name: median(one[name] for one in taken) for name in taken[0]}


def _opened(browser: Browser, run: str, lines: int) -> dict[str, float]:
    with browser.window(opened=".viewer[data-open]", rows=ROWS) as window:
        window.go(f"/runs/{run}?step=1/s1")
        rows = window.seen_at("rows") - window.seen_at("opened")
        window.page.wait_for_selector(f".lines >> text=line {lines} of")
        keys = [float(window.page.evaluate(SEARCHED, TYPED[: end + 1])) for end in range(len(TYPED))]
        nodes = window.page.locator(".lines *").count()
        return {"rows": rows, "search": median(keys), "nodes": nodes, "heap": window.heap()}
