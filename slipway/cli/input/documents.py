"""JSON and YAML that people write, as values that JSON can hold; what it cannot is refused with its place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from slipway.client_error import Problem

MOST_VALUES = 200_000
DEEPEST = 100
BYTE_ORDER_MARK = "\ufeff"


class NotJsonError(ValueError):
    """A text is no JSON, or no YAML that says what JSON can. problems: each with its place, if that is known."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


def from_json(text: str) -> object:
    """Return the value of a JSON text. Faults: NotJsonError, also for a key that is given twice."""
    try:
        value = json.loads(
            text.removeprefix(BYTE_ORDER_MARK), parse_constant=_no_constant, object_pairs_hook=_each_key_once
        )
    except RecursionError as error:
        raise NotJsonError("it is nested too deep") from error
    except NotJsonError:
        raise
    except ValueError as error:
        raise NotJsonError(str(error)) from error
    return checked(value)


def from_yaml(text: str) -> object:
    """Return the value of a YAML text: instants become RFC 3339 text. Faults: NotJsonError."""
    import yaml

    from slipway.cli.input.yaml_loader import StrictLoader

    try:
        value = yaml.load(text.removeprefix(BYTE_ORDER_MARK), StrictLoader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise NotJsonError(" ".join(str(error).split())) from error
    except RecursionError as error:
        raise NotJsonError("it is nested too deep") from error
    except (ValueError, OverflowError, TypeError) as error:
        raise NotJsonError(str(error)) from error
    return checked(value)


def checked(value: object) -> object:
    """Return the value with instants as text. Faults: NotJsonError with every place that JSON cannot hold."""
    walk = _Walk()
    plain = walk.plain(value, "", 0)
    if walk.problems:
        first = walk.problems[0]
        raise NotJsonError(f"{first.path or 'it'} {first.message}", walk.problems)
    return plain


Many = Mapping[object, object] | list[object] | tuple[object, ...]


class _Walk:
    """One way through a value. problems: what was found on it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._left = MOST_VALUES
        self._above: set[int] = set()

    def plain(self, value: object, path: str, depth: int) -> object:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            return self._refuse(path, "is too large, or nested too deep")
        if isinstance(value, Mapping | list | tuple):
            return self._of_many(value, path, depth)
        return self._scalar(value, path)

    def _of_many(
        self, value: Mapping[object, object] | list[object] | tuple[object, ...], path: str, depth: int
    ) -> object:
        if id(value) in self._above:
            return self._refuse(path, "holds itself")
        self._above.add(id(value))
        try:
            if isinstance(value, Mapping):
                found = dict(self._fields(value, path, depth))
                return found if len(found) == len(value) else self._refuse(path, "has two keys that are one as text")
            return [self.plain(one, f"{path}[{place}]", depth + 1) for place, one in enumerate(value)]
        finally:
            self._above.discard(id(value))

    def _fields(self, value: Mapping[object, object], path: str, depth: int) -> Iterator[tuple[str, object]]:
        for key, one in value.items():
            name = self._key(key, path)
            yield name, self.plain(one, f"{path}.{name}" if path else name, depth + 1)

    def _key(self, key: object, path: str) -> str:
        plain = self._scalar(key, path)
        if isinstance(plain, str):
            return plain
        if isinstance(plain, bool) or plain is None:
            return json.dumps(plain)
        return str(plain)

    def _scalar(self, value: object, path: str) -> object:
        if isinstance(value, str):
            return value if _is_utf8(value) else self._refuse(path, "holds letters that are none, as half a pair")
        if isinstance(value, float) and not math.isfinite(value):
            return self._refuse(path, f"is {value}, which JSON has no number for")
        if isinstance(value, datetime):
            return _rfc3339(value)
        if isinstance(value, date):
            return value.isoformat()
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._refuse(path, f"is of a kind that JSON does not have: {type(value).__name__}")

    def _refuse(self, path: str, why: str) -> object:
        # Of what is too large one word is enough.
        if self._left >= 0 or not self.problems:
            self.problems.append(Problem(path=path, message=why))
        return None


def _rfc3339(moment: datetime) -> str:
    # YAML means UTC where no offset is written.
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.isoformat().replace("+00:00", "Z")


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number that JSON has")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # adds
        raise NotJsonError(f"key {twice!r} is given twice", (Problem(path=twice, message="is given twice"),))
    return found
