"""Globs of repository paths with the rules of .gitignore; the last matching glob of a list decides.

`*` and `?` within a name, `[a-z]` and `[!a]`, `**` for any folders. A glob without a slash matches names in any folder.
A glob that matches a folder matches everything in it; with a trailing slash it matches only folders. `!` excludes what
an earlier glob matched. Globs may be hostile: matching takes one step for each letter of the path. An unreadable glob
matches nothing, nor does a comment, which begins with `#`. Source: gitignore(5); where that is silent, what git does.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice

from slipway_formats.defect import Defect
from slipway_formats.wildcards import TOKEN, Wildcards, bytes_of, class_fits, is_class

MAX_LENGTH = 400
"""Characters of a glob."""

_LITERAL = re.compile(r"[^*?\[\\]*")


def check(glob: str, path: str) -> tuple[Defect, ...]:
    """Return why the text is not a valid glob."""
    if not glob.removeprefix("!").strip("/ "):
        return (Defect(path, "glob is empty"),)
    if len(glob) > MAX_LENGTH:
        return (Defect(path, f"glob is over {MAX_LENGTH} characters"),)
    if glob.startswith("#"):
        return (Defect(path, f"glob {glob[:64]!r} is a comment: a name that begins so is written \\#"),)
    names = [_tokens(name) for name in _without_spaces(glob.removeprefix("!")).split("/")]
    if any(tokens is None for tokens in names):
        return (Defect(path, f"glob {glob[:64]!r} has a [ without a ], or a \\ with nothing behind it"),)
    if any(not class_fits(token) for tokens in names for token in tokens or () if is_class(token)):
        return (Defect(path, f"glob {glob[:64]!r} has a class that cannot be read"),)
    return ()


def last_match(globs: Sequence[str], path: str) -> bool:
    """True when the globs match the path, relative to the repository's root, or a folder that it is in.

    At each of them the last matching glob decides. What is in a folder that is matched, no `!` takes back.
    """
    names = path.strip("/").split("/")
    last_first = [(not glob.startswith("!"), _depths(glob.removeprefix("!"), names)) for glob in reversed(globs)]
    return any(
        next((is_meant for is_meant, depths in last_first if depth in depths), False) for depth in range(len(names))
    )


def takes_back(globs: Sequence[str]) -> bool:
    """True when one of the globs excludes what an earlier one matched: then each folder of a path is asked for."""
    return any(glob.startswith("!") for glob in globs)


def matches(glob: str, path: str) -> bool:
    """True when this glob alone matches the path or a folder that it is in. Both are relative to the root."""
    return last_match((glob,), path)


def _depths(glob: str, names: Sequence[str]) -> Collection[int]:
    """Return at which of the names of a path the glob matches the folder, or file, that is there. 0: the first."""
    known = _parsed(glob)
    if known is None:
        return ()
    given = [bytes_of(name) for name in names]
    depths = _of_path(known, given) if known.of_paths else _of_names(known, given)
    return depths - {len(names) - 1} if known.of_folders else depths


def _of_path(glob: "_Glob", names: Sequence[str]) -> set[int]:
    lengths = set(glob.lengths("/".join(names)))
    ends = accumulate((len(name) + 1 for name in names), initial=-1)
    return {depth for depth, end in enumerate(islice(ends, 1, None)) if end in lengths}


def _of_names(glob: "_Glob", names: Sequence[str]) -> set[int]:
    return {depth for depth, name in enumerate(names) if len(name) in glob.lengths(name)}


@dataclass(frozen=True, slots=True)
class _Glob:
    """A glob as git reads it. begins: its letters before the first special one, which are compared by themselves.

    of_folders: it ends with a slash. of_paths: it is compared with whole paths, and not with names in any folder.
    """

    of_folders: bool
    of_paths: bool
    begins: str
    rest: Wildcards

    def lengths(self, text: str) -> Iterator[int]:
        """Yield each length at which the text, cut there, is matched as a whole."""
        if text.startswith(self.begins):
            past = len(self.begins)
            yield from (past + length for length in self.rest.lengths(text[past:]))


@lru_cache(maxsize=1000)
def _parsed(glob: str) -> _Glob | None:
    """Return the glob as git reads it; None for one that matches nothing: a comment, or one that cannot be read."""
    if check(glob, ""):
        return None
    bare = bytes_of(_without_spaces(glob))
    inner = bare.removesuffix("/")
    of_paths = "/" in inner
    inner = inner.removeprefix("/")
    begins = _LITERAL.match(inner)[0]  # type: ignore[index]  # it matches any text
    rest = Wildcards(inner[len(begins) :])
    return _Glob(of_folders=inner != bare and bare.endswith("/"), of_paths=of_paths, begins=begins, rest=rest)


def _without_spaces(glob: str) -> str:
    """Strip trailing spaces, except one after a backslash."""
    bare = glob.rstrip(" ")
    escaping = len(bare) - len(bare.rstrip("\\"))
    return f"{bare} " if escaping % 2 and bare != glob else bare


def _tokens(name: str) -> tuple[str, ...] | None:
    """Return the letters, stars, question marks and classes of a name's glob, or None if it cannot be parsed."""
    found = tuple(TOKEN.findall(name))
    return found if "".join(found) == name else None
