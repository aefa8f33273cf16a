"""Globs of repository paths with the rules of .gitignore; the last matching glob of a list decides.

`*` and `?` within a name, `[a-z]` and `[!a]`, `**` for any folders. A glob without a slash matches names in any folder.
A glob that matches a folder matches everything in it; with a trailing slash it matches only folders. `!` excludes what
an earlier glob matched. Globs may be hostile: matching takes at most length of glob times length of path. An unreadable
glob matches nothing, nor does a comment, which begins with `#`.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

from slipway_formats.defect import Defect

MAX_LENGTH = 400
"""Characters of a glob."""

FOLDERS = "**"
_CLASS = r"\[[!^]?+\]?+(?:\\.|[^\]\\])*+\]"
_TOKEN = re.compile(rf"{_CLASS}|\\.|[^\[\\]", re.DOTALL)
_MEMBER = re.compile(r"(\\.|[^\\])-(\\.|[^\\])|(\\.|[^\\])", re.DOTALL)
_Piece = TypeVar("_Piece")
_Item = TypeVar("_Item")


def check(glob: str, path: str) -> tuple[Defect, ...]:
    """Return why the text is not a valid glob."""
    if not glob.removeprefix("!").strip("/ "):
        return (Defect(path, "glob is empty"),)
    if len(glob) > MAX_LENGTH:
        return (Defect(path, f"glob is over {MAX_LENGTH} characters"),)
    if glob.startswith("#"):
        return (Defect(path, f"glob {glob[:64]!r} is a comment: a name that begins so is written \\#"),)
    names = [_tokens(name) for name in _folders(glob.removeprefix("!"))]
    if any(tokens is None for tokens in names):
        return (Defect(path, f"glob {glob[:64]!r} has a [ without a ], or a \\ with nothing behind it"),)
    if any(not _class_fits(token) for tokens in names for token in tokens or () if _is_class(token)):
        return (Defect(path, f"glob {glob[:64]!r} has a class that cannot be read"),)
    return ()


def last_match(globs: Sequence[str], path: str) -> bool:
    """True when the globs match the path, relative to the repository's root, or a folder that it is in.

    At each of them the last matching glob decides. What is in a folder that is matched, no `!` takes back.
    """
    if not takes_back(globs):
        return any(matches(glob, path) for glob in globs)
    parts = _parts(path)
    return any(_is_meant(globs, parts[:depth], is_folder=depth < len(parts)) for depth in range(1, len(parts) + 1))


def takes_back(globs: Sequence[str]) -> bool:
    """True when one of the globs excludes what an earlier one matched: then each folder of a path is asked for."""
    return any(glob.startswith("!") for glob in globs)


def _is_meant(globs: Sequence[str], parts: tuple[str, ...], *, is_folder: bool) -> bool:
    fitting = (glob for glob in reversed(globs) if _is_this(glob.removeprefix("!"), parts, is_folder=is_folder))
    last = next(fitting, "!")
    return not last.startswith("!")


def _is_this(glob: str, parts: tuple[str, ...], *, is_folder: bool) -> bool:
    """True when the glob matches the file or folder itself, not only one that it is in."""
    if glob.startswith("#") or (_without_spaces(glob).endswith("/") and not is_folder):
        return False
    return _matches_all(_names(glob), parts, FOLDERS, _name_fits)


def matches(glob: str, path: str) -> bool:
    """True when this glob alone matches the path. Both are relative to the repository's root."""
    return not glob.startswith("#") and _matches_all(_folders(glob), _parts(path), FOLDERS, _name_fits)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


@lru_cache(maxsize=1000)
def _folders(glob: str) -> tuple[str, ...]:
    """Return a piece for each name of the glob, and one for everything inside the last."""
    inside = ("*",) if _without_spaces(glob).endswith("/") else ()
    return (*_names(glob), *inside, FOLDERS)


@lru_cache(maxsize=1000)
def _names(glob: str) -> tuple[str, ...]:
    """Return a piece for each name of the glob."""
    bare = _without_spaces(glob)
    parts = bare.removeprefix("/").removesuffix("/").split("/")
    # Three stars are two.
    *around, last = (FOLDERS if part.startswith(FOLDERS) and not part.strip("*") else part for part in parts)
    if "/" not in bare.removesuffix("/"):
        return (FOLDERS, "*" if last == FOLDERS else last)
    return (*around, *(("*", FOLDERS) if last == FOLDERS else (last,)))


def _without_spaces(glob: str) -> str:
    """Strip trailing spaces, except one after a backslash."""
    bare = glob.rstrip(" ")
    escaping = len(bare) - len(bare.rstrip("\\"))
    return f"{bare} " if escaping % 2 and bare != glob else bare


def _name_fits(glob: str, name: str) -> bool:
    tokens = _tokens(glob)
    return tokens is not None and _matches_all(tokens, tuple(name), "*", _letter_fits)


@lru_cache(maxsize=1000)
def _tokens(glob: str) -> tuple[str, ...] | None:
    """Return the letters, stars, question marks and classes of a name's glob, or None if it cannot be parsed."""
    found = tuple(_TOKEN.findall(glob))
    return found if "".join(found) == glob else None


def _matches_all(
    wanted: Sequence[_Piece], given: Sequence[_Item], star: _Piece, fits: Callable[[_Piece, _Item], bool]
) -> bool:
    """True when the pieces match all items. A star matches any number; only the last star is backtracked."""
    at = here = 0
    star_at, star_here = -1, 0
    while here < len(given):
        if at < len(wanted) and wanted[at] == star:
            star_at, star_here, at = at, here, at + 1
        elif at < len(wanted) and fits(wanted[at], given[here]):
            at, here = at + 1, here + 1
        elif star_at >= 0:
            star_here += 1
            at, here = star_at + 1, star_here
        else:
            return False
    return all(piece == star for piece in wanted[at:])


def _letter_fits(piece: str, letter: str) -> bool:
    if _is_class(piece):
        return any(low <= letter <= high for low, high in _ranges(piece)) is not (piece[1] in "!^")
    return piece == "?" or piece[-1] == letter


def _is_class(piece: str) -> bool:
    return len(piece) > 1 and piece.startswith("[")


@lru_cache(maxsize=1000)
def _ranges(piece: str) -> tuple[tuple[str, str], ...]:
    """Return the lowest and highest character of each member of a class."""
    members = piece[2:-1] if piece[1] in "!^" else piece[1:-1]
    found = _MEMBER.findall(members)
    return tuple((low[-1], high[-1]) if low else (one[-1], one[-1]) for low, high, one in found)


def _class_fits(piece: str) -> bool:
    # git also has named classes, such as [[:alpha:]]; they are not supported.
    return "[:" not in piece and all(low <= high for low, high in _ranges(piece))
