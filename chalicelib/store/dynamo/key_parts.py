"""The parts of keys: texts joined so that they cannot mix, and instants as numbers."""

from datetime import datetime, timedelta

from chalicelib.kernel.codec import EPOCH, MILLISECOND


def joined(*parts: str) -> str:
    """Parts as one text from which no other parts give the same."""
    return "#".join(part.replace("%", "%25").replace("#", "%23") for part in parts)


def milliseconds(at: datetime) -> int:
    """An instant as milliseconds since 1970."""
    return (at - EPOCH) // MILLISECOND


def instant(held: int) -> datetime:
    """The instant that so many milliseconds since 1970 are."""
    return EPOCH + timedelta(milliseconds=held)


BY_FIRST = "by_first"
