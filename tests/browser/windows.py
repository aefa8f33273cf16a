"""Windows of a browser, which one test uses after another: a new one costs half a second of the processor."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

WIDE = {"width": 1280, "height": 860}
STEP_MS = 60_000
"""How long a page may take to show what is waited for: what fails, fails then, on the busiest machine too."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""What of these rules another scheme of colours may break, and nothing else of them."""

HURRY = "() => { document.getElementById('live').dataset.every = '0.3'; dispatchEvent(new Event('online')); }"
LOGS_ARE_OPEN = "() => [...document.querySelectorAll('.viewer[data-log]')].every(one => one.querySelector('.row'))"
ASKED = """async run => (await axe.run({runOnly: run, resultTypes: ['violations']})).violations
  .flatMap(one => one.nodes.map(node => `${one.id}: ${one.help}: ${node.html.slice(0, 160)}`))"""
"""What axe finds, in words: all that it knows of what is right is ten times as much to be sent here."""


@cache
def axe() -> str:
    """What finds faults of accessibility."""
    return (Path(__file__).parent / "axe-4.14.1.min.js").read_text()


LOADED_IN_VAIN = ("Failed to load resource", "htmx:", "Response Status Error Code")


@dataclass
class Look:
    """A window of a browser. errors: what its scripts failed at, and what the policy of a page forbade."""

    page: Any
    address: str = ""
    errors: list[str] = field(default_factory=list)
    _has_axe: bool = False

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:  # noqa: ANN401 - the driver is not installed everywhere
        # What could not be loaded is said by htmx and by the browser itself.
        if message.type == "error" and not message.text.startswith(LOADED_IN_VAIN):
            self.errors.append(message.text)

    def enter(self, address: str, token: str) -> None:
        """Be logged in by a token at an address; by none, nobody is."""
        self.address = address
        self.page.context.clear_cookies()
        if token:
            self.page.context.add_cookies([{"name": "slipway", "value": token, "url": address}])

    def go(self, path: str) -> Any:  # noqa: ANN401 - as above
        """Open a path of the console, and return the page."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def hurry(self) -> None:
        """The page looks whether it is still so at once, and several times a second until it is shown anew."""
        self.page.evaluate(HURRY)

    def settle(self) -> None:
        """All is there that scripts show of a page."""
        self.page.wait_for_function(LOGS_ARE_OPEN)

    def show(self, *, scheme: str = "light", size: Mapping[str, int] = WIDE) -> None:
        """Have colours of a scheme and be of a size, whatever it was before."""
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.set_viewport_size(size)

    def violations(self, rules: Mapping[str, object] | None = None) -> list[str]:
        """What axe finds on the page that is open."""
        if not self._has_axe:
            self._learn_axe()
        found: list[str] = self.page.evaluate(ASKED, rules or {"type": "tag", "values": RULES})
        return found

    def _learn_axe(self) -> None:
        # The browser keeps it and gives it to each page from now on: half a megabyte that is sent and compiled once.
        asking = self.page.context.new_cdp_session(self.page)
        asking.send("Page.enable")
        asking.send("Page.addScriptToEvaluateOnNewDocument", {"source": axe(), "runImmediately": True})
        self._has_axe = True


@dataclass
class Windows:
    """Those of one browser. Each is as new when it is taken."""

    browser: Any
    _free: dict[bool, list[Look]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def taken(self, *, scripts: bool = True) -> Iterator[Look]:
        """A window that nobody else has until the end. scripts: whether those of pages run."""
        look = self._free[scripts].pop() if self._free[scripts] else self._new(scripts)
        look.show()
        yield look
        look.page.context.set_offline(False)
        look.page.goto("about:blank")
        look.errors.clear()
        self._free[scripts].append(look)

    def _new(self, scripts: bool) -> Look:
        context = self.browser.new_context(java_script_enabled=scripts)
        context.set_default_timeout(STEP_MS)
        return Look(page=context.new_page())
