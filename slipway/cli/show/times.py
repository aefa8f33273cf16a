"""Format and parse instants and durations for people. The caller passes the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

import click

_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_AGO = re.compile(r"(\d{1,6})\s*(s|min|m|h|d)(?:\s+ago)?")
_DAY = re.compile(r"([a-z]+)(?:\s+(\d{1,2}):(\d\d))?", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ROUGH = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
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

    Also `today`, `yesterday` and the last day of a name, such as `Monday 14:00`; its beginning if no time is said.
    Faults: ValueError.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return now - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
    if day := _DAY.fullmatch(text.strip()):
        return _at_day(day[1].lower(), int(day[2] or 0), int(day[3] or 0), now.astimezone())
    at = datetime.fromisoformat(text.strip())
    return at if at.tzinfo is not None else at.astimezone()


def _at_day(name: str, hour: int, minute: int, now: datetime) -> datetime:
    """Return a time of a day that was. now: local. Faults: ValueError for what is no day."""
    back = {"today": 0, "yesterday": 1}.get(name)
    if back is None:
        # As people shorten them: mon, tues.
        whole = [day for day in _DAYS if len(name) > 2 and day.startswith(name)]
        if not whole:
            raise ValueError(name)
        back = (now.weekday() - _DAYS.index(whole[0])) % 7
    day = now.date() - timedelta(days=back)
    # Without a zone first: the day may have had another offset.
    return datetime(day.year, day.month, day.day, hour, minute).astimezone()


def parse_length(text: str) -> timedelta:
    """Parse a length of time that a person typed, such as `2h`. Faults: ValueError."""
    found = _AGO.fullmatch(text.strip())
    if found is None or text.strip().endswith("ago"):
        raise ValueError(text)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def exact(text: str) -> str:
    """Format an instant of the API with its date and the offset of this machine's zone."""
    at = instant(text)
    return exact_at(at) if at is not None else text


def exact_at(at: datetime, zone: tzinfo | None = None) -> str:
    """Format an instant with its date and zone: `2030-05-01 14:00:03 +02:00`. zone: local by default."""
    return f"{_local(at, zone):%Y-%m-%d %H:%M:%S} {offset(at, zone)}"


def offset(at: datetime, zone: tzinfo | None = None) -> str:
    """Format how far a zone is from UTC at an instant: `UTC`, `+02:00`. zone: local by default."""
    local = _local(at, zone)
    return local.isoformat()[-6:] if local.utcoffset() else "UTC"


def ago(at: datetime, now: datetime) -> str:
    """Format how long ago an instant was, or in how long it comes: `3 min ago`, `in 2 h`."""
    said = _roughly(abs(now - at))
    if not said:
        return "just now"
    return f"{said} ago" if at < now else f"in {said}"


def _roughly(time: timedelta) -> str:
    """Format a duration by its largest unit; empty for less than a second."""
    for seconds, unit in _ROUGH:
        if time.total_seconds() >= seconds:
            return f"{int(time.total_seconds() // seconds)} {unit}"
    return ""


def _local(at: datetime, zone: tzinfo | None) -> datetime:
    # At either end of the calendar another zone has no year left.
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at.astimezone(UTC)


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


def zoned_clock(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Format the time of day with its zone, and with the date on another day. zone: local by default."""
    return f"{clock(at, now, zone)} {offset(at, zone)}"


def known(text: str | None) -> datetime | None:
    """Parse an instant of the API; also None for one at an end of the calendar, as Go's for no time."""
    at = instant(text)
    return at if at is not None and _FIRST < at < _LAST else None


def now() -> datetime:
    """This instant, by the clock that the command was given as its context's object; else by the machine's."""
    ctx = click.get_current_context(silent=True)
    given = ctx.obj if ctx is not None else None
    return given() if callable(given) else datetime.now(UTC)
