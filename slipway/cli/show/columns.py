"""Columns of tables and records as data: a heading, and how its cell is read from an answer of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slipway.cli.show.cells import Cell, Moment, Names

if TYPE_CHECKING:
    from rich.console import RenderableType

Row = Mapping[str, Any]
KEY = "#"
"""The field under which `by_name` keeps a row's own name; no field of the API is called so."""


def text(value: object) -> str:
    """Return the value as text; empty for null."""
    return "" if value is None else str(value)


def words(value: object) -> Names:
    """Return the items of a list, or the keys of an object, separated by commas."""
    return Names(", ".join(map(str, value)) if isinstance(value, list | tuple | Mapping) else "")


def when(value: str | None) -> str | Moment:
    """Return an instant of the API as a moment; empty for none."""
    from slipway.cli.show.times import known

    at = known(value)
    return Moment(at) if at is not None else ""


def yes(value: object) -> str:
    """Return `yes` for a true value, else an empty text."""
    return "yes" if value else ""


def names(field: str) -> Callable[[object], Names]:
    """Return a function that joins one field of each object in a list, separated by commas."""
    return lambda value: words([one.get(field, "") for one in value] if isinstance(value, list) else [])


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and its cell.

    source: a field (`release.branch` in an object within the row), by default the heading; or a function of the row.
    is_spare: the column is left out of a table where there is no room for it.
    """

    heading: str
    source: str | Callable[[Row], Cell] | None = None
    show: Callable[[Any], Cell] = text
    is_spare: bool = False

    def cell(self, row: Row) -> Cell:
        """The cell of this column in the row."""
        if callable(self.source):
            return self.source(row)
        return self.show(_field(row, self.heading if self.source is None else self.source))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table or a record. none: what is shown where there are no rows."""

    columns: tuple[Column, ...]
    none: str = "none"

    def table(self, rows: Iterable[Row]) -> RenderableType:
        """One line for each row."""
        from slipway.cli.show.tables import Heading, listing

        cells = [[column.cell(row) for column in self.columns] for row in rows]
        headings = [Heading(name=column.heading, is_spare=column.is_spare) for column in self.columns]
        return listing(headings, cells, none=self.none)

    def record(self, row: Row, more: Mapping[str, str] | None = None) -> RenderableType:
        """One line for each column that has a value, then `more`."""
        from slipway.cli.show.tables import record

        return record({**{column.heading: column.cell(row) for column in self.columns}, **(more or {})})


def by_name(found: Mapping[str, Row]) -> Iterator[Row]:
    """Return the rows of an object of objects, each with its own name under KEY."""
    return ({**one, KEY: name} for name, one in found.items())


def by_environment(found: Mapping[str, Mapping[str, Row]]) -> Iterator[Row]:
    """Return the rows of all environments, each with its own name under KEY and that of its environment."""
    return ({**row, "environment": name} for name, ones in found.items() for row in by_name(ones))


def prefixed(prefix: str, values: Mapping[str, object] | None) -> dict[str, str]:
    """Lines of a record for named values: `input size`."""
    return {f"{prefix} {name}": str(value) for name, value in (values or {}).items()}


def _field(row: Row, path: str) -> object:
    value: Any = row
    for part in path.split("."):
        value = (value or {}).get(part)
    return value
