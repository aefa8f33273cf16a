"""What globs mean."""

import time

import pytest

from slipway_formats import glob


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.md", "docs/a.md", True),
        ("docs/**", "docs/a/b.md", True),
        ("docs/", "docs/a/b", True),
        ("src/*.py", "src/a/b.py", False),
        ("src/**/*.py", "src/b.py", True),
        ("[ab]?.txt", "x/a1.txt", True),
        ("[!a]", "b", True),
        ("[!a]", "a", False),
        ("/README.md", "x/README.md", False),
        ("/README.md", "README.md", True),
        ("**", "a/b", True),
        ("a/**/b/**/c", "a/x/b/y/z/c", True),
        ("a\\*b", "a*b", True),
        ("a\\*b", "axb", False),
    ],
)
def test_a_glob_means_these_paths(pattern: str, path: str, fits: bool) -> None:
    assert glob.check(pattern, "g") == ()
    assert glob.matches(pattern, path) is fits


@pytest.mark.parametrize("pattern", ["", "  ", "[a", "[z-a]", "x" * 401])
def test_what_is_no_glob_is_told(pattern: str) -> None:
    assert [defect.path for defect in glob.check(pattern, "g")] == ["g"]


def test_no_glob_takes_long() -> None:
    began = time.perf_counter()
    assert not glob.matches("*a" * 150 + "b", "a" * 2000)
    assert time.perf_counter() - began < 1
