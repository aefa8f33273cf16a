"""Read as much of a body as possible: unreadable fields are left out, so that the rest can be validated too."""

import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from chalicelib.http.shape import Model, Steps, defects_of, parse_json, path_of, steps_in
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Neutral = Mapping[str, Mapping[str, str]]
"""By name of a list: required fields of its entries, with values that have no effect."""

NO_WORDS: Mapping[str, Any] = {}


def read_in_part(shape: type[Model], content: bytes, neutral: Neutral = NO_WORDS) -> tuple[Model, UnreadableFields]:
    """Return the body without its unreadable fields, and a defect for each of those.

    neutral: values for required fields that are missing or unreadable. Faults: Invalid with every defect when the rest
    is still not valid; TooLarge.
    """
    value = parse_json(content)
    try:
        return shape.model_validate_json(content.removeprefix(BOM_UTF8)), NOTHING_UNREADABLE
    except ValidationError as error:
        found = defects_of(error, value)
        details = error.errors(include_url=False, include_input=False)
        # All are located before the first is removed, since they are located in `value`.
        found_at = [_field_of(steps_in(value, detail["loc"])) for detail in details]
        places = [
            place
            for steps, detail in zip(found_at, details, strict=True)
            if (place := _remove_field(value, steps, detail, neutral))
        ]
        try:
            return shape.model_validate_json(json.dumps(value)), UnreadableFields(defects=found, places=tuple(places))
        except ValidationError:
            raise Invalid(found) from error


def _field_of(steps: Steps) -> Steps:
    """Return the path to the innermost field of an object."""
    while steps and not isinstance(steps[-1], str):
        steps = steps[:-1]
    return steps


def _remove_field(value: object, steps: Steps, detail: "ErrorDetails", neutral: Neutral) -> str:
    """Remove the defective field and return its path; empty when the field is unknown and thus has no meaning."""
    holder = _holder(value, steps)
    if holder is None:
        return ""
    name = str(steps[-1])
    holder.pop(name, None)
    if name in (words := neutral.get(_list_of(steps), NO_WORDS)):
        holder[name] = words[name]
    return "" if detail["type"] == "extra_forbidden" else path_of(steps)


def _list_of(steps: Steps) -> str:
    """Return the name of the list if the steps lead to a field of its entry; otherwise empty."""
    match steps:
        case (*_, str(name), int(), str()):
            return name
        case _:
            return ""


def _holder(value: object, steps: Steps) -> dict[str, object] | None:
    """Return the object that holds the field of the last step, if the steps lead to one."""
    for step in steps[:-1]:
        match value:
            case dict() if step in value:
                value = value[step]
            case list() if isinstance(step, int) and step < len(value):
                value = value[step]
            case _:
                return None
    return value if steps and isinstance(value, dict) else None
