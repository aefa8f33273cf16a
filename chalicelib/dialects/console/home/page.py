"""What home shows: what waits for the reader, and the latest runs of each project."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.run_row import RunRow, run_row
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.overview.find_runs import FindRuns, find_runs
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.projects import list_projects
from slipway_formats.frozen import frozen

MOST_PROJECTS, MOST_RUNS, MOST_WAITING = 20, 5, 10


@frozen
class Home:
    """Query: home."""

    frame: Frame
    by: Principal
    now: datetime


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
    waiting: Sequence[RunRow]
    projects: Sequence[ProjectPart]


def home_page(ports: Ports, asked: Home) -> HomePage:
    """Return what waits for the caller, and the latest runs of each project that they may read."""
    waiting = find_runs(ports, FindRuns(by=asked.by, waits_for_caller=True, page=Page(size=MOST_WAITING)))
    names = [view.project.name for view in list_projects(ports, asked.by)[:MOST_PROJECTS]]
    projects = [_project_part(ports, asked.by, name) for name in names]
    return HomePage(asked=asked, waiting=[run_row(one) for one in waiting.runs], projects=projects)


def _project_part(ports: Ports, by: Principal, name: str) -> ProjectPart:
    found = find_runs(ports, FindRuns(by=by, project=name, page=Page(size=MOST_RUNS)))
    return ProjectPart(name=name, tile=tile_of(name), runs=[run_row(one) for one in found.runs])
