"""Read the numbers of delivery of a project."""

from itertools import groupby

from chalicelib.kernel.insights.deployed_week import DeployedWeek, weeks_until
from chalicelib.kernel.insights.measures import Measure, measures
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class InsightsQuery:
    """Query: the numbers of a project's last weeks. environment: empty for its last one. application: empty for all."""

    project: str
    environment: str = ""
    application: str = ""
    weeks: int = 12


@frozen
class ApplicationInsights:
    """The numbers of an application, week by week."""

    application: str
    measures: tuple[Measure, ...]


@frozen
class InsightsView:
    """The numbers of a project in an environment. weeks: their Mondays, in order. environment: empty if it has none."""

    project: str
    environment: str
    weeks: tuple[str, ...]
    applications: tuple[ApplicationInsights, ...]


def read_insights(ports: Ports, query: InsightsQuery) -> InsightsView:
    """Return the numbers of delivery by application and week. Faults: NotFound (the environment)."""
    environment = query.environment or next(reversed(ports.projects.project(query.project).environments), "")
    if query.environment:
        ports.projects.environment(query.project, environment)
    weeks = weeks_until(ports.clock.now(), query.weeks)
    found = ports.insights.weeks(query.project, environment, weeks[0]) if environment else ()
    wanted = [one for one in found if query.application in ("", one.application)]
    by_name = groupby(sorted(wanted, key=_by_name), key=lambda one: one.application)
    return InsightsView(
        project=query.project,
        environment=environment,
        weeks=weeks,
        applications=tuple(
            ApplicationInsights(
                application=name, measures=measures([point for one in own for point in one.points], weeks)
            )
            for name, own in by_name
        ),
    )


def _by_name(week: DeployedWeek) -> tuple[str, str]:
    return week.application, week.week
