"""Read integer ids of addresses and forms."""

from collections.abc import Mapping

from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.integer_ids import LARGEST

DIGITS = len(str(LARGEST))


def id_in(parameters: Mapping[str, str], name: str) -> int:
    """Return an id in a path. Faults: NotFound for what is never one."""
    found = _number(parameters[name])
    if found is None:
        raise NotFound(f"no {name} {parameters[name][:64]}")
    return found


def number_in(form: Mapping[str, str], name: str) -> int:
    """Return a number of a form. Faults: Invalid."""
    found = _number(form.get(name, ""))
    if found is None:
        raise Invalid.single(name, "should be a whole number")
    return found


def _number(text: str) -> int | None:
    is_one = text.isascii() and text.isdecimal() and len(text) <= DIGITS and int(text) <= LARGEST
    return int(text) if is_one else None
