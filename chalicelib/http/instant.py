"""Read instants in RFC 3339, as bodies and queries say them."""

import re
from datetime import UTC, datetime, timedelta

_LEAP_SECOND = re.compile(r"(.*\d\d:\d\d):60(\.\d+)?(z|[+-]\d\d:\d\d)", re.IGNORECASE)
_UNQUOTED_PLUS = re.compile(r".*\d\d:\d\d(:\d\d(\.\d+)?)? \d\d:?\d\d")


def read_instant(text: str) -> datetime:
    """Return the instant with its offset. A leap second is the one after it. Faults: ValueError, in words."""
    leap = _LEAP_SECOND.fullmatch(text)
    if leap is not None:
        return _after_leap_second(f"{leap[1]}:59{leap[3]}")
    if _UNQUOTED_PLUS.fullmatch(text):
        raise ValueError("has a space before its offset: in an address, + is written %2B")
    try:
        at = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError("should be an instant such as 2026-01-31T12:00:00Z") from error
    if at.tzinfo is None:
        raise ValueError("needs an offset, such as Z")
    return at


def utc(at: datetime) -> datetime | None:
    """Return the instant in UTC; None beyond the calendar: Go writes year 1 for no time, which a zone may shift."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return None


def _after_leap_second(text: str) -> datetime:
    at = read_instant(text)
    try:
        after = at + timedelta(seconds=1)
    except OverflowError as error:
        raise ValueError("is beyond all calendars") from error
    there = utc(after)
    # Source: RFC 3339; leap seconds end a month in UTC.
    if there is None or (there.day, there.hour, there.minute, there.second) != (1, 0, 0, 0):
        raise ValueError("has a leap second where there is none")
    return after
