"""Instants of the API as people read them: however a client of the state wrote them, and in whichever zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from slipway.cli.show.times import ago, exact_at, known, parse_instant

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-20T10:00:00.028045618Z", 10),
        ("2026-11-20t10:00:00.5z", 10),
        ("0001-01-01T00:00:00+02:00", None),
        ("9999-12-31T23:59:59-02:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_an_instant_is_read_however_a_client_wrote_it(text: str | None, hour: int | None) -> None:
    at = known(text)

    assert (at.hour if at is not None else None) == hour


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "just now"),
        (-12, "12 s ago"),
        (-200, "3 min ago"),
        (-7300, "2 h ago"),
        (-400_000, "4 d ago"),
        (90, "in 1 min"),
        (172_800, "in 2 d"),
    ],
)
def test_a_list_says_how_long_ago(seconds: int, said: str) -> None:
    assert ago(NOW + timedelta(seconds=seconds), NOW) == said


def test_an_exact_time_names_its_zone() -> None:
    assert exact_at(NOW, UTC) == "2026-11-20 12:00:00 UTC"
    assert exact_at(NOW, timezone(timedelta(hours=-3, minutes=-30))) == "2026-11-20 08:30:00 -03:30"
    assert exact_at(datetime.min.replace(tzinfo=UTC), timezone(timedelta(hours=-3))).endswith("-01-01 00:00:00 UTC")


@pytest.mark.parametrize(
    ("typed", "day", "hour"),
    [
        ("Monday", 16, 0),
        ("mon 14:30", 16, 14),
        ("friday", 20, 0),
        ("Saturday", 14, 0),
        ("today", 20, 0),
        ("yesterday 9:05", 19, 9),
    ],
)
def test_a_day_that_was_is_understood_by_its_name(typed: str, day: int, hour: int) -> None:
    at = parse_instant(typed, NOW).astimezone()
    assert (at.year, at.month, at.day, at.hour) == (2026, 11, day, hour)


@pytest.mark.parametrize("typed", ["mo", "Mittwoch", "monday 25:00", "tomorrow", ""])
def test_what_is_no_day_is_no_instant(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_instant(typed, NOW)
