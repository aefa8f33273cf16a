"""Read instants as browsers give them, and write them so."""

from datetime import UTC, datetime, timedelta

from chalicelib.kernel.faults import Invalid


def read_instant(text: str, name: str) -> datetime:
    """Read an instant; a field of date and time names no zone: its label says that it is UTC. Faults: Invalid."""
    try:
        given = datetime.fromisoformat(text)
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid.single(name, "should be an instant, such as 2030-05-01T08:00") from error


def field_of_instant(at: datetime | None) -> str:
    """Return an instant as a field of date and time holds it, by the millisecond, and none that is before it."""
    if at is None:
        return ""
    return (at.astimezone(UTC) + timedelta(microseconds=999)).replace(tzinfo=None).isoformat(timespec="milliseconds")
