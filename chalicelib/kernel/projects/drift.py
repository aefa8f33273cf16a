"""How what is deployed stands to the same deployment in the environment before."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.projects.cell import Cell
from slipway_formats.version import sort_key


class Drift(StrEnum):
    """How a version stands to the one of the same deployment in the environment before."""

    SAME = "same"
    BEHIND = "behind"
    AHEAD = "ahead"
    ABSENT = "absent"


def drift(cell: Cell, before: Cell | None) -> Drift:
    """Return how a cell stands to the one before; ABSENT where there is no version to compare."""
    if before is None or not before.version or not cell.version or before.application != cell.application:
        return Drift.ABSENT
    if before.version == cell.version:
        return Drift.SAME
    try:
        return Drift.BEHIND if sort_key(cell.version) < sort_key(before.version) else Drift.AHEAD
    except Invalid:
        # A client may have written a version that is none.
        return Drift.AHEAD


def ranks(versions: Iterable[str]) -> Mapping[str, int]:
    """Return the places of versions in their order: two are as many releases apart as their places are."""
    return {version: place for place, version in enumerate(sorted(versions, key=sort_key))}
