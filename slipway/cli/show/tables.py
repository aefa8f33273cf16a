"""Lists and records, fitted to the terminal: no id, name, address or time is ever split or cut.

Prose alone gives way. What is still too wide loses its spare columns, and then becomes a record for each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text

from slipway.cli.show.cells import Cell, Moment, Names, Prose
from slipway.cli.show.phases import look
from slipway.cli.show.plain_text import plain
from slipway.cli.show.times import ago, exact_at, now
from slipway.cli.show.widths import Need, cut, first_word, lines_of, shared

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions

PROSE = frozenset({"description", "label", "message", "notes", "reason", "refused", "subject", "title", "why"})
"""Headings of columns whose text may be cut, whatever their cells are."""

GAP = 2
FEWEST = 12
"""Prose is cut to no less, so that a few words stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The heading of a column. is_spare: the column is left out where there is no room for it."""

    name: str
    is_spare: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with headings. seen_at: times are relative to it."""

    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    seen_at: datetime

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield a line for each row, or a record where rows do not fit."""
        places = range(len(self.headings))
        columns = [_Column(self.headings[at], [self._cell(row, at) for row in self.rows]) for at in places]
        kept, widths = _fitted(columns, options.max_width)
        if widths is None:
            yield from self._records(console, options)
            return
        for line in zip(*(column.cells(width) for column, width in zip(kept, widths, strict=True)), strict=True):
            yield _line(line)
        if len(kept) < len(columns):
            left_out = ", ".join(one.heading.name for one in columns if one not in kept)
            yield Text(f"not shown for want of room: {left_out} (--wide)", "dim")

    def _cell(self, row: Sequence[Cell], place: int) -> Text | Prose:
        value = row[place]
        if isinstance(value, Moment):
            return Text(ago(value.at, self.seen_at))
        is_prose = isinstance(value, str) and self.headings[place].name in PROSE
        return _plain(Prose(value) if is_prose and not isinstance(value, Prose) else value)

    def _records(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for place, row in enumerate(self.rows):
            if place:
                yield Text("")
            cells = (_text(self._cell(row, at)) for at in range(len(row)))
            names = (heading.name for heading in self.headings)
            yield from Record(list(zip(names, cells, strict=True))).__rich_console__(console, options)


@dataclass(frozen=True, slots=True)
class Record:
    """Names and values, one a line; a long value goes on below itself, between its words."""

    fields: Sequence[tuple[str, Cell]]

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines of each field."""
        said = [(Text(plain(name), "bold"), _recorded(value)) for name, value in self.fields if value]
        margin = max((name.cell_len for name, _ in said), default=0) + GAP
        for name, value in said:
            lines = list(lines_of(value.plain, options.max_width - margin))
            yield _whole_line(name, margin, value if len(lines) == 1 else Text(lines[0], value.style))
            for line in lines[1:]:
                yield _whole_line(Text(""), margin, Text(line, value.style))


def listing(headings: Sequence[str | Heading], rows: Iterable[Sequence[Cell]], none: str = "none") -> Listing | Text:
    """A table with headings; the text `none` when there are no rows."""
    found = [tuple(row) for row in rows]
    named = [one if isinstance(one, Heading) else Heading(name=one) for one in headings]
    return Listing(named, found, now()) if found else Text(none, "dim")


def record(fields: Mapping[str, Cell]) -> Record:
    """Names and values; empty values are left out."""
    return Record(list(fields.items()))


def cell(value: str | Text) -> Text:
    """The text of a cell, without control codes."""
    return value if isinstance(value, Text) else Text(plain(value))


def phase_cell(phase: str) -> Text:
    """A phase with its colour."""
    seen = look(phase)
    return Text(seen.words, seen.style)


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    heading: Heading
    rows: Sequence[Text | Prose]

    @property
    def need(self) -> Need:
        whole = max(self._title.cell_len, *(_text(one).cell_len for one in self.rows))
        least = max(self._title.cell_len, *(self._least(one) for one in self.rows))
        return Need(least=min(least, whole), all=whole)

    def cells(self, width: int) -> Iterator[Text]:
        """The heading and the cells in this width."""
        for one in (self._title, *self.rows):
            shown = Text(cut(one, width)) if isinstance(one, Prose) else one.copy()
            shown.pad_right(width - shown.cell_len)
            yield shown

    @property
    def _title(self) -> Text:
        return Text(self.heading.name.upper(), "bold")

    def _least(self, one: Text | Prose) -> int:
        if isinstance(one, Names):
            return first_word(one)
        return min(first_word(one), FEWEST) if isinstance(one, Prose) else one.cell_len


def _fitted(columns: Sequence[_Column], room: int) -> tuple[list[_Column], list[int] | None]:
    """The columns that fit with their widths: all, or without as many spare ones as must be, the last first."""
    kept = list(columns)
    spare = [one for one in kept if one.heading.is_spare]
    while (widths := shared([one.need for one in kept], room - GAP * (len(kept) - 1))) is None and spare:
        kept.remove(spare.pop())
    return kept, widths


def _recorded(value: Cell) -> Text:
    """A value of a record: times are exact."""
    return Text(exact_at(value.at)) if isinstance(value, Moment) else _text(_plain(value))


def _plain(value: str | Text) -> Text | Prose:
    return type(value)(plain(value)) if isinstance(value, Prose) else cell(value)


def _text(value: Text | Prose) -> Text:
    return value if isinstance(value, Text) else Text(value)


def _line(cells: Sequence[Text]) -> Text:
    line = Text(" " * GAP, no_wrap=True, overflow="ignore").join(cells)
    line.rstrip()
    return line


def _whole_line(name: Text, margin: int, value: Text) -> Text:
    name.pad_right(margin - name.cell_len)
    return Text.assemble(name, value, no_wrap=True, overflow="ignore")
