"""What was deployed of an application into an environment in a week, as the feed told it. Its numbers: measures.py."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from slipway_formats.frozen import frozen

MOST_POINTS = 2000
"""Deployments of one application into one environment that a week counts: they are one record."""


@frozen
class Point:
    """An attempt to deploy. id: of its event. lead: from the commit to its end, of one that went well, if known."""

    id: str
    at: datetime
    went_well: bool
    run: str = ""
    release: str = ""
    version: str = ""
    lead: timedelta | None = None


@frozen
class DeployedWeek:
    """The attempts of a week, in order. week: its Monday in UTC. version: of the record, 0 of a new one."""

    project: str
    environment: str
    application: str
    week: str
    points: tuple[Point, ...] = ()
    version: int = 0


def week_of(at: datetime) -> str:
    """Return the Monday of an instant's week in UTC, as `2030-05-27`."""
    day = at.astimezone(UTC).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def weeks_until(at: datetime, count: int) -> tuple[str, ...]:
    """Return the Mondays of so many weeks in order, the last of which is that of the instant."""
    last = date.fromisoformat(week_of(at))
    return tuple((last - timedelta(weeks=back)).isoformat() for back in reversed(range(count)))


def added(week: DeployedWeek, point: Point) -> DeployedWeek:
    """Return the week with an attempt; the same where it has it, or is full."""
    if any(one.id == point.id for one in week.points) or len(week.points) >= MOST_POINTS:
        return week
    return replace(week, points=tuple(sorted((*week.points, point), key=lambda one: (one.at, one.id))))
