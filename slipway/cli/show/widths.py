"""How wide the columns of a table become, and how prose is cut to its column. Widths are in columns of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

CUT = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a column needs. least: so that nothing is split that must not be. all: so that nothing is cut."""

    least: int
    all: int


def shared(needs: Sequence[Need], room: int) -> list[int] | None:
    """Return the width of each column, so that they take no more than the room; None if that is not enough.

    What is left beyond the least goes first to those who need the fewest more.
    """
    left = room - sum(need.least for need in needs)
    if left < 0:
        return None
    widths = [need.least for need in needs]
    wanting = sorted(range(len(needs)), key=lambda place: needs[place].all - needs[place].least)
    for done, place in enumerate(wanting):
        more = min(needs[place].all - needs[place].least, left // (len(needs) - done))
        widths[place] += more
        left -= more
    return widths


def cut(text: str, width: int) -> str:
    """Return the text in this width, cut between words; within one only where its first one does not fit."""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    words = _words_within(text, width - 2)
    return f"{words} {CUT}" if words else set_cell_size(text, width - 1).rstrip() + CUT


def first_word(text: str) -> int:
    """Return the width of the first word, with the sign that the rest was cut."""
    head, blank, _ = text.partition(" ")
    return cell_len(head) + (2 if blank else 0)


def lines_of(text: str, width: int) -> Iterator[str]:
    """Yield the text in lines, broken between words alone: a word that is wider than a line has one of its own."""
    line = ""
    for word in text.split(" "):
        if line and cell_len(line) + 1 + cell_len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _words_within(text: str, width: int) -> str:
    kept = ""
    for word in text.split(" "):
        longer = f"{kept} {word}" if kept else word
        if cell_len(longer) > width:
            break
        kept = longer
    return kept.rstrip(" ,;:")
