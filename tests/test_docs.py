"""The docs name what is there: maps are true, complete and short, links and paths of files lead somewhere."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
ARCHITECTURE = ROOT / "docs" / "architecture.md"

PRODUCT = ("chalicelib", "infra", "slipway", "slipway_formats")
LONGEST_MAP = 25
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
NAMED_FILE = re.compile(r"`((?:[\w.-]+/)+[\w-]+\.py)`")
PLACEHOLDERS = {"x", "things"}
"""Parts of the paths in recipes that stand for any dialect and any noun."""


def maps_in(text: str) -> list[str]:
    """The blocks of a page that begin with a folder: each a map of it."""
    blocks = (body for language, body in FENCE.findall(text) if not language)
    return [body for body in blocks if re.match(r"[\w/]+/\n", body)]


def places_in(drawn: str) -> Iterator[str]:
    """The paths that a map names: a line holds names, two blanks and what they are for; what is inside is indented."""
    root, *lines = drawn.splitlines()
    around: list[str] = [root]
    yield root
    for line in lines:
        names = line.strip().partition("  ")[0].split()
        depth = (len(line) - len(line.lstrip())) // 2
        del around[depth:]
        yield from ("".join(around) + name for name in names)
        around.append(names[-1])


def missing_in(text: str, root: Path) -> list[str]:
    """What the maps of a page name and what is not there."""
    places = [place for drawn in maps_in(text) for place in places_in(drawn)]
    return [place for place in places if not (root / place).exists() or (root / place).is_dir() != place.endswith("/")]


def unmapped_in(text: str, root: Path) -> list[str]:
    """The folders of the product that no map of a page names."""
    named = {place.rstrip("/") for drawn in maps_in(text) for place in places_in(drawn)}
    folders = (path for room in PRODUCT for path in (root / room, *(root / room).rglob("*")) if path.is_dir())
    inside = (str(path.relative_to(root)) for path in folders if any(path.glob("*.py")))
    return sorted(set(inside) - named)


def too_long_in(text: str) -> list[str]:
    """The maps of a page that nobody takes in at a glance."""
    return [drawn.splitlines()[0] for drawn in maps_in(text) if len(drawn.splitlines()) > LONGEST_MAP]


def anchors_of(text: str) -> set[str]:
    """What of a page can be linked to, as GitHub names it."""
    prose = FENCE.sub("", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose)}


def broken_links_in(page: Path) -> list[str]:
    """The relative links of a page that lead nowhere."""
    links = (link for link in LINK.findall(FENCE.sub("", page.read_text())) if "://" not in link)
    return [link for link in links if not _leads_somewhere(page, link)]


def _leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors_of(target.read_text()))


def unknown_files_in(text: str, root: Path) -> list[str]:
    """The Python files that a page names by a path and that are not there, from the root or from chalicelib."""
    named = (name for name in NAMED_FILE.findall(text) if not PLACEHOLDERS & set(re.split(r"[/.]", name)))
    return [name for name in named if not any((root / room / name).exists() for room in ("", "chalicelib"))]


def test_every_map_names_only_what_is_there() -> None:
    assert missing_in(ARCHITECTURE.read_text(), ROOT) == []


def test_every_folder_of_the_product_is_on_a_map() -> None:
    assert unmapped_in(ARCHITECTURE.read_text(), ROOT) == []


def test_no_map_is_longer_than_25_lines() -> None:
    assert too_long_in(ARCHITECTURE.read_text()) == []


def test_every_relative_link_leads_somewhere() -> None:
    assert {page.name: broken for page in PAGES if (broken := broken_links_in(page))} == {}


def test_every_python_file_that_a_page_names_is_there() -> None:
    texts: Mapping[str, str] = {page.name: page.read_text() for page in PAGES}

    assert {name: unknown for name, text in texts.items() if (unknown := unknown_files_in(text, ROOT))} == {}


def test_readme_links_every_page() -> None:
    linked = set(LINK.findall((ROOT / "README.md").read_text()))

    assert {f"docs/{page.name}" for page in PAGES[1:]} - linked == set()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A product of two folders."""
    for folder in (tmp_path / "slipway", tmp_path / "slipway" / "cli"):
        folder.mkdir()
        (folder / "one.py").touch()
    return tmp_path


def test_a_file_a_folder_and_a_kind_that_are_not_so_are_found(house: Path) -> None:
    lines = ("slipway/", "  one.py gone.py  files", "  cli/  commands", "    two.py  more", "  one.py/  no folder")
    drawn = "```\n" + "\n".join(lines) + "\n```\n"

    assert missing_in(drawn, house) == ["slipway/gone.py", "slipway/cli/two.py", "slipway/one.py/"]


def test_a_folder_that_is_on_no_map_is_found(house: Path) -> None:
    assert unmapped_in("```\nslipway/\n  one.py  a file\n```\n", house) == ["slipway/cli"]


def test_a_map_of_26_lines_is_found() -> None:
    line = "  one.py  a file\n"

    assert too_long_in(f"```\nslipway/\n{line * 25}```\n") == ["slipway/"]
    assert too_long_in(f"```\nslipway/\n{line * 24}```\n") == []


def test_links_to_a_page_and_to_a_heading_that_are_not_there_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One: `two`\n[a](page.md#one-two) [b](#one) [c](gone.md) [d](https://example.org) [e](page.md)\n")

    assert broken_links_in(page) == ["#one", "gone.md"]


def test_a_file_that_is_not_there_is_found_and_a_placeholder_is_none(house: Path) -> None:
    text = "`slipway/one.py` `slipway/two.py` `dialects/x/things/words.py` `one.py`"

    assert unknown_files_in(text, house) == ["slipway/two.py"]
