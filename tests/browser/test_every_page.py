"""What holds for every page in each of its states, in a real browser: one line in tests/dialects/console/scenes.py.

A page is loaded once and looked at in every way; worlds are made once, for nobody changes them. All of it behind a
stage prefix, as API Gateway has one.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.browser.served import Served, a_world_of_today, serving
from tests.browser.windows import OF_COLOURS, Look, Windows
from tests.dialects.console.scenes import SCENES, WORLDS, Scene

STAGE = "/prod"
SMALL = {"width": 390, "height": 800}
FOCUSABLE = "a[href]:not([tabindex='-1']), button, input:not([type=hidden]), select, summary, [tabindex='0']"
IN_RAIL = "header.rail"
NOTED = "document.addEventListener('focusin', event => { event.target.dataset.reached = 'yes'; })"
AFTER_RAIL = """stops => [...document.querySelectorAll(`header.rail :is(${stops})`)]
  .filter(one => one.checkVisibility()).at(-1)?.focus()"""
UNREACHED = """([stops, besides]) => [...document.querySelectorAll(stops)]
  .filter(one => one.checkVisibility() && !one.disabled && !one.dataset.reached && !(besides && one.closest(besides)))
  .map(one => one.outerHTML.slice(0, 160))"""
ASTRAY = """stage => [...document.querySelectorAll('[href], [src], [action], [hx-get]')]
  .flatMap(one => ['href', 'src', 'action', 'hx-get'].map(name => one.getAttribute(name)))
  .filter(Boolean).map(value => new URL(value, document.baseURI))
  .filter(one => one.origin === location.origin && !one.pathname.startsWith(`${stage}/`)).map(String)"""
OPENED = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
PARTS_OF_INSTANT = 8
"""A field of date and time is reached part by part, and so is the button in it."""


@pytest.fixture(scope="module")
def place_of() -> Iterator[Callable[[str], Served]]:
    """Return the world of a scene, in which all is done that it needs, behind a socket."""
    with ExitStack() as kept:

        @cache
        def served(name: str) -> Served:
            world = a_world_of_today()
            WORLDS[name](world)
            return kept.enter_context(serving(world, STAGE))

        yield served


@pytest.fixture(scope="module")
def window(windows: Windows) -> Iterator[Look]:
    """One window for all pages."""
    with windows.taken() as window:
        yield window


@pytest.fixture(scope="module")
def window_without_scripts(windows: Windows) -> Iterator[Look]:
    """Another, in which no scripts run."""
    with windows.taken(scripts=False) as window:
        yield window


@pytest.fixture(scope="module", params=SCENES, ids=lambda scene: scene.name)
def scene(request: pytest.FixtureRequest) -> Scene:
    """A page as somebody sees it."""
    found: Scene = request.param
    return found


@pytest.fixture(scope="module")
def opened(window: Look, place_of: Callable[[str], Served], scene: Scene) -> Look:
    """The page of a scene, with all that it opens on demand."""
    look_at(window, place_of(scene.world), scene)
    window.settle()
    window.page.evaluate(OPENED)
    return window


def look_at(window: Look, served: Served, scene: Scene) -> None:
    """The scene is in the window."""
    window.show()
    window.enter(served.address, served.world.tokens.get(scene.by, ""))
    window.go(served.world.put(scene.path))


def test_every_address_is_behind_the_stage(opened: Look) -> None:
    assert opened.page.evaluate(ASTRAY, STAGE) == []


def test_axe_finds_nothing(opened: Look) -> None:
    opened.show()
    assert opened.violations() == []


def test_axe_finds_nothing_in_the_dark(opened: Look) -> None:
    opened.show(scheme="dark")
    assert opened.violations({"type": "rule", "values": OF_COLOURS}) == []


def test_nothing_sticks_out_of_a_small_screen(opened: Look) -> None:
    opened.show(size=SMALL)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_everything_is_reached_by_keyboard(opened: Look) -> None:
    opened.show()
    opened.page.evaluate(NOTED)
    opened.page.evaluate(AFTER_RAIL, FOCUSABLE)
    tab_through(opened, f"body :is({FOCUSABLE}):not(header.rail *)")

    assert opened.page.evaluate(UNREACHED, [FOCUSABLE, IN_RAIL]) == []


def test_the_rail_is_reached_by_keyboard(window: Look, place_of: Callable[[str], Served]) -> None:
    look_at(window, place_of("empty"), Scene(path="/inbox", world="empty", reads=0, elements=0))
    window.page.evaluate(NOTED)
    tab_through(window, FOCUSABLE)

    assert window.page.evaluate(UNREACHED, [FOCUSABLE, ""]) == []


def tab_through(window: Look, stops: str) -> None:
    """As many stops further as there are, by a key that is held down: half of the calls."""
    parts = PARTS_OF_INSTANT * window.page.locator("input[type=datetime-local]:visible").count()
    for _ in range(window.page.locator(stops).count() + 1 + parts):
        window.page.keyboard.down("Tab")
    window.page.keyboard.up("Tab")


def test_every_page_reads_without_scripts(
    window_without_scripts: Look, place_of: Callable[[str], Served], scene: Scene
) -> None:
    look_at(window_without_scripts, place_of(scene.world), scene)

    assert window_without_scripts.page.locator("h1").count() == 1
    assert window_without_scripts.page.locator("main").inner_text().strip()
