"""Read parameters as BuildMaster's clients send them: in query, form and JSON body, mixed, with keys in any case.

A key without a value counts as absent, and unknown keys are ignored, whatever their value is. `$Name` is a variable,
whose value may be empty.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from chalicelib.http.request import Request
from chalicelib.http.shape import parse_json
from chalicelib.kernel.faults import Invalid
from slipway_formats.defect import Defect

VARIABLE_MARK = "$"
LONGEST_WHOLE = 18
"""Digits of an integer."""

BOOLEANS = {"true": True, "false": False}
SHOWN = 100
"""Characters of a key in a refusal."""

Word = TypeVar("Word", bound=StrEnum)
Pair = tuple[str, str | None]
"""A key and its value: None for a list or an object, which no parameter takes."""


class Parameters:
    """The parameters of one request. Reading them collects defects, which `check` raises all at once.

    variables: by name, without `$`.
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        given = tuple(pairs)
        self._defects = [Defect(name[:SHOWN], "is given more than once") for name in _repeated(given)]
        self._values = {name.lower(): text for name, text in given if text != ""}
        self.variables: Mapping[str, str] = {
            name.removeprefix(VARIABLE_MARK): self._flat(name, text)
            for name, text in given
            if name.startswith(VARIABLE_MARK)
        }

    def check(self) -> None:
        """Refuse the request for the defects of all that was read. Faults: Invalid."""
        if self._defects:
            raise Invalid(tuple(self._defects))

    def refuse(self, name: str, message: str) -> None:
        """Add a defect of a parameter."""
        self._defects.append(Defect(name, message))

    def given(self, *names: str) -> tuple[str, ...]:
        """Those of the parameters that have a value."""
        return tuple(name for name in names if name.lower() in self._values)

    def text(self, name: str) -> str:
        """The value of a parameter; empty without one."""
        return self._flat(name, self._values.get(name.lower(), ""))

    def _flat(self, name: str, text: str | None) -> str:
        if text is None:
            self.refuse(name[:SHOWN], "should be a text, a number or a boolean")
        return text or ""

    def needed(self, name: str) -> str:
        """The value of a parameter that must be there."""
        if not self.given(name):
            self.refuse(name, "is required")
        return self.text(name)

    def whole(self, name: str) -> int | None:
        """The value as an integer, which may be negative; None without one."""
        text = self.text(name).strip()
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_WHOLE:
            return int(text)
        if text:
            self.refuse(name, "should be a whole number")
        return None

    def flag(self, name: str, words: Mapping[str, bool] = BOOLEANS) -> bool:
        """The value as a boolean, `true` or `false` in any case; false without one. words: others that are taken."""
        text = self.text(name).strip().lower()
        if text and text not in words:
            self.refuse(name, "should be true or false")
        return words.get(text, False)

    def word(self, name: str, words: type[Word]) -> Word | None:
        """The value as a word of an enumeration, in any case; None without one."""
        text = self.text(name).strip().lower()
        found = next((word for word in words if word.value == text), None)
        if text and found is None:
            self.refuse(name, f"should be {' or '.join(words)}")
        return found


def read_parameters(request: Request) -> Parameters:
    """Return the parameters of a request, whatever its content type. Faults: Invalid if its body is none, TooLarge."""
    query = ((name, text) for name, values in request.query.values.items() for text in values)
    return Parameters((*query, *_pairs_of_body(request)))


def _pairs_of_body(request: Request) -> Iterable[Pair]:
    if not request.content.strip():
        return ()
    return _pairs_of_json(request.content) if request.looks_like_json else request.form()


def _pairs_of_json(content: bytes) -> Iterator[Pair]:
    if not isinstance(parse_json(content), dict):
        raise Invalid.single("", "the body should be a JSON object")
    # Once more, for numbers as they are written: a release 1.10 is not 1.1.
    for name, value in json.loads(content, parse_int=str, parse_float=str).items():
        match value:
            case None:
                yield name, ""
            case bool():
                yield name, "true" if value else "false"
            case str():
                yield name, value
            case _:
                yield name, None


def _repeated(pairs: Iterable[Pair]) -> Iterable[str]:
    """Return the keys that stand more than once, in any case, as they were written first."""
    written: dict[str, list[str]] = {}
    for name, _ in pairs:
        written.setdefault(name.lower(), []).append(name)
    return (names[0] for names in written.values() if len(names) > 1)
