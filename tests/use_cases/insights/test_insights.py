"""Deployments are counted from the feed, and read as numbers of delivery."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.feed.occurrence import KEPT, Occurrence, OccurrenceType
from chalicelib.kernel.projects.project import Environment, Project
from chalicelib.kernel.releases.release import Built, Release
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.insights.count import count_deployments
from chalicelib.use_cases.insights.read import InsightsQuery, read_insights
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.release import Metadata
from tests.builders import NOON, a_plan, an_entry
from tests.fakes.inventory import FakeInventory, as_ports
from tests.use_cases.house import House

RELEASE = Release(namespace="demo", metadata=Metadata(name="app", version="1.0"), by="ada", at=NOON)


@dataclass
class Place:
    """A project with two environments, whose releases are registered at noon."""

    house: House = field(default_factory=House)
    inventory: FakeInventory = field(default_factory=FakeInventory)

    def __post_init__(self) -> None:
        projects = self.house.ports.projects
        projects.create(Project(name="web", created_at=NOON), an_entry())
        for name in ("test", "live"):
            projects.create_environment(
                projects.project("web"), Environment(project="web", name=name, created_at=NOON), an_entry()
            )

    @property
    def ports(self) -> Ports:
        return Ports(**{**vars(self.house.ports), **as_ports(self.inventory)})

    def register(self, release: Release) -> None:
        """A release is there."""
        self.inventory.register(release, self.inventory.application_head("demo", "app"), "web", an_entry())

    def deployed(
        self, version: str, environment: str = "live", project: str = "web", *, went_well: bool = True
    ) -> None:
        """An attempt, now."""
        facts = {
            "environment": environment,
            "application": "demo/app",
            "action": "deploy",
            "went_well": went_well,
            "run": f"run {version}",
            "release": f"demo/app-v{version}",
        }
        kind, at = OccurrenceType.DEPLOYMENT_CHANGED, self.house.world.now()
        self.house.feed.add((Occurrence(type=kind, project=project, subject="live/app", at=at, facts=facts),))

    def count(self) -> int:
        """The sweep has counted what there is."""
        return count_deployments(self.ports, sweep_from(self.house.world.now(), timedelta(0)))


def test_a_deployment_counts_with_its_lead_time_from_registration() -> None:
    place = Place()
    place.register(RELEASE)
    place.house.world.move(timedelta(hours=2))
    place.deployed("1.0")
    place.deployed("1.0", environment="test")
    place.deployed("9.9", went_well=False)
    assert (place.count(), place.count()) == (3, 0)
    view = read_insights(place.ports, InsightsQuery(project="web", weeks=2))
    assert (view.environment, view.weeks) == ("live", ("2026-05-25", "2026-06-01"))
    (app,) = view.applications
    before, now = app.measures
    assert (app.application, before.attempts, now.attempts, now.deployments, now.failed) == ("demo/app", 0, 2, 1, 1)
    assert (now.lead, now.runs) == (place.house.world.now() - RELEASE.at, ("run 1.0", "run 9.9"))
    assert read_insights(place.ports, InsightsQuery(project="web", application="demo/x")).applications == ()
    assert len(read_insights(place.ports, InsightsQuery(project="web", environment="test")).applications) == 1
    with pytest.raises(NotFound):
        read_insights(place.ports, InsightsQuery(project="web", environment="nowhere"))


def test_of_a_release_that_was_built_here_the_change_came_when_its_build_began() -> None:
    place = Place()
    built = place.house.start(a_plan())
    place.house.world.move(timedelta(hours=1))
    place.register(replace(RELEASE, built=Built(run=built.id, by="ada"), at=place.house.world.now()))
    place.house.world.move(timedelta(hours=2))
    place.deployed("1.0")
    place.count()
    (app,) = read_insights(place.ports, InsightsQuery(project="web", weeks=1)).applications
    assert app.measures[0].lead == timedelta(hours=3)


def test_what_is_counted_again_counts_once() -> None:
    place = Place()
    place.deployed("1.0")
    place.count()
    place.ports.insights.note_counted(0)
    assert place.count() == 1
    (app,) = read_insights(place.ports, InsightsQuery(project="web", weeks=1)).applications
    assert app.measures[0].attempts == 1


def test_nothing_is_counted_for_a_project_that_is_gone() -> None:
    place = Place()
    place.deployed("1.0", project="gone")
    assert place.count() == 1
    assert place.ports.insights.weeks("gone", "live", "2026-01-05") == []


def test_after_a_week_without_a_sweep_what_is_still_kept_is_counted() -> None:
    place = Place()
    place.deployed("1.0")
    place.count()
    place.deployed("1.1")
    place.house.world.move(KEPT + timedelta(hours=1))
    place.deployed("1.2")
    assert place.count() == 1


def test_a_project_without_environments_has_no_numbers() -> None:
    place = Place()
    place.house.ports.projects.create(Project(name="bare", created_at=NOON), an_entry())
    view = read_insights(place.ports, InsightsQuery(project="bare"))
    assert (view.environment, view.applications, len(view.weeks)) == ("", (), 12)
