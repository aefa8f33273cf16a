"""Read typed values from a mapping, collecting defects instead of raising. Knows types, not the meaning of keys."""

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
    """The mapping at a path. Absent and null are equal. scalars: source texts of scalars, by path."""

    raw: Mapping[str, Value]
    path: str
    defects: Defects
    scalars: Mapping[str, str] = field(default_factory=dict)

    def at(self, key: str) -> str:
        """Return the full path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, message: str) -> None:
        """Add a defect at the key."""
        self.defects.add(self.at(key), message)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Add a defect for every key that is not known."""
        for key in self.raw:
            if key not in known:
                self.wrong(key, "unknown key")

    def text(self, key: str, default: str = "") -> str:
        """Return a string."""
        value = self.raw.get(key)
        if value is None or isinstance(value, str):
            return default if value is None else value
        self.wrong(key, f"expected a string, got {kind(value)}")
        return default

    def required(self, key: str) -> str:
        """Return a string that must be present and not empty."""
        value = self.text(key)
        if not value and isinstance(self.raw.get(key), str | None):
            self.wrong(key, "missing")
        return value

    def scalar(self, key: str) -> str:
        """Return a string; a number or a boolean as its source text."""
        value = self.raw.get(key)
        if isinstance(value, bool | int | float):
            return self.scalars.get(self.at(key), str(value))
        return self.text(key)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, f"expected true or false, got {kind(value)}")
        return default

    def whole(self, key: str, default: int) -> int:
        """Return an integer."""
        value = self.raw.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return default if value is None else value
        self.wrong(key, f"expected a whole number, got {kind(value)}")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; other entries are defects and left out."""
        listed = self._listed(key)
        for path, item in listed:
            if not isinstance(item, str):
                self.defects.add(path, f"expected a string, got {kind(item)}")
        return tuple(item for _, item in listed if isinstance(item, str))

    def scopes(self, key: str = "scopes", default: tuple[Scope, ...] = BOTH) -> tuple[Scope, ...]:
        """Return the named scopes, in their order; all when none is named."""
        value = self.raw.get(key)
        named = (value,) if isinstance(value, str) else self.texts(key)
        for scope in named:
            if scope not in {*Scope}:
                self.wrong(key, f"unknown scope '{scope}'")
        return tuple(scope for scope in Scope if scope in named) or default

    def values(self, key: str) -> dict[str, Value]:
        """Return a mapping of any values, checking their expressions."""
        inner = self.mapping(key)
        for name, value in inner.raw.items():
            inner.check_expression(name, value)
        return {name: value for name, value in inner.raw.items() if inner.is_value(name, value)}

    def strings(self, key: str) -> dict[str, str]:
        """Return a mapping of strings, checking their expressions."""
        inner = self.mapping(key)
        for name, value in inner.raw.items():
            inner.check_expression(name, value)
        return {name: inner.scalar(name) for name in inner.raw}

    def mapping(self, key: str) -> Fields:
        """Return the mapping at the key, empty when absent."""
        return self.enter(self.raw.get(key), self.at(key))

    def enter(self, value: Value, path: str) -> Fields:
        """Return a value as the mapping at the path."""
        if value is not None and not isinstance(value, dict):
            self.defects.add(path, f"expected a mapping, got {kind(value)}")
        raw = value if isinstance(value, dict) else {}
        for name in list[object](raw):
            if not isinstance(name, str):
                self.defects.add(f"{path}.{name}" if path else str(name), "expected a string as key")
        clean = {name: item for name, item in raw.items() if isinstance(name, str)}
        return Fields(raw=clean, path=path, defects=self.defects, scalars=self.scalars)

    def each(self, key: str, read: Callable[[Fields, str, Value], _Entry | None]) -> tuple[_Entry, ...]:
        """Read every entry of a list; entries that cannot be read are defects and left out."""
        entries = (read(self, path, item) for path, item in self._listed(key))
        return tuple(entry for entry in entries if entry is not None)

    def check_expression(self, key: str, value: Value) -> None:
        """Add a defect if the expression is not valid Escape Script."""
        message = expression.defect(value)
        if message is not None:
            self.wrong(key, message)

    def is_value(self, key: str, value: object) -> bool:
        """True when JSON can represent the value; otherwise add a defect."""
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
    """Describe the type of a value, for messages."""
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
