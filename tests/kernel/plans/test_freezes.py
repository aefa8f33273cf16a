"""When freezes hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.kernel.plans.freezes import Freeze, Interval, end_of, free_at, is_over, next_of, times_of
from chalicelib.kernel.plans.work import Window

FRIDAY = datetime(2026, 7, 24, 12, tzinfo=UTC)
WEEKENDS = Window(opens="0 0 18 ? * FRI", closes="0 0 8 ? * MON", timezone="Europe/Berlin")


def freeze(during: Interval | Window, project: str = "", environment: str = "") -> Freeze:
    return Freeze(id="f", during=during, reason="r", by="ada", at=FRIDAY, project=project, environment=environment)


def hours(begins: int, ends: int) -> Interval:
    return Interval(begins=FRIDAY + timedelta(hours=begins), ends=FRIDAY + timedelta(hours=ends))


def test_an_interval_holds_from_its_first_instant_up_to_its_end() -> None:
    one = freeze(hours(0, 2))
    assert end_of(one, FRIDAY) == FRIDAY + timedelta(hours=2)
    assert end_of(one, FRIDAY + timedelta(hours=2)) is None
    assert is_over(one, FRIDAY + timedelta(hours=2))
    assert not is_over(one, FRIDAY - timedelta(hours=2))


def test_a_recurring_freeze_holds_by_the_clock_of_its_zone() -> None:
    one = freeze(WEEKENDS)
    evening = datetime(2026, 7, 24, 16, tzinfo=UTC)
    monday = datetime(2026, 7, 27, 6, tzinfo=UTC)
    assert end_of(one, evening - timedelta(seconds=1)) is None
    assert (end_of(one, evening), end_of(one, monday)) == (monday, None)
    assert next_of(one, FRIDAY) == Interval(begins=evening, ends=monday)


def test_the_next_opening_is_behind_freezes_that_follow_one_another() -> None:
    all_of_them = (freeze(hours(0, 4)), freeze(WEEKENDS), freeze(hours(90, 99)))
    assert free_at(all_of_them, FRIDAY) == datetime(2026, 7, 27, 6, tzinfo=UTC)
    assert free_at((), FRIDAY) == FRIDAY


def test_a_freeze_covers_what_it_names() -> None:
    production = freeze(hours(0, 1), environment="production")
    assert production.covers("web", "production")
    assert not production.covers("web", "test")
    assert not freeze(hours(0, 1), project="web").covers("pay", "test")
    assert freeze(hours(0, 1)).covers("pay", "test")


def test_the_times_of_a_month_are_in_order() -> None:
    month = Interval(begins=datetime(2026, 7, 25, tzinfo=UTC), ends=datetime(2026, 8, 9, tzinfo=UTC))
    days = [(one.begins.day, one.ends.day) for one in times_of(WEEKENDS, month)]
    assert days == [(25, 27), (31, 3), (7, 10)]
    assert list(times_of(hours(0, 1), month)) == []


def test_it_is_called_by_what_it_holds() -> None:
    during = hours(0, 2)
    held = [("", ""), ("web", ""), ("web", "production"), ("", "production")]

    assert [freeze(during, *one).title for one in held] == [
        "every environment",
        "every environment of web",
        "web/production",
        "production of every project",
    ]
    assert replace(freeze(during, "web"), is_stop=True).title == "the line of web"
