"""Addresses, times, words and files of every page."""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from hashlib import sha256
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dialects import console
from chalicelib.dialects.console.frame.assets import files
from chalicelib.dialects.console.frame.durations import length
from chalicelib.dialects.console.frame.frame import href, own_place
from chalicelib.dialects.console.frame.marks import MARKS

PUBLISHED = {
    "htmx-2.0.11.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "idiomorph-0.8.0.min.js": "5811b9a7eda14878b7dab4378bf60432e1bb6f11fcfb970cc26540642650181e",
}
"""SHA-256 of the files as their projects publish them."""

ROOM = f"{console.__name__}."
IN_PART = frozenset(
    {
        "access.page.LETS",
        "access.words.LETS",
        "frame.outcomes.DONE",
        "home.board.DRIFTS",
        "projects.environment.PHASES",
        "search.entries.LEVELS_OF",
    }
)
"""Tables that are asked with a default, or of members alone that are chosen from them."""

SITE = "https://slipway.example"
PATHS = st.lists(st.text("abc/%2F.-", min_size=1), min_size=1, max_size=5).map(lambda parts: "/" + "/".join(parts))


@pytest.mark.parametrize("stage", ["", "/api", "/a/b"])
@pytest.mark.parametrize("page", ["/home", "/runs/1", "/runs/1/", "/logs/a%2Fb/chunks", "/runs/1?next=a/b"])
def test_an_address_is_right_behind_any_stage(stage: str, page: str) -> None:
    assert urljoin(f"{SITE}{stage}{page}", href(page, "/runs/2?step=1/a#log")) == f"{SITE}{stage}/runs/2?step=1/a#log"


@given(st.text() | PATHS.map(lambda path: path.lstrip("/")))
def test_a_login_leads_to_no_other_site(wanted: str) -> None:
    led = urlsplit(urljoin(f"{SITE}/stage/login", f"./{own_place(wanted)}"))

    assert (led.scheme, led.netloc) == ("https", "slipway.example")
    assert led.path.startswith("/stage/")


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "../x", "a//b", "\r\nX: 1"]
)
def test_what_is_not_ours_leads_home(wanted: str) -> None:
    assert own_place(wanted) == "home"


def test_a_login_leads_back_with_the_whole_query() -> None:
    assert own_place("runs/1?view=list&step=2/a") == "runs/1?view=list&step=2/a"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"), (7500, "2 h 5 min"), (86_460, "1 d")],
)
def test_a_length_has_two_units_at_most(seconds: int, said: str) -> None:
    assert length(timedelta(seconds=seconds)) == said


def test_every_phase_has_a_mark_of_shape_and_word() -> None:
    assert len({(one.tone, one.shape, one.word) for one in MARKS.values()}) == len(MARKS)


@pytest.mark.parametrize("name", PUBLISHED)
def test_files_of_others_are_as_they_were_published_and_have_their_licence(name: str) -> None:
    assert sha256(files()[name].content).hexdigest() == PUBLISHED[name]
    assert "Redistribution" in _licence(name) or "Permission to use" in _licence(name)


def test_the_scripts_of_a_first_view_are_35_kb_at_most() -> None:
    scripts = [file.packed for name, file in files().items() if name.endswith(".js")]

    assert sum(map(len, scripts)) <= 35_000
    assert sum(len(file.packed) for name, file in files().items() if not name.endswith(".txt")) <= 50_000


def _licence(name: str) -> str:
    return files()[name.replace(".min.js", ".LICENSE.txt")].content.decode()


def test_a_table_of_words_for_members_of_an_enum_has_them_all() -> None:
    """A page that shows one that was forgotten would not be shown at all."""
    lacking = {
        f"{module.__name__.removeprefix(ROOM)}.{name}": _lacking(table)
        for module in _modules()
        for name, table in vars(module).items()
        if isinstance(table, Mapping) and table and all(isinstance(key, Enum) for key in table)
    }

    assert len(lacking) > 4
    assert {name: rest for name, rest in lacking.items() if rest and name not in IN_PART} == {}


def _lacking(table: Mapping[Enum, object]) -> set[Enum]:
    kind: type[Enum] = type(next(iter(table)))
    return set(kind) - set(table)


def _modules() -> list[ModuleType]:
    rooms = walk_packages(console.__path__, ROOM)
    return [import_module(one.name) for one in rooms]
