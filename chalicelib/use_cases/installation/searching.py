"""How entries are found by a part of their titles. What has just this title comes first: clients take the first."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from chalicelib.kernel.trains.numbering import folded

Record = TypeVar("Record")


def matching(records: Iterable[Record], text: str, title_of: Callable[[Record], str]) -> Sequence[Record]:
    """Return those whose titles contain the text in any case, in their order but for exact ones, which come first."""
    wanted = folded(text)
    found = [one for one in records if wanted in folded(title_of(one))]
    return sorted(found, key=lambda one: (title_of(one) != text, folded(title_of(one)) != wanted))
