"""`python -m tests.browser.pictures [NAME...]`: take the pictures of docs/console.md. `make pictures` is this.

Of one world at one time, in light colours and at one size, so that a picture differs only when its page does.
"""

import base64
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.browser.conftest import CHROMIUM, LEAN
from tests.browser.served import serving
from tests.browser.windows import STEP_MS, Look
from tests.dialects.console.pictured import PICTURES, Picture, pictured
from tests.dialects.matrix.world import World, people

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = {"width": 1180, "height": 800}
QUALITY = 55
STILL = """() => document.querySelectorAll('.rows th code').forEach(one => {
  if (/^…\\w{6}$/.test(one.textContent)) one.textContent = '…0a1b2c'; })"""
"""Of a token the id is drawn by lot."""

KIND = {"format": "webp", "quality": QUALITY, "optimizeForSpeed": False}


def main(names: Sequence[str]) -> int:
    """Take these pictures; none for all."""
    # The driver is no part of the environment of all tests.
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    world = World()
    people(world)
    pictured(world)
    with serving(world) as served, sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=CHROMIUM, args=LEAN)
        look = _window(browser, world)
        for picture in PICTURES:
            if not names or picture.name in names:
                look.enter(served.address, world.tokens.get(picture.by, ""))
                (FOLDER / f"{picture.name}.webp").write_bytes(_taken(look, world, picture))
        browser.close()
    return 0


def _window(browser: Any, world: World) -> Look:  # noqa: ANN401 - the driver has no types here
    context = browser.new_context(viewport=SIZE, color_scheme="light", reduced_motion="reduce", timezone_id="UTC")
    context.set_default_timeout(STEP_MS)
    page = context.new_page()
    page.clock.set_fixed_time(world.house.world.now())
    return Look(page=page)


def _taken(look: Look, world: World, picture: Picture) -> bytes:
    page = look.go(world.put(picture.path))
    look.settle()
    page.evaluate(STILL)
    devtools = page.context.new_cdp_session(page)
    shot = devtools.send("Page.captureScreenshot", KIND)
    devtools.detach()
    return base64.b64decode(shot["data"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
