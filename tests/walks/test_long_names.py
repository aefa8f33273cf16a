"""Names that no key can hold, in every path of the platform: nothing of that name is there, and nobody breaks."""

import re
from collections.abc import Iterator

import pytest

from app import OPERATIONS
from tests.walks.api import Ask
from tests.walks.site import Site

PARAMETER = re.compile(r"{[^}]*}")
NAMED = [row for row in OPERATIONS if PARAMETER.search(row.path)]
LENGTHS = (1100, 2100)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A platform of this module's own: some names are not too long for a project."""
    made = Site(folder=tmp_path_factory.mktemp("names"))
    made.up()
    yield made
    made.end()


def paths(path: str, name: str) -> list[str]:
    """The path with the name in place of all parameters, and in place of each while the others are short."""
    places = len(PARAMETER.findall(path))
    words = [["x"] * place + [name] + ["x"] * (places - place - 1) for place in range(places)]
    return [_filled(path, one) for one in ([name] * places, *words)]


def _filled(path: str, words: list[str]) -> str:
    left = iter(words)
    return PARAMETER.sub(lambda _: next(left), path)


@pytest.mark.parametrize("length", LENGTHS)
def test_nothing_breaks_at_a_name_too_long(place: Site, length: int) -> None:
    broken = {
        (method, row.path, answer.status)
        for row in NAMED
        for method in row.methods
        for path in paths(row.path, "n" * length)
        if (answer := place.asks(Ask(method=method, path=path, body={} if method != "GET" else None))).status >= 500
    }
    assert broken == set()


def test_what_is_named_by_too_long_a_name_is_not_found(place: Site) -> None:
    name = "n" * 2100
    for path in (f"/api/v1/state/{name}/", f"/api/v1/runs/{name}", f"/api/v1/inventory/{name}/units/"):
        assert place.asks(Ask(method="GET", path=path)).status == 404
