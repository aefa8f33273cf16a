"""Numbers of trains and snapshots: what they may be, and which comes next."""

import re

from slipway_formats.defect import Defect
from slipway_formats.version import is_version

LONGEST = 200
LONGEST_DESCRIPTION = 10_000
"""Characters."""

LONGEST_WHOLE = 9
"""Digits of a number that is counted on from: clients read it as an integer of 32 bits."""

_LAST_PART = re.compile(r"(.*?)([0-9]+)([^0-9]*)", re.DOTALL)


def folded(text: str) -> str:
    """Return the form in which numbers, titles and names of variables are compared, ignoring case."""
    return text.casefold()


def number_defects(number: str, path: str = "number") -> tuple[Defect, ...]:
    """Return the defects of a train's number, which may be any text of one line."""
    if not number.strip():
        return (Defect(path, "is missing"),)
    return text_defects(number, path)


def text_defects(text: str, path: str) -> tuple[Defect, ...]:
    """Return the defects of a text of one line: a number or a title."""
    if len(text) > LONGEST:
        return (Defect(path, f"is over {LONGEST} characters"),)
    return () if text.isprintable() else (Defect(path, "has characters that cannot be shown"),)


def description_defects(text: str) -> tuple[Defect, ...]:
    """Return the defects of the description of a train or snapshot."""
    if len(text) <= LONGEST_DESCRIPTION:
        return ()
    return (Defect("description", f"is over {LONGEST_DESCRIPTION} characters"),)


def as_version(number: str, owner: int) -> str:
    """Return the version under which State knows a number: itself, if it is one. owner: the id."""
    return number if is_version(number) else f"0.{owner}"


def whole_part(number: str) -> int:
    """Return the number if it is a whole one, else 0."""
    is_whole = number.isascii() and number.isdecimal() and len(number) <= LONGEST_WHOLE
    return int(number) if is_whole else 0


def number_after(number: str) -> str | None:
    """Return the number with its last part one higher (3.4.3, 3.4.4); None if no part is a number."""
    found = _LAST_PART.fullmatch(number)
    if found is None:
        return None
    before, last, after = found.groups()
    return f"{before}{str(int(last) + 1).zfill(len(last))}{after}"
