"""A browser, and a world that it looks at. Where there is none, these tests say so and are skipped."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.served import Look, a_world_of_today, served
from tests.dialects.console.given import a_project
from tests.dialects.matrix.callers import OWNER
from tests.dialects.matrix.world import World

CHROMIUM = os.environ.get("SLIPWAY_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
AXE = (Path(__file__).parent / "axe-4.14.1.min.js").read_text()
WIDE = {"width": 1280, "height": 860}
STEP_MS = 15_000
"""How long a page may take to show what is waited for, on a busy machine."""


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """The browser of the session."""
    driver = pytest.importorskip("playwright.sync_api", reason="no driver of browsers: make test-browser installs it")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with driver.sync_playwright() as playing:
        started = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def world() -> World:
    """A world with a project, whose clock is that of the browser."""
    world = a_world_of_today()
    a_project(world)
    return world


@pytest.fixture
def look(browser: object, world: World) -> Iterator[Callable[..., Look]]:
    """Open a browser window, logged in as somebody. What its console says of errors must be nothing."""
    with served(world) as address:
        opened: list[Look] = []

        def open_window(by: str = OWNER, **options: object) -> Look:
            context = browser.new_context(**{"viewport": WIDE, **options})  # type: ignore[attr-defined]
            context.set_default_timeout(STEP_MS)
            if by:
                context.add_cookies([{"name": "slipway", "value": world.tokens[by], "url": address}])
            opened.append(Look(page=context.new_page(), address=address, axe=AXE))
            return opened[-1]

        yield open_window
        for one in opened:
            one.page.context.close()
        assert [error for one in opened for error in one.errors] == []
