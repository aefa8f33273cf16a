"""Bodies as far as they can be read: a field that cannot be is left out, so that the rest can be judged as well."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from chalicelib.http.shape import Model, Steps, defects_of, parse_json, path_of, steps_in
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Neutral = Mapping[str, Mapping[str, str]]
"""By the name of a list: fields that its entries cannot do without, with words that ask for nothing."""

NO_WORDS: Mapping[str, Any] = {}


def read_in_part(shape: type[Model], content: bytes, neutral: Neutral = NO_WORDS) -> tuple[Model, UnreadableFields]:
    """The body without what cannot be read, and every defect of that.

    neutral: what stands in the place of needed words that are unknown or missing. Faults: Invalid with every defect
    where what is left is no body either; TooLarge.
    """
    value = parse_json(content)
    try:
        return shape.model_validate_json(content), NOTHING_UNREADABLE
    except ValidationError as error:
        found = defects_of(error, value)
        details = error.errors(include_url=False, include_input=False)
        # All are sought before the first is left out, for they are sought in the value.
        found_at = [_field_of(steps_in(value, detail["loc"])) for detail in details]
        places = [
            place
            for steps, detail in zip(found_at, details, strict=True)
            if (place := _leave_out(value, steps, detail, neutral))
        ]
        try:
            return shape.model_validate_json(json.dumps(value)), UnreadableFields(defects=found, places=tuple(places))
        except ValidationError:
            raise Invalid(found) from error


def _field_of(steps: Steps) -> Steps:
    """The innermost field of an object on the way."""
    while steps and not isinstance(steps[-1], str):
        steps = steps[:-1]
    return steps


def _leave_out(value: object, steps: Steps, detail: "ErrorDetails", neutral: Neutral) -> str:
    """The place of what is taken out of the value because of the defect; empty where the rest loses no meaning."""
    holder = _holder(value, steps)
    if holder is None:
        return ""
    name = str(steps[-1])
    holder.pop(name, None)
    if name in (words := neutral.get(_list_of(steps), NO_WORDS)):
        holder[name] = words[name]
    return "" if detail["type"] == "extra_forbidden" else path_of(steps)


def _list_of(steps: Steps) -> str:
    """The name of the list of which the steps lead to a field of an entry; empty where they lead elsewhere."""
    match steps:
        case (*_, str(name), int(), str()):
            return name
        case _:
            return ""


def _holder(value: object, steps: Steps) -> dict[str, object] | None:
    """The object of which the last step is a field, if that is where the steps lead."""
    for step in steps[:-1]:
        match value:
            case dict() if step in value:
                value = value[step]
            case list() if isinstance(step, int) and step < len(value):
                value = value[step]
            case _:
                return None
    return value if steps and isinstance(value, dict) else None
