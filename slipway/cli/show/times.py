"""Format and parse instants and durations for people. The caller passes the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_AGO = re.compile(r"(\d{1,6})\s*(s|min|m|h|d)(?:\s+ago)?")
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}


def instant(text: str | None) -> datetime | None:
    """Parse an instant of the API; None if it is missing or malformed."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def parse_instant(text: str, now: datetime) -> datetime:
    """Parse an instant that a person typed: ISO 8601, local time without an offset, or a duration ago such as `10m`.

    Faults: ValueError.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return now - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
    at = datetime.fromisoformat(text.strip())
    return at if at.tzinfo is not None else at.astimezone()


def parse_length(text: str) -> timedelta:
    """Parse a length of time that a person typed, such as `2h`. Faults: ValueError."""
    found = _AGO.fullmatch(text.strip())
    if found is None or text.strip().endswith("ago"):
        raise ValueError(text)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def exact(text: str) -> str:
    """Format an instant of the API with its date and the offset of this machine's zone."""
    at = instant(text)
    return at.astimezone().isoformat(sep=" ", timespec="minutes") if at is not None else text


def length(time: timedelta) -> str:
    """Format a duration: `3.2 s`, `4 min 02 s`, `2 h 05 min`, `3 d 4 h`."""
    seconds = max(time.total_seconds(), 0.0)
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600} h"


def clock(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Format the time of day, with the date on another day. zone: local by default."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    return local.strftime("%H:%M:%S" if local.date() == today.date() else "%Y-%m-%d %H:%M:%S")


def since(text: str | None, now: datetime, zone: tzinfo | None = None) -> str:
    """Format an instant of the API for a table; empty for one at the end of the calendar, as Go's for no time."""
    at = instant(text)
    try:
        return clock(at, now, zone) if at is not None else ""
    except OverflowError:
        return ""


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)
