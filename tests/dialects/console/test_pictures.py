"""docs/console.md shows every page with a picture, and none of what is gone."""

import re
from pathlib import Path

import pytest

from app import OPERATIONS
from chalicelib.http.site.match import Found, table_of
from tests.dialects.console.pictured import PICTURES, Picture, pictured
from tests.dialects.matrix.world import World, people

DOCS = Path(__file__).parents[3] / "docs"
FOLDER = DOCS / "pictures"
NO_PAGES = frozenset(
    {
        "/logs/{job}",
        "/logs/{job}/chunks",
        "/releases/{namespace}/{application}/{version}/package",
        "/static/{hash}/{file}",
    }
)
PAGES = tuple(
    row for row in OPERATIONS if row.dialect.name == "console" and "GET" in row.methods and row.path not in NO_PAGES
)
LARGEST, LARGEST_OF_ALL = 64_000, 1_000_000
TAKEN = "make pictures takes those that are missing"


@pytest.fixture(scope="module")
def world() -> World:
    """The world of the pictures."""
    made = World()
    people(made)
    pictured(made)
    return made


def test_every_page_has_a_picture() -> None:
    found = [table_of(PAGES).find("GET", one.path.partition("?")[0]) for one in PICTURES]
    shown = {one.operation.path for one in found if isinstance(one, Found)}

    assert {row.path for row in PAGES} - shown == set(), "a line in PICTURES, and make pictures"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_what_a_picture_shows_is_there(picture: Picture, world: World) -> None:
    assert world.ask("GET", picture.path, by=picture.by).status == 200


def test_every_picture_is_taken_and_no_other_is_kept() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{one.name}.webp" for one in PICTURES}, TAKEN


def test_the_page_shows_every_picture_once() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(pictures/([\w-]+)\.webp\)", (DOCS / "console.md").read_text())

    assert sorted(shown) == sorted(one.name for one in PICTURES)


def test_pictures_are_small() -> None:
    contents = {path.name: path.read_bytes() for path in FOLDER.iterdir()}

    assert {name for name, content in contents.items() if content[8:12] != b"WEBP"} == set()
    assert {name for name, content in contents.items() if len(content) > LARGEST} == set()
    assert sum(map(len, contents.values())) <= LARGEST_OF_ALL
