"""What `*`, `?`, `[...]` and `**` match in a text, as git's wildmatch reads them, byte by byte.

The pieces of a pattern are states of an automaton, and those that a text can be in are the bits of one number. So a
text takes one step for each of its letters, whatever the pattern.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_CLASS = r"\[[!^]?+\]?+(?:\\.|[^\]\\])*+\]"
TOKEN = re.compile(rf"{_CLASS}|\\.|[^\[\\]", re.DOTALL)
"""A letter, star or question mark, a class, or what is escaped."""

_MEMBER = re.compile(r"(\\.|[^\\])-(\\.|[^\\])|(\\.|[^\\])", re.DOTALL)
_PIECE = re.compile(rf"\*+|{TOKEN.pattern}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a pattern. mark: which letters it matches; `**` is any letter, and an empty one none.

    is_star: it matches any number of them. skips: how many pieces, from this on, may match nothing.
    """

    mark: str
    is_star: bool = False
    skips: tuple[int, ...] = ()


STAR = Piece("?", is_star=True, skips=(1,))
ANY = Piece("**", is_star=True, skips=(1,))
FOLDERS = (Piece("", skips=(1, 3)), ANY)
"""What `**` before a slash is: with it nothing, or anything up to it."""


class Wildcards:
    """A pattern of a path, or of a name, in which there is no slash. No piece but `/` and `**` matches a slash."""

    def __init__(self, pattern: str) -> None:
        self._pieces = tuple(_pieces(pattern))
        self._skip_one = self._bits(lambda piece: 1 in piece.skips)
        self._skip_three = self._bits(lambda piece: 3 in piece.skips)
        self._moves: dict[str, tuple[int, int]] = {}

    def lengths(self, text: str) -> Iterator[int]:
        """Yield each length at which the text, cut there, is matched as a whole."""
        last, states = len(self._pieces), self._skipped(1)
        for length, letter in enumerate(text):
            if states >> last:
                yield length
            stay, go = self._moves_by(letter)
            states = self._skipped((states & stay) | ((states & go) << 1))
            if not states:
                return
        if states >> last:
            yield len(text)

    def _skipped(self, states: int) -> int:
        """Add the states that are reached without a letter."""
        while True:
            more = states | (states & self._skip_one) << 1 | (states & self._skip_three) << 3
            if more == states:
                return states
            states = more

    def _moves_by(self, letter: str) -> tuple[int, int]:
        """Return the states in which a letter leaves a text, and those from which it leads to the next."""
        if letter not in self._moves:
            stay = self._bits(lambda piece: piece.is_star and _fits(piece.mark, letter))
            go = self._bits(lambda piece: not piece.is_star and _fits(piece.mark, letter))
            self._moves[letter] = stay, go
        return self._moves[letter]

    def _bits(self, holds: Callable[[Piece], bool]) -> int:
        return sum(1 << at for at, piece in enumerate(self._pieces) if holds(piece))


def bytes_of(text: str) -> str:
    """Return the text with a letter for each of its bytes, as git compares them."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def is_class(mark: str) -> bool:
    """Return True if the mark is a class of letters."""
    return len(mark) > 1 and mark.startswith("[")


def class_fits(mark: str) -> bool:
    """Return True if the class can be read. git also has classes by name, [[:alpha:]], which are not supported."""
    return "[:" not in mark and all(low <= high for low, high in _ranges(mark))


def _pieces(pattern: str) -> Iterator[Piece]:
    for found in _PIECE.finditer(pattern):
        if not found[0].startswith("*"):
            yield Piece(found[0])
        elif len(found[0]) == 1 or not _is_alone(pattern, found):
            yield STAR
        elif pattern.startswith("/", found.end()):
            yield from FOLDERS
        else:
            yield ANY


def _is_alone(pattern: str, stars: re.Match[str]) -> bool:
    """Return True if nothing but slashes is beside the stars."""
    begins = stars.start() == 0 or pattern[stars.start() - 1] == "/"
    return begins and (stars.end() == len(pattern) or pattern.startswith(("/", "\\/"), stars.end()))


def _fits(mark: str, letter: str) -> bool:
    if mark in ("", "**"):
        return bool(mark)
    if letter == "/":
        return mark in ("/", "\\/")
    if is_class(mark):
        return any(low <= letter <= high for low, high in _ranges(mark)) is not (mark[1] in "!^")
    return mark == "?" or mark[-1] == letter


@lru_cache(maxsize=1000)
def _ranges(mark: str) -> tuple[tuple[str, str], ...]:
    """Return the lowest and highest letter of each member of a class."""
    members = mark[2:-1] if mark[1] in "!^" else mark[1:-1]
    found = _MEMBER.findall(members)
    return tuple((low[-1], high[-1]) if low else (one[-1], one[-1]) for low, high, one in found)
