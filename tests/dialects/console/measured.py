"""What a page costs: bytes, elements, what it loads, and reads of the store."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from html.parser import HTMLParser
from typing import Any

from chalicelib.use_cases.ports.bundle import Ports
from tests.dialects.matrix.world import World

UNCOUNTED = frozenset({"clock", "ids", "settings"})
"""Ports that read no store."""


class Counted:
    """A port whose calls are noted."""

    def __init__(self, port: Any, name: str, calls: list[str]) -> None:  # noqa: ANN401 - any port
        self._port, self._name, self._calls = port, name, calls

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def noted(*given: object, **named: object) -> object:
            self._calls.append(f"{self._name}.{name}")
            return found(*given, **named)

        return noted


class Elements(HTMLParser):
    """Counts elements, and notes what a page loads and names."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.loads = list[str]()
        self.ids = list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += 1
        told = dict(attrs)
        self.ids += filter(None, [told.get("id")])
        loaded = told.get("src") or (told.get("href") if tag == "link" else None)
        if loaded and loaded not in self.loads:
            self.loads.append(loaded)


def elements_of(page: str) -> Elements:
    """The elements of a page."""
    found = Elements()
    found.feed(page)
    return found


def packed(content: str | bytes) -> int:
    """Bytes on the wire."""
    return len(gzip.compress(content.encode() if isinstance(content, str) else content, 6))


@contextmanager
def reads_of(world: World) -> Iterator[list[str]]:
    """The calls of ports while a page is made."""
    calls = list[str]()
    plain = world.house.ports
    world.house.ports = _counted(plain, calls)
    try:
        yield calls
    finally:
        world.house.ports = plain


def _counted(ports: Ports, calls: list[str]) -> Ports:
    of: Callable[[str], Any] = lambda name: Counted(getattr(ports, name), name, calls)  # noqa: E731 - one use
    return replace(ports, **{field.name: of(field.name) for field in fields(ports) if field.name not in UNCOUNTED})
