"""Points in time as people write them: the date, the time or the zone may be left out."""

from datetime import UTC, date, datetime, time, tzinfo

from slipway_formats.frozen import frozen


@frozen
class LocalTime:
    """A date, a time or both. clock: the time of day. offset: the zone that was written, if one was."""

    day: date | None = None
    clock: time | None = None
    offset: tzinfo | None = None


def instant_of(written: LocalTime, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a written time. Defaults: today, midnight, the zone."""
    place = written.offset or zone
    day = written.day or now.astimezone(place).date()
    return datetime.combine(day, written.clock or time(), place).astimezone(UTC)
