"""Fields of payloads that others write: one of an unexpected type counts as missing."""

from collections.abc import Mapping

Held = Mapping[str, object]
NOTHING: Held = {}
LONGEST_TEXT = 1000


def as_map(value: object) -> Held:
    """Return the value if it is an object; else an empty one."""
    return value if isinstance(value, Mapping) else NOTHING


def map_at(held: Held, *path: str) -> Held:
    """Return the object at a path of names; an empty one if it is missing."""
    for name in path:
        held = as_map(held.get(name))
    return held


def maps_at(held: Held, name: str) -> tuple[Held, ...]:
    """Return the objects of a list."""
    found = held.get(name)
    return tuple(as_map(one) for one in found) if isinstance(found, list) else ()


def text_at(held: Held, name: str) -> str:
    """Return a text, cut; blank if it is missing."""
    return whole_text_at(held, name)[:LONGEST_TEXT]


def whole_text_at(held: Held, name: str) -> str:
    """Return a text; blank if it is missing."""
    found = held.get(name)
    return found if isinstance(found, str) else ""


def all_texts_at(held: Held, name: str) -> tuple[str, ...] | None:
    """Return a list of texts; None if it is none, or something in it is no text."""
    found = held.get(name)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return tuple(found)
