"""Occurrences as CloudEvents. Source: CloudEvents 1.0.2, JSON format, and its extension `sequence`."""

from chalicelib.kernel.feed.occurrence import KINDS, Occurrence, OccurrenceType

PREFIX = "slipway."
Place = tuple[int, int]
"""Number of an entry of the feed, and which of its occurrences."""


def cloud_event(place: Place, occurrence: Occurrence, installation: str) -> dict[str, object]:
    """Return an occurrence as a CloudEvent. installation: the URL of the platform, without a trailing slash."""
    number, index = place
    return {
        "specversion": "1.0",
        "id": f"{number}.{index}",
        "source": f"{installation}/projects/{occurrence.project}",
        "type": f"{PREFIX}{occurrence.type.value}",
        "subject": occurrence.subject,
        "time": occurrence.at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "sequence": f"{number:015d}.{index:03d}",
        "project": occurrence.project,
        "data": dict(occurrence.facts),
    }


def is_of_kinds(kind: OccurrenceType, kinds: frozenset[str]) -> bool:
    """Return whether a type is among kinds, each a kind of thing, a type, or a type as CloudEvents has it."""
    return not kinds or not kinds.isdisjoint((kind.kind, kind.value, f"{PREFIX}{kind.value}"))


def unknown_kinds(kinds: frozenset[str]) -> tuple[str, ...]:
    """Return those of some kinds that there are not."""
    known = {*KINDS, *(one.value for one in OccurrenceType), *(f"{PREFIX}{one.value}" for one in OccurrenceType)}
    return tuple(sorted(kinds - known))
