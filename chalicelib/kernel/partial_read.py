"""What of an input could not be read, so that it can be told together with what is wrong in the rest."""

import re
from collections.abc import Iterable

from chalicelib.kernel.faults import Defect
from chalicelib.kernel.frozen import frozen

_ENTRY = re.compile(r".*\]")


@frozen
class Misread:
    """What could not be read. places: of what was left out of the input because of it."""

    defects: tuple[Defect, ...] = ()
    places: tuple[str, ...] = ()

    def with_others(self, found: Iterable[Defect]) -> tuple[Defect, ...]:
        """Every defect: these, and of those found in the rest the ones that what was left out is no cause of.

        An entry of a list (a phase, a step) that lacks a field makes no sense as a whole: what is found in it is left
        for when it can be read.
        """
        doubtful = tuple(_entry(place) for place in self.places)
        return (*self.defects, *(one for one in found if not any(_is_in(one.path, place) for place in doubtful)))


def _entry(place: str) -> str:
    """The innermost entry of a list that holds the place, or the place where none does."""
    found = _ENTRY.match(place)
    return found[0] if found else place


def _is_in(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}.", f"{place}["))


NOTHING_MISREAD = Misread()
