"""Lengths of time in words, as short as one reads them."""

from datetime import timedelta

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def length(of: timedelta) -> str:
    """Return a length by its two largest units: `2 h 5 min`, `41 s`. static/files/console.js says the same."""
    rest = max(0, int(of.total_seconds()))
    parts = list[str]()
    for place, (unit, size) in enumerate(UNITS):
        count, rest = divmod(rest, size)
        if count or (place == len(UNITS) - 1 and not parts):
            parts.append(f"{count} {unit}")
        if parts and (len(parts) == 2 or count == 0):
            break
    return " ".join(parts)


def largest(of: timedelta) -> str:
    """Return a length by its largest unit alone: `2 h`, `41 s`."""
    seconds = max(0, int(of.total_seconds()))
    return next((f"{seconds // size} {unit}" for unit, size in UNITS if seconds >= size), "0 s")
