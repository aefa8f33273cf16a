"""Write a release's metadata as JSON: fields in the model's order, maps sorted by key, Go's escapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from slipway_formats.release import OMITTED

_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"},
)


def write(record: Any, always: frozenset[str] = frozenset()) -> dict[str, Any]:  # noqa: ANN401 - any part
    """Return the metadata, or a part of it, as a JSON object. always: fields to write even if empty."""
    held = ((name, getattr(record, name), nothing) for name, nothing in _columns(record.__class__))
    return {name: write_value(value, always) for name, value, nothing in held if name in always or value not in nothing}


def write_value(value: Any, always: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401 - any JSON
    """Return a value of the metadata as JSON, with the keys of every map sorted. always: as of `write`."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): write_value(inner, always) for key, inner in sorted(value.items())}
        case tuple() | list():
            return [write_value(inner, always) for inner in value]
        case _ if is_dataclass(value):
            return write(value, always)
        case _:
            raise TypeError(f"{type(value).__name__} is no JSON")


def escape(text: str) -> str:
    """Add the escapes to JSON text that Go writes although JSON does not require them."""
    return text.translate(_ESCAPES)


@cache
def _columns(kind: type) -> tuple[tuple[str, tuple[object, ...]], ...]:
    """Return the fields of a part in order, each with the values for which it is omitted."""
    return tuple((one.name, one.metadata.get(OMITTED, ())) for one in fields(kind))
