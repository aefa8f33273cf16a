"""What a cell of a table or record holds: a word that is never split, prose that may be cut, or a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rich.text import Text


class Prose(str):
    """A text that may be cut between its words; any other text never is."""

    __slots__ = ()


class Names(Prose):
    """Names side by side, of which the first is whole however little room there is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: `3 min ago` in a list, exact with its zone in a record."""

    at: datetime


Cell: TypeAlias = "str | Text | Moment"
