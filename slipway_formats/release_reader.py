"""Read a release's metadata from JSON. The model defines the fields; the source decides how to treat bad values.

The inventory reads as Go does and refuses the first value of a wrong type; the runner collects every one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields
from functools import cache, partial
from types import NoneType
from typing import Any, Protocol, TypeVar, get_args, get_origin, get_type_hints

Record = TypeVar("Record")
Texts = tuple[str, ...] | None
TextMap = Mapping[str, str] | None
Absent = Callable[[], Any]
Take = Callable[["Source"], Any]


class Source(Protocol):
    """A JSON object being read. absent: result for a missing field."""

    def text(self, name: str, absent: str) -> str:
        """Return a string."""

    def flag(self, name: str) -> bool:
        """Return a boolean; False when missing."""

    def whole(self, name: str, absent: int) -> int:
        """Return an integer."""

    def free(self, name: str) -> object:
        """Return any value."""

    def texts(self, name: str, absent: Texts) -> Texts:
        """Return a list of strings."""

    def text_map(self, name: str, absent: TextMap) -> TextMap:
        """Return a map of strings."""

    def free_map(self, name: str) -> Mapping[str, object] | None:
        """Return a map of any values."""

    def part(self, name: str, kind: type[Record]) -> Record | None:
        """Return a record, or None."""

    def parts(self, name: str, kind: type[Record], absent: tuple[Record, ...] | None) -> tuple[Record, ...] | None:
        """Return a list of records."""

    def named(self, name: str, kind: type[Record], absent: Mapping[str, Record] | None) -> Mapping[str, Record] | None:
        """Return a map of records."""


def read(kind: type[Record], source: Source) -> Record:
    """Read the metadata, or a part of it, from the object."""
    untyped: Any = kind  # a class is hashable, which typeshed does not know of every type[Record]
    return kind(**{name: take(source) for name, take in _taken(untyped)})


@cache
def _taken(kind: Hashable) -> tuple[tuple[str, Take], ...]:
    record: Any = kind
    hints, held = get_type_hints(record), fields(record)
    return tuple((one.name, _take(one.name, hints[one.name], partial(_default_of, one))) for one in held)


def _default_of(one: Field[Any]) -> Any:  # noqa: ANN401 - of any field
    return one.default if one.default_factory is MISSING else one.default_factory()


def _take(name: str, hint: Any, absent: Absent) -> Take:  # noqa: ANN401 - a type, or a union of one and None
    plain: dict[Any, Take] = {
        str: lambda source: source.text(name, absent()),
        bool: lambda source: source.flag(name),
        int: lambda source: source.whole(name, absent()),
        Any: lambda source: source.free(name),
    }
    if hint in plain:
        return plain[hint]
    kind, *_ = (member for member in get_args(hint) if member is not NoneType)
    match get_origin(kind), get_args(kind):
        case (origin, (item, *_)) if origin is tuple:
            return _take_list(name, item, absent)
        case (_, (_, item)):
            return _take_map(name, item, absent)
        case _:
            return lambda source: source.part(name, kind)


def _take_list(name: str, item: Any, absent: Absent) -> Take:  # noqa: ANN401 - a type
    if item is str:
        return lambda source: source.texts(name, absent())
    return lambda source: source.parts(name, item, absent())


def _take_map(name: str, item: Any, absent: Absent) -> Take:  # noqa: ANN401 - a type
    if item is str:
        return lambda source: source.text_map(name, absent())
    if item is Any:
        return lambda source: source.free_map(name)
    return lambda source: source.named(name, item, absent())
