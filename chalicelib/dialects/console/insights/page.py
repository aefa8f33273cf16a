"""What the page of insights shows: the numbers of delivery of a project, by application and week."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.insights.read import ApplicationInsights, InsightsQuery, InsightsView, read_insights
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import readable_projects
from slipway_formats.frozen import frozen

WIDTH, HEIGHT = 160, 32


@frozen
class Insights:
    """Query: the page of insights. sought: None where no project is named yet."""

    frame: Frame
    by: Principal
    now: datetime
    sought: InsightsQuery | None


@frozen
class ApplicationPart:
    """An application. line: points of the drawing of its deployments a week, in a box of 160 by 32."""

    of: ApplicationInsights
    line: str


@frozen
class InsightsPage:
    """What the page shows. projects: to choose from, where none is named. view: None there."""

    asked: Insights
    crumbs: Sequence[Crumb]
    projects: Sequence[str]
    view: InsightsView | None
    applications: Sequence[ApplicationPart] = ()


def insights_page(ports: Ports, asked: Insights) -> InsightsPage:
    """Return the numbers of a project, or the projects that have some. Faults: NotFound."""
    if asked.sought is None:
        return InsightsPage(asked=asked, crumbs=(), projects=readable_projects(ports, asked.by), view=None)
    project = asked.sought.project
    require(asked.by, Level.READ, project, missing=f"no project {project}")
    crumbs = [
        Crumb(word=project, path=f"/projects/{project}", tile=tile_of(project)),
        Crumb(word="Insights"),
    ]
    view = read_insights(ports, asked.sought)
    parts = [
        ApplicationPart(of=one, line=line_of([week.deployments for week in one.measures])) for one in view.applications
    ]
    return InsightsPage(asked=asked, crumbs=crumbs, projects=(), view=view, applications=parts)


def line_of(counts: Sequence[int]) -> str:
    """Return the points of a line through these counts, the highest of which is at the top."""
    most, step = max((*counts, 1)), WIDTH / max(len(counts) - 1, 1)
    return " ".join(f"{place * step:.0f},{HEIGHT - count * HEIGHT / most:.0f}" for place, count in enumerate(counts))
