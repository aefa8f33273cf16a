"""Objects of a JSON document, read with keys in any case. All defects are collected, each by its place."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from chalicelib.kernel.integer_ids import LARGEST
from slipway_formats.defect import Defect

BOOLEANS = {"true": True, "false": False}
NOTHING: Mapping[str, object] = {}


class JsonObject:
    """An object at a place of a document. defects: of the whole document, shared by all its objects."""

    def __init__(self, value: object, path: str, defects: list[Defect]) -> None:
        self._path = path
        self._defects = defects
        if not isinstance(value, Mapping):
            self.refuse("", "should be an object")
        fields = value if isinstance(value, Mapping) else NOTHING
        self._fields = {str(key).casefold(): each for key, each in fields.items() if each is not None}

    def refuse(self, key: str, message: str) -> None:
        """Add a defect of a field."""
        self._defects.append(Defect(self._at(key), message))

    def has(self, key: str) -> bool:
        """Whether the field is there."""
        return key.casefold() in self._fields

    def text(self, key: str, usual: str = "") -> str:
        """The text of a field."""
        value = self._fields.get(key.casefold(), usual)
        if isinstance(value, str):
            return value
        self.refuse(key, "should be a text")
        return usual

    def scalar(self, key: str) -> str:
        """The text, number or boolean of a field as a text."""
        value = self._fields.get(key.casefold(), "")
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        self.refuse(key, "should be a text, a number or a boolean")
        return ""

    def needed(self, key: str) -> str:
        """The text of a field that must be there, without blanks around it."""
        text = self.text(key).strip()
        if not text and (not self.has(key) or isinstance(self._fields[key.casefold()], str)):
            self.refuse(key, "is required")
        return text

    def flag(self, key: str, *, usual: bool = False) -> bool:
        """The boolean of a field, also as a text."""
        value = self._fields.get(key.casefold(), usual)
        found = BOOLEANS.get(value.casefold()) if isinstance(value, str) else value
        if isinstance(found, bool):
            return found
        self.refuse(key, "should be true or false")
        return usual

    def whole(self, key: str, *, usual: int, least: int, most: int) -> int:
        """The integer of a field."""
        value = self._fields.get(key.casefold(), usual)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.refuse(key, f"should be a whole number from {least} to {most}")
        return usual

    def number(self, key: str, usual: float = 0) -> float:
        """The number of a field."""
        value = self._fields.get(key.casefold(), usual)
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return value
        self.refuse(key, "should be a number")
        return usual

    def identifier(self, key: str) -> int | None:
        """The integer id of a field; None without it."""
        return self.whole(key, usual=0, least=1, most=LARGEST) or None if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list."""
        found = self._list(key)
        if all(isinstance(one, str) for one in found):
            return tuple(map(str, found))
        self.refuse(key, "should be a list of texts")
        return ()

    def inner(self, key: str) -> "JsonObject":
        """The object of a field; an empty one without it."""
        return JsonObject(self._fields.get(key.casefold(), NOTHING), self._at(key), self._defects)

    def objects(self, key: str) -> "Iterator[JsonObject]":
        """The objects of a list."""
        for number, one in enumerate(self._list(key)):
            yield JsonObject(one, f"{self._at(key)}[{number}]", self._defects)

    def pairs(self, key: str) -> Mapping[str, str]:
        """The texts of an object, by their keys as they are written."""
        value = self._fields.get(key.casefold(), NOTHING)
        if isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values()):
            return {str(name): str(one) for name, one in value.items()}
        self.refuse(key, "should be an object of texts")
        return {}

    def _list(self, key: str) -> Sequence[object]:
        value = self._fields.get(key.casefold(), ())
        if isinstance(value, list | tuple):
            return value
        self.refuse(key, "should be a list")
        return ()

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}".strip(".")
