"""Quartz cron, held to what the real Quartz answered.

Where the product departs from Quartz it does so on purpose; every row of category "quirk" is decided here by name:
- `MON-FRI/2`: the step is honoured, as after numbers, so it means `2-6/2`.
- `15W,16`, `1/0`, `10-5-3`, an eighth field and the year `20x6` are refused: Quartz takes them by accident.
- `0 0 11 ? * *;0 0 12 ? * *`: split at the semicolon, both are due; Quartz alone would never fire.
Written years are 1970 to 2099, so 2100 is refused although Quartz takes it; an expression without a year is followed
further, so that the row whose third Feb 29 falls in 2112 holds as it stands.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.quartz import MAX_LENGTH, next_after, parse, zone_named

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "quartz-vectors.json").read_text())
DECIDED = {
    "0 0 9 ? * MON-FRI/2": "0 0 9 ? * 2-6/2",
    "0 0 11 ? * *;0 0 12 ? * *": "0 0 11,12 ? * *",
    "0 0 12 * * ? 20x6": None,
    "0 0 12 10-5-3 * ?": None,
    "0 0 12 15W,16 * ?": None,
    "0 0 12 * * ? * extra": None,
    "0 0 12 1/0 * ?": None,
}
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def next_fire(text: str, instant: datetime, zone: str) -> datetime | None:
    return next_after(parse(text), instant, zone_named(zone))


def fires(text: str, start: datetime, zone_name: str, count: int) -> list[datetime]:
    schedule, zone, found = parse(text), ZoneInfo(zone_name), list[datetime]()
    while len(found) < count and (fire := next_after(schedule, found[-1] if found else start, zone)):
        found.append(fire)
    return found


def described(vector: dict[str, Any]) -> str:
    return f"{vector['category']}: {vector['expression']} in {vector['timezone']}"


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["valid"] and v["category"] != "quirk"], ids=described)
def test_a_valid_expression_fires_when_quartz_fires(vector: dict[str, Any]) -> None:
    expected = [datetime.fromisoformat(fire) for fire in vector["next"]]
    start = datetime.fromisoformat(vector["from"])
    assert fires(vector["expression"], start, vector["timezone"], max(1, len(expected))) == expected


@pytest.mark.parametrize("vector", [v for v in VECTORS if not v["valid"]], ids=described)
def test_what_quartz_refuses_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        parse(vector["expression"])


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["category"] == "quirk"], ids=described)
def test_an_accident_of_quartz_is_refused_or_means_what_it_says(vector: dict[str, Any]) -> None:
    meaning = DECIDED[vector["expression"]]
    start = datetime.fromisoformat(vector["from"])
    if meaning is None:
        with pytest.raises(Invalid):
            parse(vector["expression"])
    else:
        expected = fires(meaning, start, vector["timezone"], 8)
        assert fires(vector["expression"], start, vector["timezone"], 8) == expected


def test_the_nearest_weekday_of_the_31st_is_due_only_in_months_that_have_a_31st() -> None:
    found = fires("0 0 12 31W * ?", datetime(2027, 4, 1, tzinfo=UTC), "UTC", 3)
    assert [fire.date().isoformat() for fire in found] == ["2027-05-31", "2027-07-30", "2027-08-31"]


@pytest.mark.parametrize("year", ["1969", "2100", "2098-2100", "2027-2026", "0"])
def test_years_outside_1970_to_2099_or_running_backwards_are_refused(year: str) -> None:
    with pytest.raises(Invalid):
        parse(f"0 0 12 * * ? {year}")


@pytest.mark.parametrize(
    "text",
    [
        "0/60 * * * * ?",
        "* 0/60 * * * ?",
        "* * 0/24 * * ?",
        "0 0 0 1/32 * ?",
        "0 0 0 1 1/13 ?",
        "0 0 0 ? * 1/8",
        "0 0 0 L,W * ?",
        "0 0 0 W * ?",
        "0 0 0 ? * LW",
        "0 0 0 ? * 6#3/2",
        "? 0 0 * * ?",
        "0 0 0 1,? * *",
        "0 0 0 / * ?",
        "0 0 0 1, * ?",
        "0 0 0 -1 * ?",
        "0 0 0 99999999999999999999 * ?",
        "0 0 0 ? * \u017fUN",
        "0 0 0 ٣ * ?",
        "0" * (MAX_LENGTH + 1),
        ";;;",
    ],
)
def test_what_the_grammar_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse(text)


def test_every_defect_is_told_with_its_field_and_position_in_the_whole_text() -> None:
    with pytest.raises(Invalid) as caught:
        parse("0 61 12,24 * * ?; 0 0 12 * * ; 0 0 12 ? FOO MON#9")
    assert [defect.message for defect in caught.value.defects] == [
        "minute at position 3: 61 is not 0 to 59",
        "hour at position 9: 24 is not 0 to 23",
        "expression at position 19 has 5 fields, not 6 or 7: second minute hour day-of-month month day-of-week [year]",
        "day-of-week at position 45: the number after # is not 1 to 5",
        "month at position 41: 'FOO' is not a name of a month",
    ]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("0 0 9 ? * FRI-MON", "0 0 9 ? * 1,2,6,7"),
        ("0 0 9 ? nov-feb mon", "0 0 9 ? 1,2,11,12 2"),
        ("0 0 9 ? * MON/2", "0 0 9 ? * 2,4,6"),
        ("\t0  0 9 *,3 * ? ", "0 0 9 * * ? *"),
        ("00 000 09 01 01 ?", "0 0 9 1 1 ?"),
    ],
)
def test_two_spellings_mean_the_same(text: str, meaning: str) -> None:
    assert parse(text) == parse(meaning)


@pytest.mark.parametrize(
    "text", ["0 0 0 30 2 ?", "0 0 0 30 2 ?;0 0 0 31 4,6 ?", "0 0 0 1 1 ? 2025", "0 30 2 8 3 ? 2026"]
)
def test_an_expression_that_never_fires_again_says_so(text: str) -> None:
    assert next_fire(text, NEW_YEAR, "America/New_York") is None


def test_nothing_is_due_after_the_last_year_and_nothing_before_the_first() -> None:
    assert next_fire("* * * * * ?", datetime.max.replace(tzinfo=UTC), "Asia/Tokyo") is None
    assert next_fire("* * * * * ?", datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC), "UTC") is None
    assert next_fire("* * * * * ?", datetime.min.replace(tzinfo=UTC), "UTC") == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_sparse_expression_is_found_at_once() -> None:
    found = next_fire("59 59 23 29 FEB ? 2096", NEW_YEAR, "Australia/Lord_Howe")
    assert found == datetime(2096, 2, 29, 12, 59, 59, tzinfo=UTC)


def test_a_schedule_of_every_second_goes_on_right_after_the_gap() -> None:
    start = datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC)
    assert next_fire("* * * * * ?", start, "America/New_York") == start + timedelta(seconds=1)
    assert next_fire("1 * 2-3 * * ?", start, "America/New_York") == start + timedelta(seconds=2)
    skipped_day = datetime(2011, 12, 30, 9, 59, 59, tzinfo=UTC)
    assert next_fire("* * * * * ?", skipped_day, "Pacific/Apia") == skipped_day + timedelta(seconds=1)


def test_a_schedule_inside_the_gap_of_every_year_never_fires_and_is_seen_through_at_once() -> None:
    assert next_fire("* * 2 ? 3 1#2", NEW_YEAR, "America/New_York") is None


def test_the_instant_itself_and_fractions_of_its_second_are_past() -> None:
    assert next_fire("* * * * * ?", NEW_YEAR, "UTC") == NEW_YEAR + timedelta(seconds=1)
    assert next_fire("* * * * * ?", NEW_YEAR + timedelta(microseconds=1), "UTC") == NEW_YEAR + timedelta(seconds=1)


NO_ZONES = ("localtime", "posixrules", "posix/Europe/Oslo", "right/UTC")


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "America", "UTC\0", "A" * 9999, *NO_ZONES]
)
def test_an_unknown_time_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(Invalid, match="no time zone"):
        zone_named(name)


def test_an_old_name_of_a_zone_is_taken() -> None:
    assert zone_named("Europe/Kiev").key == "Europe/Kiev"


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        ("29 5 2 23 2 ? 2025", "Africa/Casablanca", "2025-02-23T02:45:10+01:00", "2025-02-23T02:05:29+00:00"),
        ("0 0 2 23 2 ? 2025", "Africa/Casablanca", "2025-02-23T02:59:59+01:00", "2025-02-23T02:00:00+00:00"),
        ("0 30 1 2 11 ? 2025", "America/New_York", "2025-11-02T01:45:00-04:00", "2025-11-02T01:30:00-05:00"),
        ("0 30 1 2 11 ? 2025", "America/New_York", "2025-11-02T01:30:00-04:00", "2025-11-02T01:30:00-05:00"),
        ("0 30 1 2 11 ? 2025", "America/New_York", "2025-11-02T01:45:00-05:00", None),
        ("0 30 0 2 11 ? 2025", "America/New_York", "2025-11-02T01:45:00-04:00", None),
        ("0 30 1 2 11 ? 2025", "America/New_York", "2025-11-02T02:00:00-05:00", None),
        ("0 45 1 6 4 ? 2025", "Australia/Lord_Howe", "2025-04-06T01:50:00+11:00", "2025-04-06T01:45:00+10:30"),
        ("0 15 1 6 4 ? 2025", "Australia/Lord_Howe", "2025-04-06T01:50:00+11:00", None),
    ],
)
def test_in_an_hour_that_comes_twice_the_second_pass_is_still_to_come(
    cron: str, zone: str, after: str, expected: str | None
) -> None:
    fire = next_fire(cron, datetime.fromisoformat(after), zone)
    assert fire == (datetime.fromisoformat(expected) if expected else None)
