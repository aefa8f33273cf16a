"""Slices of lists: so many items after one. Without a size a list is whole, as existing clients expect."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

T = TypeVar("T")


@frozen
class Slice:
    """A requested slice of a list. size: maximum, None for all. after: place of an item; exclusive."""

    size: int | None = None
    after: str = ""


WHOLE = Slice()


@frozen
class Sliced(Generic[T]):
    """A slice of a list. after: start of the next slice, if there is one."""

    items: tuple[T, ...]
    after: str | None = None


def page_of(requested: Slice) -> Page | None:
    """Return the page to read: one more than requested shows whether there is a next slice."""
    return None if requested.size is None else Page(size=requested.size + 1, after=requested.after or None)


def sliced(found: Sequence[T], requested: Slice, place: Callable[[T], str]) -> Sliced[T]:
    """Cut the requested slice from what was read. place: returns an item's place."""
    if requested.size is None or len(found) <= requested.size:
        return Sliced(items=tuple(found))
    items = tuple(found[: requested.size])
    return Sliced(items=items, after=place(items[-1]))
