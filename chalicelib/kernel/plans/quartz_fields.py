"""The fields of a Quartz cron expression: syntax and the values they stand for.

Combining fields is in quartz.py. Source: Quartz 2.3 CronExpression, without its accidents (a step after named days is
honoured; lists of W, zero steps and trailing words are refused).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import assert_never

from chalicelib.kernel.faults import Invalid
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

FIRST_YEAR, LAST_YEAR = 1970, 2099
"""The years that may be written."""

FARTHEST_YEAR = 2199
"""How far an expression without a year is followed: Feb 29 falls on a given weekday once in 40 years at worst."""


def _numbered(names: tuple[str, ...]) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(names, start=1)}


@frozen
class Field:
    """The syntax of one field. A range that runs backwards wraps around, except among years."""

    name: str
    low: int
    high: int
    largest_step: int
    names: Mapping[str, int] = field(default_factory=dict)
    wraps: bool = True


@frozen
class Word:
    """The text of a field, in upper case. position: of its first character in the whole text, from 1."""

    text: str
    position: int


@frozen
class DaysOfMonth:
    """Matches these days, in months that have them. days: ascending."""

    days: tuple[int, ...]


@frozen
class LastDay:
    """Matches `before` days ahead of a month's last day; with `to_weekday`, moved to the nearest Mon-Fri."""

    before: int
    to_weekday: bool


@frozen
class NearestWeekday:
    """Matches the Mon-Fri nearest to this day within the month, in months that have the day."""

    day: int


@frozen
class Weekdays:
    """Matches these days of every week. weekdays: 1 is Sunday, 7 is Saturday."""

    weekdays: tuple[int, ...]


@frozen
class LastWeekday:
    """Matches the last such weekday of a month. weekday: 1 is Sunday, 7 is Saturday."""

    weekday: int


@frozen
class NthWeekday:
    """Matches the nth such weekday, in months that have it. weekday: 1 is Sunday, 7 is Saturday."""

    weekday: int
    nth: int


DayRule = DaysOfMonth | LastDay | NearestWeekday | Weekdays | LastWeekday | NthWeekday

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

SECOND = Field(name="second", low=0, high=59, largest_step=59)
MINUTE = Field(name="minute", low=0, high=59, largest_step=59)
HOUR = Field(name="hour", low=0, high=23, largest_step=23)
DAY_OF_MONTH = Field(name="day-of-month", low=1, high=31, largest_step=31)
MONTH = Field(name="month", low=1, high=12, largest_step=12, names=_numbered(_MONTHS))
DAY_OF_WEEK = Field(name="day-of-week", low=1, high=7, largest_step=7, names=_numbered(_DAYS))
YEAR = Field(name="year", low=FIRST_YEAR, high=LAST_YEAR, largest_step=LAST_YEAR - FIRST_YEAR, wraps=False)

_END = "[A-Z]{3}|[0-9]{1,4}"
_ITEM = re.compile(rf"(?=[^/])(?:\*|(?P<start>{_END})(?:-(?P<end>{_END}))?)(?:/(?P<step>[0-9]{{1,4}}))?")
_LAST_DAY = re.compile(r"L(?:-([0-9]{1,2}))?(W)?")
_NEAREST = re.compile(r"([0-9]{1,2})W")
_SPECIAL_WEEKDAY = re.compile(rf"({_END})(?:L|#([0-9]+))")


def read_values(kind: Field, word: Word) -> tuple[int, ...]:
    """Parse a list of items to values, ascending. Faults: Invalid, with every wrong item."""
    values: set[int] = set()
    defects: list[Defect] = []
    position = word.position
    for item in word.text.split(","):
        try:
            values.update(_item_values(kind, Word(text=item, position=position)))
        except Invalid as fault:
            defects.extend(fault.defects)
        position += len(item) + 1
    if defects:
        raise Invalid(tuple(defects))
    return tuple(sorted(values))


def read_years(word: Word | None) -> tuple[int, ...]:
    """Parse the year field, which may be missing. Faults: Invalid."""
    if word is None or word.text == "*":
        return tuple(range(FIRST_YEAR, FARTHEST_YEAR + 1))
    return read_values(YEAR, word)


def read_day_of_month(word: Word) -> DayRule:
    """Parse a day-of-month field other than `?`. Faults: Invalid."""
    if match := _LAST_DAY.fullmatch(word.text):
        before = int(match[1] or 0)
        if before > 30:
            raise _misread(DAY_OF_MONTH, word, f"{before} days before the last is over 30")
        return LastDay(before=before, to_weekday=match[2] is not None)
    if match := _NEAREST.fullmatch(word.text):
        return NearestWeekday(day=_number(DAY_OF_MONTH, word, match[1]))
    return DaysOfMonth(days=read_values(DAY_OF_MONTH, word))


def read_day_of_week(word: Word) -> DayRule:
    """Parse a day-of-week field other than `?`. Faults: Invalid."""
    if word.text == "L":
        return Weekdays(weekdays=(7,))
    if match := _SPECIAL_WEEKDAY.fullmatch(word.text):
        weekday = _number(DAY_OF_WEEK, word, match[1])
        if match[2] is None:
            return LastWeekday(weekday=weekday)
        if match[2] not in set("12345"):
            raise _misread(DAY_OF_WEEK, word, "the number after # is not 1 to 5")
        return NthWeekday(weekday=weekday, nth=int(match[2]))
    return Weekdays(weekdays=read_values(DAY_OF_WEEK, word))


def days_in(rule: DayRule, year: int, month: int) -> tuple[int, ...]:
    """The days of a month that a rule matches, ascending."""
    first, length = date(year, month, 1).isoweekday(), monthrange(year, month)[1]
    match rule:
        case DaysOfMonth(days=days):
            return tuple(day for day in days if day <= length)
        case LastDay(before=before, to_weekday=to_weekday):
            day = length - before
            return (_to_weekday(day, first, length) if to_weekday else day,) if day >= 1 else ()
        case NearestWeekday(day=day):
            return (_to_weekday(day, first, length),) if day <= length else ()
        case Weekdays(weekdays=weekdays):
            return tuple(day for day in range(1, length + 1) if (first + day - 1) % 7 + 1 in weekdays)
        case LastWeekday(weekday=weekday):
            return _all_of(weekday, first, length)[-1:]
        case NthWeekday(weekday=weekday, nth=nth):
            return _all_of(weekday, first, length)[nth - 1 : nth]
        case _:
            assert_never(rule)


def _all_of(weekday: int, first: int, length: int) -> tuple[int, ...]:
    return tuple(range((weekday - 1 - first) % 7 + 1, length + 1, 7))


def _to_weekday(day: int, first: int, length: int) -> int:
    match (first + day - 2) % 7:  # Monday is 0
        case 5:
            return day - 1 if day > 1 else day + 2
        case 6:
            return day + 1 if day < length else day - 2
        case _:
            return day


def _item_values(kind: Field, item: Word) -> range | list[int]:
    match = _ITEM.fullmatch(f"*{item.text}" if item.text.startswith("/") else item.text)
    if match is None:
        raise _misread(kind, item, f"{item.text[:20]!r} is not understood")
    step = int(match["step"] or 1)
    if not 1 <= step <= kind.largest_step:
        raise _misread(kind, item, f"step {step} is not 1 to {kind.largest_step}")
    start = _number(kind, item, match["start"] or str(kind.low))
    if match["end"] is None:
        is_single = match["start"] is not None and match["step"] is None
        return range(start, (start if is_single else kind.high) + 1, step)
    return _range_values(kind, item, (start, _number(kind, item, match["end"])), step)


def _range_values(kind: Field, item: Word, ends: tuple[int, int], step: int) -> range | list[int]:
    start, end = ends
    if start <= end:
        return range(start, end + 1, step)
    if not kind.wraps:
        raise _misread(kind, item, f"range {start}-{end} runs backwards")
    size = kind.high - kind.low + 1
    return [(value - kind.low) % size + kind.low for value in range(start, end + size + 1, step)]


def _number(kind: Field, item: Word, text: str) -> int:
    value = kind.names.get(text) if text.isalpha() else int(text)
    if value is None:
        raise _misread(kind, item, f"{text!r} is not a name of a {kind.name}")
    if not kind.low <= value <= kind.high:
        raise _misread(kind, item, f"{value} is not {kind.low} to {kind.high}")
    return value


def _misread(kind: Field, word: Word, why: str) -> Invalid:
    return Invalid.single("", f"{kind.name} at position {word.position}: {why}")
