"""A browser, and a world that it looks at. Where there is none, these tests say so and are skipped."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.browser.served import Served, a_world_of_today, serving
from tests.browser.windows import Look, Windows
from tests.dialects.console.given import a_project
from tests.dialects.matrix.callers import OWNER
from tests.dialects.matrix.world import World

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""Whichever is there. The first has no windows of its own to draw, and takes three quarters of the processor's time."""

CHROMIUM = os.environ.get("SLIPWAY_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
LEAN = (
    "--no-sandbox",
    "--disable-gpu",
    # What draws is no process of its own, and a page takes the place of the one before it: a tenth less of the
    # processor's time. Later words about features replace those of the driver, so those that pages notice come again.
    "--in-process-gpu",
    "--process-per-site",
    "--disable-features=PaintHolding,HttpsUpgrades,RenderDocument,ProactivelySwapBrowsingInstance",
    # Each page is new, so what compilers make of its scripts is hardly used: a sixth of what takes place in pages.
    "--js-flags=--no-opt --no-maglev",
)


@pytest.fixture(scope="session")
def windows() -> Iterator[Windows]:
    """The windows of the session's browser."""
    driver = pytest.importorskip("playwright.sync_api", reason="no driver of browsers: make test-browser installs it")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium-headless-shell")
    with driver.sync_playwright() as playing:
        started = playing.chromium.launch(executable_path=CHROMIUM, args=LEAN)
        yield Windows(browser=started)
        started.close()


@pytest.fixture
def world() -> World:
    """A world with a project, whose clock is that of the browser."""
    world = a_world_of_today()
    a_project(world)
    return world


@pytest.fixture
def stage() -> str:
    """What stands before all paths, as a stage of API Gateway does: nothing, unless a file says otherwise."""
    return ""


@pytest.fixture
def served(world: World, stage: str) -> Iterator[Served]:
    """The world behind a socket."""
    with serving(world, stage) as served:
        yield served


@pytest.fixture
def look(windows: Windows, world: World, served: Served) -> Iterator[Callable[..., Look]]:
    """Open a browser window, logged in as somebody. What its console says of errors must be nothing."""
    with ExitStack() as held:
        opened: list[Look] = []

        def open_window(by: str = OWNER, *, scripts: bool = True) -> Look:
            opened.append(held.enter_context(windows.taken(scripts=scripts)))
            opened[-1].enter(served.address, world.tokens[by] if by else "")
            return opened[-1]

        yield open_window
        assert [error for one in opened for error in one.errors] == []
