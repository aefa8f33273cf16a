"""The numbers of delivery by week, from attempts to deploy."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.insights.deployed_week import MOST_POINTS, DeployedWeek, Point, added, week_of, weeks_until
from chalicelib.kernel.insights.measures import Measure, measures
from tests.builders import NOON

HOUR = timedelta(hours=1)
WEEK = DeployedWeek(project="web", environment="live", application="demo/app", week="2026-06-01")
_IDS = count(1)


def point(hours: float, version: str = "1.0", lead: timedelta | None = None, *, went_well: bool = True) -> Point:
    """An attempt, some hours after Monday noon."""
    name, at = f"{next(_IDS)}.0", NOON + hours * HOUR
    return Point(id=name, at=at, went_well=went_well, run=f"run{name}", version=version, lead=lead)


def of_week(*points: Point) -> Measure:
    (found,) = measures(points, ("2026-06-01",))
    return found


def test_deployments_and_the_median_of_their_lead_times() -> None:
    found = of_week(
        point(0, lead=HOUR), point(1, "1.1", lead=3 * HOUR), point(2, "1.2", lead=8 * HOUR), point(3, "1.3")
    )
    assert (found.deployments, found.attempts, found.failed_share) == (4, 4, 0)
    assert (found.lead, found.restore, len(found.runs)) == (3 * HOUR, None, 4)


def test_a_deployment_that_fails_counts_until_one_goes_well() -> None:
    first = point(1, "1.1", went_well=False)
    found = of_week(point(0), first, point(2, "1.1", went_well=False), point(5, "1.2"))
    assert (found.deployments, found.failed, found.failed_share) == (2, 2, 0.5)
    assert (found.restore, found.failed_runs[0]) == (4 * HOUR, first.run)


def test_what_is_taken_back_has_failed_although_it_went_well() -> None:
    found = of_week(point(0), point(1, "1.1"), point(3, "1.0"))
    assert (found.deployments, found.failed, found.restore) == (3, 1, 2 * HOUR)


def test_a_failure_that_nothing_has_ended_has_no_time_to_restore() -> None:
    found = of_week(point(0), point(1, "1.1", went_well=False))
    assert (found.failed, found.restore) == (1, None)


def test_a_failure_counts_in_the_week_in_which_it_began() -> None:
    points = (point(6 * 24, "1.1", went_well=False), point(8 * 24, "1.2"))
    first, second = measures(points, ("2026-06-01", "2026-06-08"))
    assert (first.failed, first.restore, second.failed, second.restore) == (1, timedelta(days=2), 0, None)
    assert (first.deployments, second.deployments) == (0, 1)


def test_a_week_without_anything_has_no_share() -> None:
    assert of_week() == Measure(week="2026-06-01")
    assert of_week().failed_share is None


@given(st.integers(-1_000_000, 1_000_000))
def test_an_instant_is_in_the_week_of_its_monday(minutes: int) -> None:
    aware = NOON + timedelta(minutes=minutes)
    monday = datetime.fromisoformat(week_of(aware)).replace(tzinfo=NOON.tzinfo)
    assert monday.weekday() == 0
    assert monday <= aware < monday + timedelta(days=7)
    assert weeks_until(aware, 3)[-1] == week_of(aware)


@given(st.permutations((0, 60, 61, 120)), st.data())
def test_attempts_are_counted_once_and_in_order_however_they_come(order: list[int], data: st.DataObject) -> None:
    points = [Point(id=f"{one}.0", at=NOON + timedelta(seconds=one), went_well=True) for one in order]
    again = data.draw(st.lists(st.sampled_from(points), max_size=6))
    week = WEEK
    for one in [*points, *again]:
        week = added(week, one)
    assert [one.id for one in week.points] == ["0.0", "60.0", "61.0", "120.0"]


def test_a_week_that_is_full_counts_no_more() -> None:
    full = replace(WEEK, points=tuple(point(0) for _ in range(MOST_POINTS)))
    assert added(full, point(1)) is full


@pytest.mark.parametrize("version", ["", "what a client wrote"])
def test_versions_that_cannot_be_compared_take_nothing_back(version: str) -> None:
    assert of_week(point(0, "1.1"), point(1, version)).failed == 0
