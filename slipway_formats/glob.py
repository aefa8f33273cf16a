"""Globs of paths in a repository: `*` and `?` within a name, `[a-z]` and `[!a]`, `**` for any folders.

A glob without a slash speaks of names in any folder, as in .gitignore; one that ends with a slash of all in that
folder. Matching takes at most length of glob times length of path, whatever the glob.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from slipway_formats.defect import Defect

MAX_LENGTH = 400
"""Characters of a glob."""

FOLDERS = "**"
_TOKEN = re.compile(r"\[!?\]?[^\]]*\]|\\.|[^\[]", re.DOTALL)
_Piece = TypeVar("_Piece")
_Item = TypeVar("_Item")


def check(glob: str, path: str) -> tuple[Defect, ...]:
    """What keeps the text from being a glob."""
    if not glob.strip():
        return (Defect(path, "glob is empty"),)
    if len(glob) > MAX_LENGTH:
        return (Defect(path, f"glob is over {MAX_LENGTH} characters"),)
    if "".join(_TOKEN.findall(glob)) != glob:
        return (Defect(path, f"glob {glob[:64]!r} has a [ without a ]"),)
    if any(not _class_fits(token) for token in _TOKEN.findall(glob) if len(token) > 1):
        return (Defect(path, f"glob {glob[:64]!r} has a class that cannot be read"),)
    return ()


def matches(glob: str, path: str) -> bool:
    """Whether the path is one that the glob means. Both are relative to the repository's root."""
    wanted = _folders(glob)
    given = tuple(path.strip("/").split("/"))
    return _runs(wanted, given, FOLDERS, _name_fits)


def _folders(glob: str) -> tuple[str, ...]:
    anywhere = (FOLDERS,) if "/" not in glob.rstrip("/") and not glob.startswith("/") else ()
    inside = (FOLDERS,) if glob.endswith("/") else ()
    return (*anywhere, *glob.strip("/").split("/"), *inside)


def _name_fits(glob: str, name: str) -> bool:
    return _runs(_tokens(glob), tuple(name), "*", _letter_fits)


@cache
def _tokens(glob: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(glob))


def _runs(
    wanted: Sequence[_Piece], given: Sequence[_Item], star: _Piece, fits: Callable[[_Piece, _Item], bool]
) -> bool:
    """Whether the pieces cover the items, a star any number of them; the last star alone ever gives way."""
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
    if piece == "?":
        return True
    if piece.startswith("[") and len(piece) > 1:
        negated = piece.startswith("[!")
        return _in_class(piece[2 if negated else 1 : -1], letter) is not negated
    return piece[-1] == letter


def _in_class(members: str, letter: str) -> bool:
    ranges = re.findall(r"(.)-(.)|(.)", members, re.DOTALL)
    return any(low <= letter <= high if low else one == letter for low, high, one in ranges)


def _class_fits(piece: str) -> bool:
    if not piece.startswith("["):
        return len(piece) == 2
    members = piece.strip("[]").removeprefix("!") or "]"
    return all(low <= high for low, high, _ in re.findall(r"(.)-(.)|(.)", members, re.DOTALL) if low)
