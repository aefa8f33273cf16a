"""Instants as clients write and read them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dialects.buildmaster.instants import read_local_time, shown_instant
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.local_time import instant_of

NOON = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")
SECONDS = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1)).map(  # noqa: DTZ001 - bounds
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-02-03T04:05:06Z", "2026-02-03T04:05:06"),
        ("2026-02-03T04:05:06.1234567Z", "2026-02-03T04:05:06"),
        ("2026-02-03 04:05", "2026-02-03T03:05:00"),
        ("2026-07-03 04:05", "2026-07-03T02:05:00"),
        ("2026-2-3 4:05 pm +01:00", "2026-02-03T15:05:00"),
        ("2026-02-03", "2026-02-02T23:00:00"),
        ("2026-02-03Z", "2026-02-03T00:00:00"),
        ("2026-02-03-0500", "2026-02-03T05:00:00"),
        ("17:30", "2026-01-05T16:30:00"),
        ("17:30 UTC", "2026-01-05T17:30:00"),
        ("12:00 AM", "2026-01-04T23:00:00"),
        ("12:00 PM", "2026-01-05T11:00:00"),
        ("08:00+9", "2026-01-04T23:00:00"),
    ],
)
def test_what_is_left_out_is_today_midnight_and_the_zone_of_the_server(text: str, meant: str) -> None:
    assert shown_instant(instant_of(read_local_time(text, "startTime"), NOON, BERLIN)) == meant


def test_today_is_that_of_the_zone() -> None:
    late = datetime(2026, 1, 5, 20, tzinfo=UTC)

    assert shown_instant(instant_of(read_local_time("09:00", "startTime"), late, TOKYO)) == "2026-01-06T00:00:00"


@pytest.mark.parametrize(
    "text", ["", "soon", "Z", "2026", "2026-13-01", "25:00", "13:00 PM", "10:00+99:00", "0001-01-01", "٢٠٢٦-01-01"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="startTime: should be a date, a time or both"):
        read_local_time(text, "startTime")


def test_no_instant_is_shown_as_null() -> None:
    assert shown_instant(None) is None


@given(SECONDS, st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_the_same_in_whatever_zone_it_is_written(at: datetime, minutes: int) -> None:
    written = at.astimezone(timezone(timedelta(minutes=minutes)))

    for text in (written.isoformat(), written.isoformat(sep=" "), f"{shown_instant(at)}Z"):
        assert instant_of(read_local_time(text, "startTime"), NOON, BERLIN) == at
