"""Parse JSON as Go's encoding/json does: the last of equal keys wins, and errors have Go's messages.

The content of a body: words of each noun. Filling records from objects: fields.py.
"""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence

from chalicelib.http.shape import LARGEST_JSON
from chalicelib.kernel.faults import Invalid, TooLarge
from chalicelib.kernel.releases.check import refused
from slipway_formats.strict_json import DEEPEST_JSON, LONGEST_NUMBER

END = "unexpected end of JSON input"
EXPECTED = {
    "Expecting value": "looking for beginning of value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Illegal trailing comma before end of object": "looking for beginning of object key string",
    "Illegal trailing comma before end of array": "looking for beginning of value",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after array element",
    "Extra data": "after top-level value",
    "Invalid control character at": "in string literal",
    "Invalid \\escape": "in string escape code",
    "Invalid \\uXXXX escape": "in \\u hexadecimal character escape",
}
SPACE = " \t\n\r"


class GoError(ValueError):
    """A JSON error with Go's message."""


def read_whole(content: bytes) -> object:
    """Parse a body that is one JSON value. Faults: GoError, TooLarge."""
    text = _text(content)
    return _checked(_decoded(text, DECODER.decode))


def read_first(content: bytes) -> object:
    """Parse the first JSON value and ignore what follows. Faults: Invalid, with Escape's message; TooLarge."""
    text = _text(content).lstrip(SPACE)
    try:
        return _checked(_decoded(text, lambda given: DECODER.raw_decode(given)[0]))
    except GoError:
        raise bad_json() from None


def bad_json() -> Invalid:
    """Return Escape's fault for invalid JSON or wrong types."""
    return refused("Invalid JSON")


def _text(content: bytes) -> str:
    if len(content) > LARGEST_JSON:
        raise TooLarge(f"the body has {len(content)} bytes, more than the {LARGEST_JSON} that are taken")
    return content.removeprefix(BOM_UTF8).decode("utf-8", errors="replace")


def _decoded(text: str, decode: Callable[[str], object]) -> object:
    try:
        return decode(text)
    except json.JSONDecodeError as error:
        raise GoError(_go_message(text, error)) from error
    except RecursionError as error:
        raise GoError("exceeded max depth") from error


def _go_message(text: str, error: json.JSONDecodeError) -> str:
    if not text[error.pos :].strip(SPACE) or error.msg.startswith("Unterminated string"):
        return END
    place = error.pos + len(text[error.pos :]) - len(text[error.pos :].lstrip(SPACE))
    return f"invalid character {_quoted(text[place])} {EXPECTED.get(error.msg, 'looking for beginning of value')}"


def _quoted(character: str) -> str:
    if character == "'":
        return r"'\''"
    return f"'{character}'" if character == '"' else f"'{json.dumps(character, ensure_ascii=False)[1:-1]}'"


def _checked(value: object) -> object:
    """Return the value if it can be stored: limited depth and no lone surrogates. Faults: GoError."""
    level: list[object] = [value]
    for _ in range(DEEPEST_JSON + 1):
        level = [child for each in level for child in _children(each)]
        if not level:
            break
    else:
        raise GoError("exceeded max depth")
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise GoError("half of a surrogate pair stands alone") from error
    return value


def _children(value: object) -> Sequence[object]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return ()


def _last_wins(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        found.pop(name, None)
        found[name] = value
    return found


def _no_constant(word: str) -> object:
    raise GoError(f"invalid character '{word[0]}' looking for beginning of value")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise GoError(f"json: cannot unmarshal number {digits[:20]}… into Go value of type float64")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise GoError(f"json: cannot unmarshal number {digits[:20]} into Go value of type float64")
    return number


DECODER = json.JSONDecoder(
    object_pairs_hook=_last_wins, parse_constant=_no_constant, parse_int=_whole, parse_float=_fraction
)
