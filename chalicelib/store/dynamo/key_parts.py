"""Parts of keys: texts joined without ambiguity, and timestamps as numbers."""

from datetime import datetime, timedelta

from chalicelib.kernel.codec import EPOCH, MILLISECOND


def joined(*parts: str) -> str:
    """Join parts with `#`, escaped so that different parts never give the same text."""
    return "#".join(part.replace("%", "%25").replace("#", "%23") for part in parts)


def parts_of(text: str) -> tuple[str, ...]:
    """Return the parts of a text that `joined` has made."""
    return tuple(part.replace("%23", "#").replace("%25", "%") for part in text.split("#"))


def milliseconds(at: datetime) -> int:
    """Return a timestamp as milliseconds since 1970."""
    return (at - EPOCH) // MILLISECOND


def due_range(at: datetime) -> str:
    """Sort key of what is due at an instant."""
    return f"{milliseconds(at):014d}"


def instant(since_epoch: int) -> datetime:
    """Return the timestamp of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=since_epoch)


BY_FIRST = "by_first"
BY_SECOND = "by_second"
