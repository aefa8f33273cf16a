"""Lists and records as rich tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from slipway.cli.show.phases import look
from slipway.cli.show.plain_text import plain

Cell = str | Text


def listing(headings: Sequence[str], rows: Iterable[Sequence[Cell]], none: str = "none") -> Table | Text:
    """A table with headings; the text `none` when there are no rows."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading.upper(), overflow="fold")
    for row in rows:
        table.add_row(*(cell(one) for one in row))
    return table if table.row_count else Text(none, "dim")


def record(fields: Mapping[str, Cell]) -> Table:
    """A two-column table of names and values; empty values are left out."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields.items():
        if value:
            table.add_row(name, cell(value))
    return table


def cell(value: Cell) -> Text:
    """The text of a cell, without control codes."""
    return value if isinstance(value, Text) else Text(plain(value))


def phase_cell(phase: str) -> Text:
    """A phase with its colour."""
    seen = look(phase)
    return Text(seen.words, seen.style)


def listed(values: object) -> str:
    """Several words in one cell."""
    return ", ".join(map(str, values)) if isinstance(values, list | tuple) else ""
