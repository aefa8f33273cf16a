"""Shapes of bodies: two kinds of base class, strict JSON parsing, and every defect of a body with its path.

Independent of rows and statuses; a dialect's own shapes are in its `shapes.py`.
"""

from codecs import BOM_UTF8
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from chalicelib.kernel.faults import Invalid, TooLarge
from slipway_formats.defect import Defect
from slipway_formats.strict_json import parse, without_duplicates

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LARGEST_JSON = 6 * 1024 * 1024
"""Bytes: the most that a Lambda function accepts."""

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
        return parse(content)
    except ValueError as error:
        raise Invalid.single("", str(error)) from error


def read_shape(shape: type[Model], content: bytes) -> Model:
    """Return the body as the shape. Faults: Invalid with every defect and its path; TooLarge."""
    value = parse_json(content)
    try:
        # From JSON, not from `value`: only then does strict mode accept dates and enumerations as strings.
        return shape.model_validate_json(content.removeprefix(BOM_UTF8))
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
    return without_duplicates(named)


def _fold(name: str) -> str:
    """Source: Go, encoding/json/fold.go; besides letters of two cases, the long s and the Kelvin sign."""
    return name.replace("\u017f", "s").replace("\u212a", "k").lower()


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
