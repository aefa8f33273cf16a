"""Fields of a request that could not be parsed, reported together with the validation errors of the rest."""

import re
from collections.abc import Iterable

from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

_ENTRY = re.compile(r".*\]")


@frozen
class UnreadableFields:
    """Why fields could not be parsed. places: paths of the fields that were dropped from the input for that."""

    defects: tuple[Defect, ...] = ()
    places: tuple[str, ...] = ()

    def with_others(self, found: Iterable[Defect]) -> tuple[Defect, ...]:
        """All defects: unreadable fields, and validation errors of the rest except those caused by a dropped field.

        found: the validation errors of the rest. One inside a list entry (a phase, a step) that lost a field is left
        out, for it may come from the missing field.
        """
        doubtful = tuple(_entry(place) for place in self.places)
        return (*self.defects, *(one for one in found if not any(_is_in(one.path, place) for place in doubtful)))


def _entry(place: str) -> str:
    """The path of the innermost list entry around a path, or the path itself when it lies in no list."""
    found = _ENTRY.match(place)
    return found[0] if found else place


def _is_in(path: str, place: str) -> bool:
    return path == place or path.startswith((f"{place}.", f"{place}["))


NOTHING_UNREADABLE = UnreadableFields()
