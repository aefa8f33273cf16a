"""A window of a browser that measures: what came over the wire, when what was seen, and what its main thread worked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.bench.platform import Platform
from tests.browser.conftest import CHROMIUM, LEAN

LONGEST_MS = 60_000
SLOW = {"offline": False, "latency": 40, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
"""1.6 Mbit/s down, with 40 ms."""

WATCH = """(() => { window.at = {}; window.keys = [];
  const look = () => { for (const [name, what] of Object.entries(%s))
    if (!(name in window.at) && document.querySelector(what)) window.at[name] = performance.now(); };
  new MutationObserver(look).observe(document, {subtree: true, childList: true});
  new PerformanceObserver(list => window.keys.push(...list.getEntries()
    .filter(one => one.name === 'keydown').map(one => one.duration)))
    .observe({type: 'event', durationThreshold: 16, buffered: true}); })()"""
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"


@dataclass
class Window:
    """A page of its own, whose cache is empty. received: bytes on the wire so far."""

    page: Any
    devtools: Any
    address: str
    received: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.devtools.send("Network.enable")
        self.devtools.send("Performance.enable")
        self.devtools.on("Network.loadingFinished", lambda told: self.received.append(told["encodedDataLength"]))

    def go(self, path: str) -> None:
        """Open a path of the console, until it is painted."""
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_function(PAINTED)

    def first_paint(self) -> float:
        """Milliseconds from the beginning of the navigation."""
        return float(self.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))

    def seen_at(self, name: str) -> float:
        """Milliseconds until what was watched for stood in the page, from the beginning of the navigation."""
        self.page.wait_for_function("name => name in window.at", arg=name)
        return float(self.page.evaluate("name => window.at[name]", name))

    def worked(self) -> float:
        """Milliseconds that its main thread has worked so far."""
        told = self.devtools.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(one["value"]) for one in told if one["name"] == "TaskDuration")

    def heap(self) -> float:
        """MB that its scripts hold."""
        self.devtools.send("HeapProfiler.collectGarbage")
        return float(self.devtools.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


@dataclass
class Browser:
    """Opens windows on a platform, as its admin."""

    platform: Platform
    started: Any

    @contextmanager
    def window(self, *, is_slow: bool = False, **watched: str) -> Iterator[Window]:
        """A window of its own. watched: what is looked for on its pages, by name, as selectors."""
        context = self.started.new_context(viewport={"width": 1280, "height": 860})
        context.set_default_timeout(LONGEST_MS)
        context.add_init_script(WATCH % json.dumps(watched))
        address = self.platform.address
        context.add_cookies([{"name": "slipway", "value": self.platform.token, "url": address}])
        page = context.new_page()
        window = Window(page=page, devtools=context.new_cdp_session(page), address=address)
        if is_slow:
            window.devtools.send("Network.emulateNetworkConditions", SLOW)
        yield window
        context.close()


@contextmanager
def browsing(platform: Platform) -> Iterator[Browser]:
    """A browser that looks at a platform. Faults: ImportError, where its driver is not installed."""
    # The driver is no part of the environment of the rest of the bench.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playing:
        started = playing.chromium.launch(executable_path=CHROMIUM, args=LEAN)
        yield Browser(platform=platform, started=started)
        started.close()
