"""Records to plain JSON values and back, by their types alone. Storage and transport do the rest.

A field that has its default is left out, so that old records read well after a field is added. An instant is whole
milliseconds since 1970, a length whole milliseconds; a member of a union carries its class name under `_`.

What is stored never changes its name. A class or a field that is renamed in code keeps the stored one:

    @stored_as("Owed")
    @frozen
    class PendingDelivery:
        redeliver_at: datetime | None = field(default=None, metadata={STORED: "ask_again"})
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
TAG = "_"
STORED = "stored"
"""In the metadata of a field: the name under which it is stored, where that is not its own."""

_STORED_CLASS = "__stored_as__"


def stored_as(name: str) -> Callable[[type[T]], type[T]]:
    """Decorate a record class, above `@frozen`, whose name in code is not the one that is stored. name: the stored one.

    Subclasses do not inherit it.
    """

    def keep_name(kind: type[T]) -> type[T]:
        setattr(kind, _STORED_CLASS, name)
        return kind

    return keep_name


def stored_name(kind: type) -> str:
    """The name of a record class in stored records, ids and answers: its own, unless `stored_as` says another."""
    return str(vars(kind).get(_STORED_CLASS, kind.__name__))


def encode(kind: Any, value: object) -> Any:
    """Encode a value as plain JSON values. kind: its declared type, which may be a union of records."""
    return encoder(kind)(value)


def decode(kind: type[T], plain: Any) -> T:
    """Decode a value of the declared type `kind`."""
    untyped: Any = kind  # a class is hashable, which typeshed does not say of every type[T]
    decoded: T = decoder(untyped)(plain)
    return decoded


@cache
def encoder(kind: Any) -> Encode:
    """The encode function of a type, cached."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _encode_union(inner)
    if origin is tuple:
        item = encoder(inner[0])
        return lambda value: [item(one) for one in value]
    if origin is Mapping:
        of = encoder(inner[1])
        return lambda value: {key: of(one) for key, one in value.items()}
    return _encode_plain(kind)


@cache
def decoder(kind: Any) -> Decode:
    """The decode function of a type, cached."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _decode_union(inner)
    if origin is tuple:
        item = decoder(inner[0])
        return lambda plain: tuple(item(one) for one in plain)
    if origin is Mapping:
        of = decoder(inner[1])
        return lambda plain: {key: of(one) for key, one in plain.items()}
    return _decode_plain(kind)


def _same(value: Any) -> Any:
    return value


def _encode_plain(kind: Any) -> Encode:
    if kind is datetime:
        return lambda value: (value - EPOCH) // MILLISECOND
    if kind is timedelta:
        return lambda value: value // MILLISECOND
    if is_dataclass(kind):
        return _encode_record(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    return _same


def _decode_plain(kind: Any) -> Decode:
    if kind is datetime:
        return lambda plain: EPOCH + timedelta(milliseconds=plain)
    if kind is timedelta:
        return lambda plain: timedelta(milliseconds=plain)
    if is_dataclass(kind):
        return _decode_record(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _decode_member(kind)
    return _same


def _decode_member(kind: type[Enum]) -> Decode:
    """Decode a word by a table: the class itself takes twenty times as long, which adds up in large runs."""
    members = {one.value: one for one in kind}

    def decode_member(plain: Any) -> Any:
        try:
            return members[plain]
        except (KeyError, TypeError):
            return kind(plain)

    return decode_member


def _stored_field(field: Field[Any]) -> str:
    return str(field.metadata.get(STORED, field.name))


def _default_of(field: Field[Any]) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _encode_record(kind: Any) -> Encode:
    hints = get_type_hints(kind)
    columns = tuple((one.name, _stored_field(one), _default_of(one), hints[one.name]) for one in fields(kind))
    # Encoders are looked up on first use: a record may hold its own kind.
    found: list[tuple[str, str, Any, Encode]] = []

    def encode_record(value: Any) -> dict[str, Any]:
        if not found:
            found.extend((name, stored, default, encoder(hint)) for name, stored, default, hint in columns)
        plain = {}
        for name, stored, default, encode_field in found:
            held = getattr(value, name)
            if held is not default and (default is MISSING or held != default):
                plain[stored] = held if encode_field is _same else encode_field(held)
        return plain

    return encode_record


def _decode_record(kind: Any) -> Decode:
    hints = get_type_hints(kind)
    found: dict[str, tuple[str, Decode]] = {}

    def decode_record(plain: Any) -> Any:
        if not found:
            found.update({_stored_field(one): (one.name, decoder(hints[one.name])) for one in fields(kind)})
        given = {}
        for stored, held in plain.items():
            if stored in found:
                name, decode_field = found[stored]
                given[name] = held if decode_field is _same else decode_field(held)
        return kind(**given)

    return decode_record


def _is_record(kind: Any) -> bool:
    return is_dataclass(kind)


def _split(members: tuple[Any, ...]) -> tuple[dict[str, Any], list[Any]]:
    """Members of a union: the records by their stored names, and the others but None."""
    records = {stored_name(member): member for member in members if _is_record(member)}
    others = [member for member in members if member is not NoneType and not _is_record(member)]
    return records, others


def _encode_union(members: tuple[Any, ...]) -> Encode:
    records, others = _split(members)
    if not records:
        plain = encoder(others[0]) if len(others) == 1 else _same
        return lambda value: None if value is None else plain(value)
    if len(records) == 1 and not others:
        only = encoder(*records.values())
        return lambda value: None if value is None else only(value)

    def encode_member(value: Any) -> Any:
        name = stored_name(type(value))
        return {TAG: name, **encoder(records[name])(value)}

    return lambda value: None if value is None else encode_member(value)


def _decode_union(members: tuple[Any, ...]) -> Decode:
    records, others = _split(members)
    if not records:
        plain = decoder(others[0]) if len(others) == 1 else _same
        return lambda held: None if held is None else plain(held)
    if len(records) == 1 and not others:
        only = decoder(*records.values())
        return lambda held: None if held is None else only(held)
    return lambda held: None if held is None else decoder(records[held[TAG]])(held)
