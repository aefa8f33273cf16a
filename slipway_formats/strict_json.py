"""Parse JSON that can be kept and shown again: no key twice, no NaN, no half of a surrogate pair; a BOM is skipped."""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Sequence

DEEPEST_JSON = 200
"""Levels of nesting; parsers give up beyond it without saying where."""

LONGEST_NUMBER = 400
"""Digits; no float has more before its point, and Python refuses several thousand."""


def parse(content: bytes) -> object:
    """Return the parsed JSON. Faults: ValueError, in words, naming line and column."""
    try:
        value: object = _DECODER.decode(content.removeprefix(BOM_UTF8).decode("utf-8"))
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate can be parsed, but not stored
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"malformed JSON at {where}: {error.msg[:1].lower()}{error.msg[1:]}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"malformed JSON: byte {error.start} is not UTF-8") from error
    except UnicodeEncodeError as error:
        raise ValueError("malformed JSON: half of a surrogate pair stands alone") from error
    except RecursionError as error:
        raise ValueError("malformed JSON: nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"malformed JSON: {error}") from error
    if _depth_is_over(value, DEEPEST_JSON):
        raise ValueError(f"malformed JSON: nested over {DEEPEST_JSON} levels deep")
    return value


def without_duplicates(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Return the object of the pairs. Faults: ValueError, if a key stands more than once."""
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


_DECODER = json.JSONDecoder(
    object_pairs_hook=without_duplicates, parse_constant=_no_constant, parse_int=_whole, parse_float=_fraction
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
