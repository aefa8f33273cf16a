"""Instants as BuildMaster shows them, in UTC without a zone, and as its clients write them, with parts left out."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.local_time import LocalTime

FIRST_YEAR, LAST_YEAR = 1900, 9998
"""Years that have an instant in every zone."""

_DATE = r"(?P<date>\d{4}-\d{1,2}-\d{1,2})"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2})(\.\d{1,9})?)?(\s*(?P<half>[AP]M))?"
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(:?\d{2})?)"
_WRITTEN = re.compile(rf"({_DATE})?((^|T|\s+)(?P<time>{_TIME}))?({_ZONE})?", re.IGNORECASE | re.ASCII)


def shown_instant(at: datetime | None) -> str | None:
    """Return an instant as the seed writes it; None for none."""
    return None if at is None else (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="seconds")[:-6]


def read_local_time(text: str, name: str) -> LocalTime:
    """Read a date, a time or both, each with a zone or without one. name: of the parameter. Faults: Invalid."""
    found = _WRITTEN.fullmatch(text.strip())
    try:
        if found is None or not (found["date"] or found["time"]):
            raise ValueError(text)
        return LocalTime(day=_date(found["date"]), clock=_time(found), offset=_offset(found["zone"]))
    except ValueError as error:
        raise Invalid.single(name, "should be a date, a time or both, such as 2026-01-05T17:30:00Z") from error


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    year, month, day = map(int, text.split("-"))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(text)
    return date(year, month, day)


def _time(found: re.Match[str]) -> time | None:
    if found["time"] is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").upper()
    if half and not 1 <= hour <= 12:
        raise ValueError(f"{hour} {half}")
    return time(hour % 12 + 12 * (half == "PM") if half else hour, int(found["minute"]), int(found["second"] or 0))


def _offset(text: str | None) -> timezone | None:
    if text is None or text.isalpha():
        return UTC if text else None
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    length = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-length if text[0] == "-" else length)
