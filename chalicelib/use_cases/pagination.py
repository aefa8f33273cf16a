"""Lists whole, or a slice of them: so many after one. Without a size a list is whole, as clients of old expect."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.runs import Page

T = TypeVar("T")


@frozen
class Slice:
    """What of a list is asked for. size: how many at most, all where it is absent. after: place of one; exclusive."""

    size: int | None = None
    after: str = ""


WHOLE = Slice()


@frozen
class Sliced(Generic[T]):
    """What of a list was found. after: where the next slice begins, if there is one."""

    items: tuple[T, ...]
    after: str | None = None


def page_of(asked: Slice) -> Page | None:
    """The page to be read: one more than asked for shows whether there is a next slice."""
    return None if asked.size is None else Page(size=asked.size + 1, after=asked.after or None)


def sliced(found: Sequence[T], asked: Slice, place: Callable[[T], str]) -> Sliced[T]:
    """The slice that was asked for of what was read. place: by which one is named."""
    if asked.size is None or len(found) <= asked.size:
        return Sliced(items=tuple(found))
    items = tuple(found[: asked.size])
    return Sliced(items=items, after=place(items[-1]))
