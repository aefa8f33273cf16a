"""A sorted index of a partition, so that a page is found by bisection instead of by sorting the whole partition.

`pinned_query` defines partitions and sort keys.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Place = tuple[Any, ...]
"""Position of an item: its sort value, then what makes it unique."""


class Edge(NamedTuple):
    """Start or end of a range of sort keys: a value, included or not."""

    value: Any
    included: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a partition. after: a position, excluded."""

    least: Edge | None = None
    most: Edge | None = None
    after: Place | None = None
    backward: bool = False
    limit: int | None = None


class SortedIndex:
    """The sorted positions of one partition."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = sorted(places)

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: Place) -> None:
        """Insert the position."""
        insort(self._places, place)

    def remove(self, place: Place) -> None:
        """Remove the position, if it exists."""
        found = bisect_left(self._places, place)
        if found < len(self._places) and self._places[found] == place:
            del self._places[found]

    def within(self, span: Span) -> Sequence[Place]:
        """Return the positions in the span, at most its limit, counted from its start."""
        low, high = 0, len(self)
        if span.least is not None:
            low = (bisect_left if span.least.included else bisect_right)(
                self._places, span.least.value, key=_sort_value
            )
        if span.most is not None:
            high = (bisect_right if span.most.included else bisect_left)(self._places, span.most.value, key=_sort_value)
        if span.after is not None and span.backward:
            high = min(high, bisect_left(self._places, span.after))
        elif span.after is not None:
            low = max(low, bisect_right(self._places, span.after))
        if span.limit is not None and span.backward:
            low = max(low, high - span.limit)
        elif span.limit is not None:
            high = min(high, low + span.limit)
        return self._places[low:high]


def _sort_value(place: Place) -> Any:  # noqa: ANN401 - a text or a number, the same in all of a partition
    return place[0]
