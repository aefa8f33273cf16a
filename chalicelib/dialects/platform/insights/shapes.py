"""Shapes of the numbers of delivery."""

from pydantic import Field

from chalicelib.http.shape import LenientShape, Shape


class MeasureShape(Shape):
    """A week. deployments: that went well. failed: that did not, or were taken back. lead, restore: median seconds.

    runs: of all attempts; failed_runs: of those that failed.
    """

    week: str
    deployments: int
    attempts: int
    failed: int
    failed_share: float | None
    lead_seconds: float | None
    restore_seconds: float | None
    runs: list[str]
    failed_runs: list[str]


class ApplicationInsightsShape(Shape):
    """An application, week by week."""

    application: str
    weeks: list[MeasureShape]


class InsightsShape(Shape):
    """The numbers of a project in an environment. weeks: Mondays in UTC, in order."""

    project: str
    environment: str
    weeks: list[str]
    items: list[ApplicationInsightsShape]


class InsightsQueryShape(LenientShape):
    """Which numbers are wanted. environment: the last one of the project if it is left out. weeks: how many."""

    project: str
    environment: str = ""
    application: str = ""
    weeks: int = Field(default=12, ge=1, le=104)
