"""JSON as Go writes it: its escapes, and a newline at the end."""

import json
from collections.abc import Mapping, Sequence

from chalicelib.http.reply import JSON_MEDIA, Json, Reply

ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"},
)


def go_reply(value: Json, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply of JSON as Go writes it. Maps come sorted from their words."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Reply(headers={"Content-Type": JSON_MEDIA, **(headers or {})}, body=f"{text.translate(ESCAPES)}\n")


def in_order(value: object) -> Json:
    """A value that was JSON, the keys of every object in it sorted."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): in_order(inner) for key, inner in sorted(value.items())}
        case Sequence():
            return [in_order(inner) for inner in value]
        case _:
            raise TypeError(f"{type(value).__name__} is no JSON")
