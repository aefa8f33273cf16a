"""Globs of paths in a repository, as the platform means them: `*`, `?` and `[a-z]` within a name, `**` for folders.

A glob without a slash speaks of names in any folder, as in .gitignore; one that ends with a slash of all in that
folder. Whoever writes one may be hostile: matching takes no longer for it than for any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

_FOLDERS = "**"
_CLASS_OR_ESCAPE = re.compile(r"\[!?\]?[^\]]*\]|\\(.)", re.DOTALL)


def matches(glob: str, path: str) -> bool:
    """Whether the path, from the repository's root on, is one that the glob means."""
    wanted = _folders(glob)
    reached = _further({0}, wanted)
    for name in path.strip("/").split("/"):
        reached = _further({after for at in reached for after in _after(at, name, wanted)}, wanted)
    return len(wanted) in reached


def _folders(glob: str) -> tuple[str, ...]:
    anywhere = (_FOLDERS,) if "/" not in glob.rstrip("/") and not glob.startswith("/") else ()
    inside = (_FOLDERS,) if glob.endswith("/") else ()
    return (*anywhere, *map(_plain, glob.strip("/").split("/")), *inside)


def _plain(part: str) -> str:
    """The part without backslashes, which fnmatch does not know: what is to be itself stands in brackets."""
    return _CLASS_OR_ESCAPE.sub(lambda found: _itself(found[1]) if found[1] else found[0], part)


def _itself(letter: str) -> str:
    return f"[{letter}]" if letter in "*?[" else letter


def _after(at: int, name: str, wanted: Sequence[str]) -> Iterable[int]:
    """The places in the glob after a name, from one before it."""
    if at == len(wanted):
        return ()
    if wanted[at] == _FOLDERS:
        return (at,)
    return (at + 1,) if fnmatchcase(name, wanted[at]) else ()


def _further(places: set[int], wanted: Sequence[str]) -> set[int]:
    """The places, and those behind them if no folder stands for `**`."""
    found = set(places)
    for at in range(len(wanted)):
        if at in found and wanted[at] == _FOLDERS:
            found.add(at + 1)
    return found
