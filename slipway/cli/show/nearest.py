"""What somebody may have meant by a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST = 3
FEW = 6
"""So many names are all told, where none is alike."""


def alike(given: str, names: Iterable[str]) -> list[str]:
    """Return the names that are nearly the given one, the nearest first; case does not count."""
    by_folded = {name.casefold(): name for name in names}
    return [by_folded[one] for one in get_close_matches(given.casefold(), by_folded, n=MOST)]


def did_you_mean(given: str, names: Iterable[str]) -> str:
    """Return a question with the names that are alike, or which names there are if they are few; else empty."""
    known = sorted(set(names))
    if near := alike(given, known):
        return f"did you mean {' or '.join(near)}?"
    return f"there is {', '.join(known)}" if 0 < len(known) <= FEW else ""
