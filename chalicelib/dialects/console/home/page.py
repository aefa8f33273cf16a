"""What home shows: the latest runs of each project."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.explanation.place import title_of
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.projects import list_projects
from chalicelib.use_cases.runs.read import ListRuns, RunView, list_runs
from slipway_formats.frozen import frozen

MOST_PROJECTS, MOST_RUNS = 20, 5


@frozen
class Home:
    """Query: home."""

    frame: Frame
    by: Principal
    now: datetime


@frozen
class RunRow:
    """A run, as a row of a list."""

    run: str
    title: str
    phase: Phase
    releases: tuple[str, ...]
    by: str
    began_at: datetime
    ended_at: datetime | None
    reason: str


@frozen
class ProjectPart:
    """A project with its latest runs."""

    name: str
    tile: Tile
    runs: Sequence[RunRow]


@frozen
class HomePage:
    """What home shows."""

    asked: Home
    projects: Sequence[ProjectPart]


def home_page(ports: Ports, asked: Home) -> HomePage:
    """Return the latest runs of the pipelines of each project that the caller may read, by one query a project."""
    names = [view.project.name for view in list_projects(ports, asked.by)[:MOST_PROJECTS]]
    return HomePage(asked=asked, projects=[_project_part(ports, name) for name in names])


def _project_part(ports: Ports, name: str) -> ProjectPart:
    query = ListRuns(project=name, kind=DefinitionKind.PIPELINE, page=Page(size=MOST_RUNS))
    return ProjectPart(name=name, tile=tile_of(name), runs=[run_row(view) for view in list_runs(ports, query)])


def run_row(view: RunView) -> RunRow:
    """Return the row of a run."""
    return RunRow(
        run=view.run.id,
        title=title_of(view.plan),
        phase=view.phase,
        releases=view.run.releases,
        by=view.plan.started_by,
        began_at=view.plan.created_at,
        ended_at=view.run.ended_at,
        reason=view.reason,
    )
