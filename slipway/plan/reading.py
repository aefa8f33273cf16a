"""Typed reading of one mapping, defects noted instead of raised. It knows shapes, not what the keys mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from slipway.plan import expression
from slipway.plan.defects import Defects
from slipway.plan.release import BOTH, Value
from slipway_formats.release import Scope

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The mapping at a path. Absent and null are the same. scalars: the text that scalars were written with."""

    raw: Mapping[str, Value]
    path: str
    defects: Defects
    scalars: Mapping[str, str] = field(default_factory=dict)

    def at(self, key: str) -> str:
        """The full path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, message: str) -> None:
        """Note a defect at the key."""
        self.defects.add(self.at(key), message)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Note every key that is not known."""
        for key in self.raw:
            if key not in known:
                self.wrong(key, "unknown key")

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        value = self.raw.get(key)
        if value is None or isinstance(value, str):
            return default if value is None else value
        self.wrong(key, f"expected a string, got {kind(value)}")
        return default

    def required(self, key: str) -> str:
        """A string that must be there and not be empty."""
        value = self.text(key)
        if not value and isinstance(self.raw.get(key), str | None):
            self.wrong(key, "missing")
        return value

    def scalar(self, key: str) -> str:
        """A string; a number or a bool counts as what was written."""
        value = self.raw.get(key)
        if isinstance(value, bool | int | float):
            return self.scalars.get(self.at(key), str(value))
        return self.text(key)

    def flag(self, key: str, *, default: bool) -> bool:
        """A bool."""
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, f"expected true or false, got {kind(value)}")
        return default

    def whole(self, key: str, default: int) -> int:
        """A whole number."""
        value = self.raw.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return default if value is None else value
        self.wrong(key, f"expected a whole number, got {kind(value)}")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; one that is not is noted and left out."""
        listed = self._listed(key)
        for path, item in listed:
            if not isinstance(item, str):
                self.defects.add(path, f"expected a string, got {kind(item)}")
        return tuple(item for _, item in listed if isinstance(item, str))

    def scopes(self, key: str = "scopes", default: tuple[Scope, ...] = BOTH) -> tuple[Scope, ...]:
        """The scopes named, in their order; all when none is."""
        value = self.raw.get(key)
        named = (value,) if isinstance(value, str) else self.texts(key)
        for scope in named:
            if scope not in {*Scope}:
                self.wrong(key, f"unknown scope '{scope}'")
        return tuple(scope for scope in Scope if scope in named) or default

    def values(self, key: str) -> dict[str, Value]:
        """A mapping of any values, whose expressions are checked."""
        inner = self.mapping(key)
        for name, value in inner.raw.items():
            inner.check_expression(name, value)
        return {name: value for name, value in inner.raw.items() if inner.is_value(name, value)}

    def strings(self, key: str) -> dict[str, str]:
        """A mapping of strings, whose expressions are checked."""
        inner = self.mapping(key)
        for name, value in inner.raw.items():
            inner.check_expression(name, value)
        return {name: inner.scalar(name) for name in inner.raw}

    def mapping(self, key: str) -> Fields:
        """The mapping at the key, empty when absent."""
        return self.enter(self.raw.get(key), self.at(key))

    def enter(self, value: Value, path: str) -> Fields:
        """A value read as a mapping at the path."""
        if value is not None and not isinstance(value, dict):
            self.defects.add(path, f"expected a mapping, got {kind(value)}")
        raw = value if isinstance(value, dict) else {}
        for name in list[object](raw):
            if not isinstance(name, str):
                self.defects.add(f"{path}.{name}" if path else str(name), "expected a string as key")
        clean = {name: item for name, item in raw.items() if isinstance(name, str)}
        return Fields(raw=clean, path=path, defects=self.defects, scalars=self.scalars)

    def each(self, key: str, read: Callable[[Fields, str, Value], _Entry | None]) -> tuple[_Entry, ...]:
        """Every entry of a list, read; what cannot be read has noted a defect and is left out."""
        entries = (read(self, path, item) for path, item in self._listed(key))
        return tuple(entry for entry in entries if entry is not None)

    def check_expression(self, key: str, value: Value) -> None:
        """Note an expression that Escape Script does not know."""
        message = expression.defect(value)
        if message is not None:
            self.wrong(key, message)

    def is_value(self, key: str, value: object) -> bool:
        """Whether JSON can carry it; noted when not."""
        try:
            _require_json(value)
        except TypeError as error:
            self.wrong(key, str(error))
            return False
        return True

    def _listed(self, key: str) -> list[tuple[str, Value]]:
        value = self.raw.get(key)
        if value is not None and not isinstance(value, list):
            self.wrong(key, f"expected a list, got {kind(value)}")
        items = value if isinstance(value, list) else []
        return [(f"{self.at(key)}[{index}]", item) for index, item in enumerate(items)]


def kind(value: object) -> str:
    """What a value is, for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else type(value).__name__


def _require_json(value: object) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(name, str):
                raise TypeError("expected a string as key")
            _require_json(item)
    elif isinstance(value, list):
        for item in value:
            _require_json(item)
    elif value is not None and not isinstance(value, bool | int | float | str):
        raise TypeError(f"{kind(value)} cannot stand here")
