"""What one sees on coming in: what waits for one's word, what failed lately, what is under way, and what is where."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.phase import WRONG
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.overview.find_runs import awaits_of
from chalicelib.use_cases.overview.matrix import Matrix, ProjectMatrix, open_runs, project_matrix, with_counts
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Listing, Page
from chalicelib.use_cases.projects.projects import visible_projects
from slipway_formats.frozen import frozen

LATELY = timedelta(days=1)
MOST_ENDED = 20
"""Ended runs of a project that are looked through, the newest, for those that failed."""


@frozen
class HomeQuery:
    """Query: what the caller sees of their projects, by name. page.after: a project.

    sought: what the name of a project, deployment or application holds; empty for all.
    """

    by: Principal
    now: datetime
    sought: str = ""
    page: Page = Page(size=50)


@frozen
class Home:
    """What is seen of a page of projects. waiting: for the caller's word, oldest first; the others newest first.

    failed: began within a day. under_way: open, and waiting for nobody.
    """

    waiting: tuple[RunSummary, ...]
    failed: tuple[RunSummary, ...]
    under_way: tuple[RunSummary, ...]
    matrix: Matrix


def get_home(ports: Ports, query: HomeQuery) -> Home:
    """Return what the caller sees: of each project a query of cells, one of open runs, and one of ended runs."""
    left = [one for one in visible_projects(ports, query.by) if query.page.after is None or one.name > query.page.after]
    projects = left[: query.page.size]
    runs = {one.name: open_runs(ports, one.name) for one in projects}
    awaits, listed = awaits_of(ports, query.by), list(chain.from_iterable(runs.values()))
    found = (_sought(project_matrix(ports, one, runs[one.name]), query.sought) for one in projects)
    return Home(
        waiting=_by_age(one for one in listed if awaits(one))[::-1],
        failed=_by_age(chain.from_iterable(_failed(ports, one, query.now) for one in projects)),
        under_way=_by_age(one for one in listed if not one.awaits),
        matrix=Matrix(
            projects=with_counts(ports, query.by, [one for one in found if one is not None]),
            after=projects[-1].name if len(left) > len(projects) else None,
        ),
    )


def _failed(ports: Ports, project: Project, now: datetime) -> Sequence[RunSummary]:
    ended = ports.runs.summaries(Listing(project=project.name, is_open=False, chunk=MOST_ENDED))
    recent = takewhile(lambda one: one.created_at > now - LATELY, islice(ended, MOST_ENDED))
    return [one for one in recent if one.phase in WRONG]


def _by_age(runs: Iterable[RunSummary]) -> tuple[RunSummary, ...]:
    return tuple(sorted(runs, key=lambda one: one.id, reverse=True))


def _sought(of: ProjectMatrix, sought: str) -> ProjectMatrix | None:
    """Return the matrix of a project as far as it is looked for; None if nothing of it is."""
    wanted = sought.strip().casefold()
    if wanted in of.project.name.casefold():
        return of
    cells = [one for one in of.cells if wanted in f"{one.cell.deployment} {one.cell.application}".casefold()]
    return replace(of, cells=tuple(cells)) if cells else None
