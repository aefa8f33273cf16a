"""Laws of Quartz schedules, against an oracle that looks at every second of the clock on the wall."""

from __future__ import annotations

from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.quartz import next_after, parse

SECOND = timedelta(seconds=1)
ZONES = st.sampled_from(
    ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"]
)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds
    lambda instant: instant.replace(microsecond=0)
)
CHANGES = st.sampled_from(
    [
        datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York, spring
        datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York, autumn
        datetime(2026, 3, 29, 1, tzinfo=UTC),  # Berlin, spring
        datetime(2026, 10, 25, 1, tzinfo=UTC),  # Berlin, autumn
        datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # Lord Howe, spring, half an hour
        datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe, autumn, half an hour
        datetime(2026, 9, 6, 4, tzinfo=UTC),  # Santiago, spring, at midnight
        datetime(2026, 4, 5, 3, tzinfo=UTC),  # Santiago, autumn, at midnight
    ]
)
AROUND_CHANGES = st.builds(lambda change, seconds: change + seconds * SECOND, CHANGES, st.integers(-2 * 3600, 2 * 3600))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """An expression as plain sets, with no ranges to misread."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]

    def text(self) -> str:
        numbers = (",".join(map(str, sorted(values))) for values in (self.seconds, self.minutes, self.hours))
        return f"{' '.join(numbers)} * * ?"

    def hold(self, local: datetime) -> bool:
        return local.second in self.seconds and local.minute in self.minutes and local.hour in self.hours


def some_of(high: int) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(0, high), min_size=1, max_size=6)


FIELDS = st.builds(Fields, seconds=some_of(59), minutes=some_of(59), hours=st.just(frozenset(range(24))) | some_of(23))
DAYS = st.one_of(
    st.integers(1, 31).map(lambda day: (f"{day}", "?")),
    st.integers(1, 31).map(lambda day: (f"{day}W", "?")),
    st.integers(0, 30).map(lambda before: (f"L-{before}", "?")),
    st.integers(0, 30).map(lambda before: (f"L-{before}W", "?")),
    st.integers(1, 7).map(lambda weekday: ("?", f"{weekday}")),
    st.integers(1, 7).map(lambda weekday: ("?", f"{weekday}L")),
    st.tuples(st.integers(1, 7), st.integers(1, 5)).map(lambda pair: ("?", f"{pair[0]}#{pair[1]}")),
)


def nearest_weekday(day: date) -> date:
    length = monthrange(day.year, day.month)[1]
    weekdays = [day.replace(day=n) for n in range(1, length + 1) if day.replace(day=n).weekday() < 5]
    return min(weekdays, key=lambda other: abs((other - day).days))


def is_meant(day: date, of_month: str, of_week: str) -> bool:
    """Answers by looking at one day alone, in other words than the kernel's."""
    length = monthrange(day.year, day.month)[1]
    if of_week != "?":
        if day.isoweekday() % 7 + 1 != int(of_week[0]):
            return False
        if of_week.endswith("L"):
            return day.day + 7 > length
        return "#" not in of_week or (day.day + 6) // 7 == int(of_week[-1])
    bare = of_month.removesuffix("W")
    number = length - int(bare[2:]) if bare.startswith("L-") else int(bare)
    if not 1 <= number <= length:
        return False
    target = day.replace(day=number)
    return day == (nearest_weekday(target) if of_month.endswith("W") else target)


def is_first_of_two(local: datetime) -> bool:
    return not local.fold and local.utcoffset() != local.replace(fold=1).utcoffset()


def by_looking_at_every_second(wanted: Fields, instant: datetime, zone: ZoneInfo, limit: datetime) -> datetime | None:
    shown = instant.astimezone(zone).replace(tzinfo=None)
    moment = instant + SECOND
    while moment <= limit:
        local = moment.astimezone(zone)
        if wanted.hold(local) and not is_first_of_two(local) and local.replace(tzinfo=None) > shown:
            return moment
        moment += SECOND
    return None


@settings(deadline=None, max_examples=200)
@given(FIELDS, ZONES, AROUND_CHANGES)
def test_the_next_fire_is_the_one_found_by_looking_at_every_second(
    wanted: Fields, zone_name: str, instant: datetime
) -> None:
    zone, limit = ZoneInfo(zone_name), instant + timedelta(hours=3)
    found = next_after(parse(wanted.text()), instant, zone)
    assert by_looking_at_every_second(wanted, instant, zone, limit) == (found if found and found <= limit else None)


@settings(deadline=None)
@given(DAYS, ZONES, INSTANTS)
def test_days_are_those_found_by_looking_at_every_day(days: tuple[str, str], zone_name: str, instant: datetime) -> None:
    zone = ZoneInfo(zone_name)
    found = next_after(parse(f"0 0 12 {days[0]} * {days[1]}"), instant, zone)
    assert found is not None
    assert found > instant
    noon = found.astimezone(zone)
    assert (noon.hour, noon.minute, noon.second) == (12, 0, 0)
    assert is_meant(noon.date(), *days)
    start = instant.astimezone(zone)
    first = start.date() + timedelta(days=int(start.hour >= 12))
    between = (first + timedelta(days=n) for n in range((noon.date() - first).days))
    assert not any(is_meant(day, *days) for day in between)


@settings(deadline=None)
@given(st.lists(FIELDS, min_size=1, max_size=4), ZONES, INSTANTS | AROUND_CHANGES)
def test_several_expressions_are_due_at_the_earliest_of_them(
    parts: list[Fields], zone_name: str, instant: datetime
) -> None:
    zone = ZoneInfo(zone_name)
    alone = [next_after(parse(part.text()), instant, zone) for part in parts]
    together = next_after(parse(" ; ".join(part.text() for part in parts)), instant, zone)
    assert together == min(fire for fire in alone if fire is not None)


@settings(deadline=None)
@given(FIELDS, ZONES, INSTANTS | AROUND_CHANGES, st.integers(0, 999))
def test_until_it_fires_the_next_fire_stays_what_it_is(
    wanted: Fields, zone_name: str, instant: datetime, thousandths: int
) -> None:
    # Save in the first round of an hour that the clock shows twice: there Quartz goes on from what the clock shows.
    schedule, zone = parse(wanted.text()), ZoneInfo(zone_name)
    fire = next_after(schedule, instant, zone)
    assert fire is not None
    assert fire > instant
    later = instant + (fire - instant) * thousandths // 1000
    if not is_first_of_two(instant.astimezone(zone)) and not is_first_of_two(later.astimezone(zone)):
        assert next_after(schedule, later, zone) == fire


@settings(deadline=None)
@given(st.text(alphabet="0123456789*?/-,LW#; MONFRI", max_size=40))
def test_any_text_is_a_schedule_or_is_refused(text: str) -> None:
    with suppress(Invalid):
        next_after(parse(text), datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
