"""The contract of the port Insights: the fake and the store keep it alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.insights.deployed_week import DeployedWeek, Point
from chalicelib.store.insights.insights import StoredInsights
from chalicelib.use_cases.ports.insights import Insights
from tests.builders import NOON
from tests.fakes.insights import FakeInsights
from tests.fakes.world import Identifiers

POINT = Point(id="7.0", at=NOON, went_well=True, run="run1", release="a/b-v1.0", version="1.0", lead=timedelta(hours=1))
WEEK = DeployedWeek(project="web", environment="live", application="a/b", week="2026-06-01", points=(POINT,))


@pytest.fixture(params=["fake", "store"])
def insights(request: pytest.FixtureRequest) -> Insights:
    if request.param == "fake":
        return FakeInsights()
    return StoredInsights(tables=request.getfixturevalue("tables"), identifier=Identifiers("commit"))


def test_a_week_is_new_until_it_is_saved(insights: Insights) -> None:
    assert insights.week(WEEK) == replace(WEEK, points=())
    insights.save(WEEK)
    assert insights.week(replace(WEEK, points=())) == replace(WEEK, version=1)


def test_of_two_that_save_on_one_version_one_is_stale(insights: Insights) -> None:
    insights.save(WEEK)
    with pytest.raises(Stale):
        insights.save(WEEK)


def test_weeks_are_found_by_project_environment_and_monday(insights: Insights) -> None:
    weeks = [
        WEEK,
        replace(WEEK, week="2026-06-08"),
        replace(WEEK, application="a/c"),
        replace(WEEK, week="2026-05-25"),
        replace(WEEK, environment="live2"),
        replace(WEEK, environment="liv"),
        replace(WEEK, project="api"),
    ]
    for one in weeks:
        insights.save(one)
    found = [(one.week, one.application) for one in insights.weeks("web", "live", "2026-06-01")]
    assert found == [("2026-06-01", "a/b"), ("2026-06-01", "a/c"), ("2026-06-08", "a/b")]


def test_a_project_is_forgotten_with_all_its_weeks(insights: Insights) -> None:
    insights.save(WEEK)
    insights.save(replace(WEEK, project="api"))
    for _ in range(2):
        insights.forget("web")
    assert insights.weeks("web", "live", "2026-01-05") == []
    assert len(insights.weeks("api", "live", "2026-01-05")) == 1


def test_how_far_the_feed_was_counted_is_kept(insights: Insights) -> None:
    assert insights.counted() == 0
    insights.note_counted(812)
    assert insights.counted() == 812
