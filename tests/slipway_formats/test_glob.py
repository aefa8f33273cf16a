"""What globs mean: as lines of .gitignore do, and nobody can make one take long."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slipway_formats import glob

ODD = (
    "[!]", "[]", "[]a]", "[!]a]", "[^a]", "[a-]", "[]-a]", "[\\]]", "[a\\]b]", "[a", "a\\", "a\\*", "a ", "a\\ ", "a//",
    "**", "**/", "/**", "a/**", "a/", "/a", "**/a", "a/**/b", "a*", "a?", "a**", "**b/c", "?/b", ".*", "#a", "\\#a",
)  # fmt: skip
PATHS = (
    "a", "b", "]", "-", "[", "!", "^", "a]", "b]", "a/b", "a/b/c", "x/a", "x/a/b", "ab", "ab/c", "a*", "a ", "[a", "[]",
    "[!]", ".x", ".x/a", "#a", "xb/c", "\\",
)  # fmt: skip


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
        ("/docs", "docs/sub/b.md", True),
        ("docs/*", "docs/sub/b.md", True),
        ("build*", "build/x", True),
        ("docs/", "docs", False),
        ("docs/**", "docs", False),
        ("[^d]*", "docs.md", False),
        ("docs/a.md ", "docs/a.md", True),
    ],
)
def test_a_glob_means_these_paths(pattern: str, path: str, fits: bool) -> None:
    assert glob.check(pattern, "g") == ()
    assert glob.matches(pattern, path) is fits


@pytest.mark.parametrize("pattern", ODD)
def test_a_glob_means_what_git_means_by_it(pattern: str, ignoring: Callable[[str], set[str]]) -> None:
    assert {path for path in PATHS if glob.matches(pattern, path)} == ignoring(pattern)


LETTERS = st.sampled_from(
    ["a", "b", "a", "*", "?", "/", "**", "[ab]", "[!a]", " ", ".", "\\a", "/**/", "\\/", "é", "***"]
)
GLOBS = st.lists(LETTERS, min_size=1, max_size=6).map("".join).filter(lambda text: not glob.check(text, ""))
LISTS = st.lists(st.tuples(st.sampled_from(["", "", "!"]), GLOBS).map("".join), min_size=1, max_size=5)
NAMES = st.text("abé", min_size=1, max_size=2)


@settings(deadline=None)  # each example runs git
@given(LISTS, st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), min_size=1, max_size=8))
def test_a_list_of_globs_means_what_git_means_by_it(globs: list[str], paths: list[str]) -> None:
    assert {path for path in paths if glob.last_match(globs, path)} == ignored_by_git(globs, paths)


def test_what_is_in_a_folder_that_is_meant_is_not_taken_back() -> None:
    assert glob.last_match(("docs", "!docs/a.md"), "docs/a.md")
    assert not glob.last_match(("docs/*", "!docs/a.md"), "docs/a.md")


def ignored_by_git(globs: list[str], paths: list[str]) -> set[str]:
    """Which of the paths git ignores for these lines of .gitignore."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "--quiet", "--template=", folder], check=True)
        Path(folder, ".gitignore").write_text("".join(f"{one}\n" for one in globs))
        asking = ["git", "-C", folder, "check-ignore", "--no-index", "--stdin", "-z"]
        done = subprocess.run(asking, input="\0".join(paths), capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return set(done.stdout.split("\0")) - {""}


@pytest.fixture(scope="module")
def ignoring(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    """Which of the paths git ignores for a line of .gitignore."""
    folder = tmp_path_factory.mktemp("ignoring")
    subprocess.run(["git", "init", "--quiet", folder], check=True)

    def ignored(pattern: str) -> set[str]:
        (folder / ".gitignore").write_text(f"{pattern}\n")
        asking = ["git", "-C", str(folder), "check-ignore", "--no-index", "--stdin", "-z"]
        done = subprocess.run(asking, input="\0".join(PATHS), capture_output=True, text=True, check=False)
        assert done.returncode in {0, 1}, done.stderr
        return set(done.stdout.split("\0")) - {""}

    return ignored


@pytest.mark.parametrize(
    ("globs", "path", "meant"),
    [
        (("**/*.txt", "!module3/**/*.txt"), "module3/t/f.txt", False),
        (("**/*.txt", "!module3/**/*.txt"), "module2/t/f.txt", True),
        (("!a", "a"), "a", True),
        (("a", "!b"), "b", False),
        ((), "a", False),
    ],
)
def test_the_last_glob_that_fits_says_whether_a_path_is_meant(globs: tuple[str, ...], path: str, meant: bool) -> None:
    assert glob.last_match(globs, path) is meant


@pytest.mark.parametrize(
    "pattern", ["", "  ", "/", "!", "[a", "[a/b]", "[]", "[!]", "a\\", "[z-a]", "[[:alpha:]]", "#a", "x" * 401]
)
def test_what_is_no_glob_is_told(pattern: str) -> None:
    assert [defect.path for defect in glob.check(pattern, "g")] == ["g"]


@given(st.text("ab/*?[]!^-\\ .", max_size=12), st.text("ab/.!*[]", min_size=1, max_size=12))
def test_what_cannot_be_read_means_nothing(pattern: str, path: str) -> None:
    assert glob.check(f"{pattern}/[a", "g") != ()
    assert not glob.matches(f"{pattern}/[a", path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 150 + "b", "a" * 2000),
        ("**/" * 100 + "x", "a/" * 500 + "a"),
        ("**/a/" * 60 + "x", "a/" * 500 + "a"),
        ("**/*a*a*a*b/" * 25 + "x", "aaaaaaaa/" * 200 + "a"),
        ("[!b]*" * 70 + "b", "a" * 2000),
        (("**/" + "[a-z]*" * 10) * 6, "a" * 40 + "/" + "1" * 2000),
    ],
)
def test_no_glob_takes_more_steps_than_its_length_times_the_path_s(pattern: str, path: str) -> None:
    with counted() as steps:
        assert not glob.matches(pattern, path)
    assert len(steps) <= len(pattern) * len(path)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The calls of the matcher's functions while it runs: a step each, or a part of one."""
    steps = list[str]()
    earlier = sys.getprofile()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and Path(frame.f_code.co_filename).name in ("glob.py", "wildcards.py"):
            steps.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        yield steps
    finally:
        sys.setprofile(earlier)
