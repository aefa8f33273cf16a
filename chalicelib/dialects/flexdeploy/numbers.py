"""Read ids of 31 bits from paths and queries."""

from collections.abc import Sequence

from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.integer_ids import LARGEST
from slipway_formats.defect import Defect

LONGEST = 18
"""Digits of a number that is looked at."""


def ids_in(request: Request, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int | None]:
    """Read ids from the path, and from the query where they may be missing. Faults: Invalid with every defect."""
    given = {name: request.parameters[name] for name in names}
    given |= {name: text for name in optional if (text := request.query.text(name))}
    wrong = tuple(Defect(name, problem) for name, text in given.items() if (problem := _problem(text)))
    if wrong:
        raise Invalid(wrong)
    return {**dict.fromkeys(optional), **{name: int(text) for name, text in given.items()}}


def id_in(request: Request, name: str) -> int:
    """Read an id from the path. Faults: Invalid."""
    return ids_in(request, [name])[name] or 0


def _problem(text: str) -> str:
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) <= LONGEST):
        return "should be a whole number"
    return "" if int(text) <= LARGEST else f"should be {LARGEST} at most"
