"""Shapes of bodies: two kinds of base class, strict JSON parsing, and every defect of a body with its path.

Independent of rows and statuses; a dialect's own shapes are in its `shapes.py`.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from chalicelib.kernel.faults import Invalid, TooLarge
from slipway_formats.defect import Defect

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LARGEST_JSON = 6 * 1024 * 1024
"""Bytes: the most that a Lambda function accepts."""

DEEPEST_JSON = 200
"""Levels of nesting; parsers give up beyond it without saying where."""

LONGEST_NUMBER = 400
"""Digits; no float has more before its point, and Python refuses several thousand."""

Model = TypeVar("Model", bound=BaseModel)
Steps = tuple[str | int, ...]


class Shape(BaseModel):
    """A body with only known fields of exactly their types: no strings for numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True, populate_by_name=True)


class LenientShape(BaseModel):
    """A body from lax clients: unknown fields are ignored, and strings are accepted for numbers."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True, populate_by_name=True)


class GoShape(LenientShape):
    """A body from a client in Go: fields in any case, and unknown ones are kept as sent."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _folded(cls, value: object) -> object:
        return _with_folded_names(value, cls.model_fields.keys()) if isinstance(value, Mapping) else value

    @property
    def unknown(self) -> Mapping[str, object]:
        """The fields that are not of the shape, as sent."""
        return self.model_extra or {}


def parse_json(content: bytes) -> object:
    """Return the parsed JSON. Faults: Invalid, naming line and column; TooLarge."""
    if len(content) > LARGEST_JSON:
        raise TooLarge(f"the body has {len(content)} bytes, more than the {LARGEST_JSON} that are taken")
    try:
        value: object = DECODER.decode(content.decode("utf-8"))
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate can be parsed, but not stored
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Invalid.single("", f"malformed JSON at {where}: {_lower_first(error.msg)}") from error
    except UnicodeDecodeError as error:
        raise Invalid.single("", f"malformed JSON: byte {error.start} is not UTF-8") from error
    except UnicodeEncodeError as error:
        raise Invalid.single("", "malformed JSON: half of a surrogate pair stands alone") from error
    except RecursionError as error:
        raise Invalid.single("", "malformed JSON: nested too deeply") from error
    except ValueError as error:
        raise Invalid.single("", f"malformed JSON: {error}") from error
    if _depth_is_over(value, DEEPEST_JSON):
        raise Invalid.single("", f"malformed JSON: nested over {DEEPEST_JSON} levels deep")
    return value


def read_shape(shape: type[Model], content: bytes) -> Model:
    """Return the body as the shape. Faults: Invalid with every defect and its path; TooLarge."""
    value = parse_json(content)
    try:
        # From JSON, not from `value`: only then does strict mode accept dates and enumerations as strings.
        return shape.model_validate_json(content)
    except ValidationError as error:
        raise Invalid(defects_of(error, value)) from error


def defects_of(error: ValidationError, value: object) -> tuple[Defect, ...]:
    """Return every defect that validation found, each with a path such as `phases[0].steps[2].type`."""
    return tuple(_defect(detail, value) for detail in error.errors(include_url=False, include_input=False))


def _defect(detail: "ErrorDetails", value: object) -> Defect:
    steps = steps_in(value, detail["loc"])
    context = detail.get("ctx", {})
    if detail["type"].startswith("union_tag"):
        steps = (*steps, str(context["discriminator"]).strip("'"))
    return Defect(path_of(steps), _message(detail))


def _message(detail: "ErrorDetails") -> str:
    match detail["type"]:
        case "missing" | "union_tag_not_found":
            return "is required"
        case "extra_forbidden":
            return "is not a known field"
        case "union_tag_invalid":
            expected = detail.get("ctx", {}).get("expected_tags", "")
            return f"should be one of {expected}".replace("'", "")
        case "value_error" | "assertion_error":
            return _lower_first(str(detail.get("ctx", {}).get("error", detail["msg"])))
        case _:
            return _lower_first(detail["msg"].removeprefix("Input ")).rstrip(".")


def steps_in(value: object, location: Steps) -> Steps:
    """Return the path of a field from pydantic's location, without the union tags and type names that it adds."""
    found = _resolve(value, location)
    return found if found is not None else tuple(step for step in location if step != "[key]")


def _resolve(value: object, location: Steps) -> Steps | None:
    if not location:
        return ()
    step, rest = location[0], location[1:]
    if step == "[key]":
        return ()
    inner = _inner(value, step)
    if inner is not None and (found := _resolve(inner[0], rest)) is not None:
        return (step, *found)
    if not rest and isinstance(value, Mapping):
        return (step,)
    return None if isinstance(step, int) else _resolve(value, rest)


def _inner(value: object, step: str | int) -> tuple[object] | None:
    match value:
        case Mapping() if step in value:
            return (value[step],)
        case list() | tuple() if isinstance(step, int) and 0 <= step < len(value):
            return (value[step],)
        case _:
            return None


def path_of(steps: Steps) -> str:
    """Return the path as defects show it, such as `phases[0].steps[2].type`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _with_folded_names(value: Mapping[str, object], known: Collection[str]) -> dict[str, object]:
    """Return the object with each key that encoding/json would take for a known field under that field's name."""
    named = [(folded if (folded := _fold(key)) in known else key, held) for key, held in value.items()]
    return _without_duplicates(named)


def _fold(name: str) -> str:
    """Source: Go, encoding/json/fold.go; besides letters of two cases, the long s and the Kelvin sign."""
    return name.replace("\u017f", "s").replace("\u212a", "k").lower()


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _without_duplicates(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{', '.join(twice)} stands more than once in an object")
    return found


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number has {len(digits)} digits")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:LONGEST_NUMBER]} is too large")
    return number


DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates, parse_constant=_no_constant, parse_int=_whole, parse_float=_fraction
)


def _depth_is_over(value: object, most: int) -> bool:
    level: list[object] = [value]
    for _ in range(most + 1):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(value: object) -> Sequence[object]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return ()
