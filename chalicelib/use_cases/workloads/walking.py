"""Walk through several lists, one after another, by pages: each item with the spot behind it, where a page may end."""

import json
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.pagination import Slice, Sliced, sliced
from slipway_formats.frozen import frozen

T = TypeVar("T")

LARGEST_READ = 500
"""Items of one read of the store."""


@frozen
class Spot:
    """Where a page ended. place: of which list; blank to begin. after: the last whole item before it; blank for none.

    within, skip: of the next item so many parts were on the page, too.
    """

    place: str = ""
    after: str = ""
    within: str = ""
    skip: int = 0


def written_spot(spot: Spot) -> str:
    """Return a spot as text."""
    return json.dumps([spot.place, spot.after, spot.within, spot.skip])


def read_spot(text: str) -> Spot:
    """Return the spot that was written as this text; the beginning for a blank one. Faults: Invalid."""
    if not text:
        return Spot()
    try:
        place, after, within, skip = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise _foreign() from error
    if not all(isinstance(one, str) for one in (place, after, within)) or type(skip) is not int or skip < 0:
        raise _foreign()
    return Spot(place=place, after=after, within=within, skip=skip)


def read_size(requested: Slice) -> int:
    """Return how many items to read at a time: one more than is requested shows whether there is a next page."""
    return LARGEST_READ if requested.size is None else min(requested.size + 1, LARGEST_READ)


def cut(found: Iterable[tuple[Spot, T]], requested: Slice) -> Sliced[T]:
    """Return the requested slice of what is found, each with the spot behind it; no more of it is read than needed."""
    read = tuple(islice(found, None if requested.size is None else requested.size + 1))
    part = sliced(read, requested, lambda pair: written_spot(pair[0]))
    return Sliced(items=tuple(item for _, item in part.items), after=part.after)


def _foreign() -> Invalid:
    return Invalid.single("next_token", "should be as the page before said")
