"""Quartz cron expressions: parsing, and the next fire time in a time zone.

Several expressions are joined by `;`: the earliest counts. Local times in a spring gap do not exist; of a time that
occurs twice in autumn the second is used, as in Quartz. Syntax of single fields: quartz_fields.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import quartz_fields as fields
from chalicelib.kernel.plans.quartz_fields import DayRule, Word
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

MAX_LENGTH = 2000
"""The longest schedule, in characters."""

_SECOND = timedelta(seconds=1)
# No zone has been over a day away from UTC, so nothing before this can be followed by a fire that this misses.
_DAWN = datetime(fields.FIRST_YEAR - 1, 12, 30, tzinfo=UTC)
_WORDS = "second minute hour day-of-month month day-of-week [year]"
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
_NO_ZONES = frozenset({"localtime", "posixrules", "posix", "right"})
"""Files and folders beside the zones, which mean another time on every machine, or are not on each."""

_Read = TypeVar("_Read")


@frozen
class Expression:
    """One parsed cron expression. Numbers are ascending."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: DayRule
    months: tuple[int, ...]
    years: tuple[int, ...]


@frozen
class Schedule:
    """One or more expressions; due whenever one of them is. expressions: in the order written."""

    expressions: tuple[Expression, ...]


def parse(text: str) -> Schedule:
    """Parse the text of a schedule. Faults: Invalid, with field and position of every defect."""
    if len(text) > MAX_LENGTH:
        raise Invalid.single("", f"cron expression is over {MAX_LENGTH} characters")
    if not text.isascii():  # upper() would turn some foreign letters into ours
        raise Invalid.single("", "cron expression has characters outside ASCII")
    expressions: list[Expression] = []
    defects: list[Defect] = []
    for part in re.finditer(r"[^;]*[^;\s][^;]*", text.upper()):
        expressions.extend(_expression(_words(part), defects))
    if not expressions and not defects:
        raise Invalid.single("", "cron expression is empty")
    if defects:
        raise Invalid(tuple(defects))
    return Schedule(expressions=tuple(expressions))


def next_after(schedule: Schedule, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """The first fire time strictly after an aware instant, in UTC; None if it never fires again."""
    fires = (_next_of(expression, instant, zone) for expression in schedule.expressions)
    return min((fire for fire in fires if fire is not None), default=None)


def zone_named(name: str) -> ZoneInfo:
    """Look up a time zone by its IANA name. Faults: Invalid."""
    if _ZONE_NAME.fullmatch(name) and not _NO_ZONES & set(name.lower().split("/")):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # an OSError when the name is that of a folder of zones
            pass
    raise Invalid.single("", f"no time zone {name[:64]!r}")


def _words(part: re.Match[str]) -> list[Word]:
    return [Word(text=w[0], position=part.start() + w.start() + 1) for w in re.finditer(r"\S+", part[0])]


def _expression(words: list[Word], defects: list[Defect]) -> tuple[Expression, ...]:
    """Parse one expression. On a defect, return () and append to `defects`."""
    if len(words) not in (6, 7):
        which = f"expression at position {words[0].position}"
        defects.append(Defect("", f"{which} has {len(words)} fields, not 6 or 7: {_WORDS}"))
        return ()
    second, minute, hour, of_month, month, of_week, *year = words
    seconds = _kept(lambda: fields.read_values(fields.SECOND, second), defects)
    minutes = _kept(lambda: fields.read_values(fields.MINUTE, minute), defects)
    hours = _kept(lambda: fields.read_values(fields.HOUR, hour), defects)
    days = _kept(lambda: _days(of_month, of_week), defects)
    months = _kept(lambda: fields.read_values(fields.MONTH, month), defects)
    years = _kept(lambda: fields.read_years(year[0] if year else None), defects)
    if not (seconds and minutes and hours and days and months and years):
        return ()
    return (Expression(seconds=seconds, minutes=minutes, hours=hours, days=days, months=months, years=years),)


def _kept(read: Callable[[], _Read], defects: list[Defect]) -> _Read | None:
    try:
        return read()
    except Invalid as fault:
        defects.extend(fault.defects)
        return None


def _days(of_month: Word, of_week: Word) -> DayRule:
    match of_month.text == "?", of_week.text == "?":
        case True, False:
            return fields.read_day_of_week(of_week)
        case False, True:
            return fields.read_day_of_month(of_month)
        case _:
            place = f"day-of-month at position {of_month.position} and day-of-week at position {of_week.position}"
            raise Invalid.single("", f"{place}: exactly one of the two must be ?")


def _next_of(expression: Expression, instant: datetime, zone: ZoneInfo) -> datetime | None:
    if instant.year > fields.FARTHEST_YEAR:
        return None
    # The clock on the wall goes on from what it shows: what it shows twice is due the second time, if still to come.
    shown = max(instant, _DAWN).astimezone(zone).replace(tzinfo=None, microsecond=0)
    while (local := _following(expression, shown + _SECOND)) is not None:
        fire = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if fire.astimezone(zone).replace(tzinfo=None) == local:
            return fire
        shown = _gap_end(local, zone) - _SECOND
    return _in_second_pass(expression, instant, zone)


def _in_second_pass(expression: Expression, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """The first fire time of the second pass, asked during the first pass of an hour that comes twice."""
    here = instant.astimezone(zone)
    shown, length = here.replace(tzinfo=None, microsecond=0), _overlap(here)
    if here.fold or length <= timedelta():
        return None
    local = _following(expression, shown - length)
    while local is not None and local <= shown:
        again = local.replace(tzinfo=zone, fold=1)
        if _overlap(again) and again.astimezone(UTC) > instant:
            return again.astimezone(UTC)
        local = _following(expression, local + _SECOND)
    return None


def _overlap(moment: datetime) -> timedelta:
    """How much later the second of two instants with this local time is; zero or less if it comes once."""
    first, second = (moment.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return first - second


def _gap_end(local: datetime, zone: ZoneInfo) -> datetime:
    """The local time right after the spring gap that contains this one."""
    late, early = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    after = late.astimezone(zone).utcoffset()
    seconds = range(int((late - early).total_seconds()) + 1)
    first = bisect_left(seconds, 1, key=lambda n: (early + n * _SECOND).astimezone(zone).utcoffset() == after)
    return (early + first * _SECOND).astimezone(zone).replace(tzinfo=None)


def _following(expression: Expression, start: datetime) -> datetime | None:
    """The first local time at or after `start` that matches the fields."""
    for day in _days_from(expression, start.date()):
        moment = _time_from(expression, start.time() if day == start.date() else time.min)
        if moment is not None:
            return datetime.combine(day, moment)
    return None


def _days_from(expression: Expression, start: date) -> Iterator[date]:
    for year in expression.years[bisect_left(expression.years, start.year) :]:
        earliest = start.month if year == start.year else 1
        for month in expression.months[bisect_left(expression.months, earliest) :]:
            days = (date(year, month, day) for day in fields.days_in(expression.days, year, month))
            yield from (day for day in days if day >= start)


def _time_from(expression: Expression, floor: time) -> time | None:
    for hour in expression.hours[bisect_left(expression.hours, floor.hour) :]:
        is_floor = hour == floor.hour
        for minute in expression.minutes[bisect_left(expression.minutes, floor.minute if is_floor else 0) :]:
            least = floor.second if is_floor and minute == floor.minute else 0
            for second in expression.seconds[bisect_left(expression.seconds, least) :]:
                return time(hour, minute, second)
    return None
