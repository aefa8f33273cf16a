"""Read the fields of a JSON object one by one, and collect every defect with its path; keys that nobody reads too."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from slipway_formats.defect import Defect
from slipway_formats.variable_values import value_defects

Word = TypeVar("Word", bound=StrEnum)
_LONGEST = 4_096
_MOST = 1_000


class FieldReader:
    """Reads a JSON object's fields. defects: what was wrong so far."""

    def __init__(self, raw: object, path: str = "") -> None:
        self.defects: list[Defect] = []
        self._path = path
        self._raw: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}
        self._read: set[str] = set()
        if not isinstance(raw, Mapping):
            self.refuse("", "must be an object")

    def refuse(self, key: str, message: str) -> None:
        """Note a defect of a field."""
        self.defects.append(Defect(key, message).under(self._path) if self._path else Defect(key, message))

    def inner(self, key: str, raw: object) -> "FieldReader":
        """Return a reader of an object within this one, whose defects are this one's."""
        reader = FieldReader(raw, f"{self._path}.{key}" if self._path else key)
        self.defects += reader.defects
        reader.defects = self.defects
        return reader

    def value(self, key: str) -> object:
        """Return a field as it is; None when it is absent."""
        self._read.add(key)
        return self._raw.get(key)

    def text(self, key: str, check: Callable[[str], str] = lambda _: "") -> str:
        """Return a text; blank when absent. check: returns what is wrong with one that is not blank."""
        raw = self.value(key)
        if raw is None or raw == "":
            return ""
        if not isinstance(raw, str):
            return self._no(key, "must be a text")
        if len(raw) > _LONGEST or "\0" in raw:
            return self._no(key, f"must have at most {_LONGEST} characters, and no NUL")
        if defect := check(raw):
            return self._no(key, defect)
        return raw

    def word(self, key: str, words: type[Word], absent: Word) -> Word:
        """Return one of some words; absent when it is missing or blank."""
        raw = self.value(key)
        if raw is None or raw == "":
            return absent
        if isinstance(raw, str) and raw in list(words):
            return words(raw)
        self.refuse(key, f"must be one of {', '.join(words)}")
        return absent

    def whole(self, key: str, absent: int, span: range) -> int:
        """Return an integer within a span."""
        raw = self.value(key)
        if raw is None:
            return absent
        if isinstance(raw, int) and not isinstance(raw, bool) and raw in span:
            return raw
        self.refuse(key, f"must be a whole number from {span.start} to {span.stop - 1}")
        return absent

    def flag(self, key: str) -> bool:
        """Return a boolean; False when absent."""
        raw = self.value(key)
        if raw is not None and not isinstance(raw, bool):
            self.refuse(key, "must be true or false")
        return raw is True

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when absent."""
        return tuple(str(one) for place, one in self.items(key) if self._is_text(place, one))

    def items(self, key: str) -> list[tuple[str, object]]:
        """Return the items of a list, each with its path; empty when absent."""
        raw = self.value(key)
        if raw is None:
            return []
        if not isinstance(raw, list | tuple) or len(raw) > _MOST:
            self.refuse(key, f"must be a list of at most {_MOST}")
            return []
        return [(f"{key}[{place}]", one) for place, one in enumerate(raw)]

    def end(self) -> None:
        """Note each key that nobody read."""
        for key in self._raw:
            if key not in self._read:
                self.refuse(_shown(key), "unknown key")

    def _is_text(self, key: str, one: object) -> bool:
        if not isinstance(one, str):
            self.refuse(key, "must be a text")
            return False
        wrong = tuple(value_defects({"": one}, ""))
        for defect in wrong:
            self.refuse(key, defect.message)
        return not wrong

    def _no(self, key: str, message: str) -> str:
        self.refuse(key, message)
        return ""


def _shown(key: object) -> str:
    text = str(key)
    return text if re.fullmatch(r"[\w. -]{1,60}", text) else repr(text[:60])
