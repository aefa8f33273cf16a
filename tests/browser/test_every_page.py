"""What holds for every page in each of its states, in a real browser: one line in tests/dialects/console/scenes.py."""

from collections.abc import Callable

import pytest

from tests.browser.served import Look, a_world_of_today
from tests.dialects.console.scenes import SCENES, WORLDS
from tests.dialects.matrix.callers import ANONYMOUS
from tests.dialects.matrix.world import World

Open = Callable[..., Look]
SMALL = {"width": 390, "height": 800}
FOCUSABLE = "a[href]:not([tabindex='-1']), button, input:not([type=hidden]), select, summary, [tabindex='0']"
UNREACHED = """stops => [...document.querySelectorAll(stops)]
  .filter(one => one.checkVisibility() && !one.disabled && !one.dataset.reached)
  .map(one => one.outerHTML.slice(0, 160))"""
SETTLES_MS = 200
PARTS_OF_INSTANT = 8
"""A field of date and time is reached part by part, and so is the button in it."""


@pytest.fixture(params=WORLDS)
def place(request: pytest.FixtureRequest, world: World) -> str:
    """The name of a world with people alone, in which all is done that its scenes need."""
    name: str = request.param
    WORLDS[name](world)
    return name


@pytest.fixture
def world() -> World:
    """A world with people, whose clock is that of the browser."""
    return a_world_of_today()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(look: Open, world: World, place: str, scheme: str) -> None:
    found = {}
    for scene in SCENES:
        if scene.world == place:
            window = look(by=scene.by if scene.by != ANONYMOUS else "", color_scheme=scheme)
            window.go(world.put(scene.path)).wait_for_timeout(SETTLES_MS)
            found[scene.name] = window.violations()

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_nothing_sticks_out_of_a_small_screen(look: Open, world: World, place: str) -> None:
    wide = {}
    for scene in SCENES:
        if scene.world == place:
            window = look(by=scene.by if scene.by != ANONYMOUS else "", viewport=SMALL)
            page = window.go(world.put(scene.path))
            wide[scene.name] = page.evaluate("document.documentElement.scrollWidth")

    assert {name: width for name, width in wide.items() if width > SMALL["width"]} == {}


def test_everything_is_reached_by_keyboard(look: Open, world: World, place: str) -> None:
    missed = {}
    for scene in SCENES:
        if scene.world == place:
            window = look(by=scene.by if scene.by != ANONYMOUS else "")
            page = window.go(world.put(scene.path))
            page.wait_for_timeout(SETTLES_MS)
            parts = PARTS_OF_INSTANT * page.locator("input[type=datetime-local]:visible").count()
            for _ in range(page.locator(FOCUSABLE).count() + 1 + parts):
                page.keyboard.press("Tab")
                page.evaluate("document.activeElement.dataset.reached = 'yes'")
            missed[scene.name] = page.evaluate(UNREACHED, FOCUSABLE)

    assert {name: rest for name, rest in missed.items() if rest} == {}


def test_every_page_reads_without_scripts(look: Open, world: World, place: str) -> None:
    for scene in SCENES:
        if scene.world == place:
            window = look(by=scene.by if scene.by != ANONYMOUS else "", java_script_enabled=False)
            page = window.go(world.put(scene.path))

            assert page.locator("h1").count() == 1, scene.name
            assert page.locator("main").inner_text().strip(), scene.name
