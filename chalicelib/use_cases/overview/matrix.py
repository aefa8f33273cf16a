"""What is where, all of it: for each project its deployments by environment, drift, and what is on its way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.projects.cell import Cell
from chalicelib.kernel.projects.drift import Drift, drift, ranks
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.access.authorise import may_read, require
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.releases import Unit
from chalicelib.use_cases.ports.runs import Listing, Page
from chalicelib.use_cases.projects.projects import visible_projects
from slipway_formats.frozen import frozen

DRIFTING = frozenset({Drift.BEHIND, Drift.AHEAD})
MOST_OPEN = 500
"""Open runs of a project that are looked through, the newest, for what is on its way."""


@frozen
class MatrixQuery:
    """Query: the matrix of a project, or of all that the caller may read, by name. page.after: a project."""

    by: Principal
    project: str = ""
    page: Page = Page(size=50)


@frozen
class CellView:
    """A cell. before: the same deployment in the environment before; None where there is none.

    drift: ABSENT where there is no version to compare. apart: how many releases it drifts by, where that is known.
    on_its_way: the newest open run that deploys there.
    """

    cell: Cell
    before: Cell | None = None
    drift: Drift = Drift.ABSENT
    apart: int | None = None
    on_its_way: RunSummary | None = None


@frozen
class ProjectMatrix:
    """The cells of a project, by environment in its order and by name."""

    project: Project
    cells: tuple[CellView, ...]


@frozen
class Matrix:
    """A page of projects. after: where the next page begins; None when there is none."""

    projects: tuple[ProjectMatrix, ...]
    after: str | None = None


@frozen
class OnItsWay:
    """The newest open runs that deploy somewhere. jobs: of deployment jobs, by environment and deployment.

    carrying: of pipelines that have built or deployed a release, by environment and application.
    """

    jobs: Mapping[tuple[str, str], RunSummary]
    carrying: Mapping[tuple[str, str], RunSummary]

    def to(self, cell: Cell) -> RunSummary | None:
        """Return the run on its way to a cell: none that has brought there already what it carries."""
        job = self.jobs.get((cell.environment, cell.deployment))
        run = self.carrying.get((cell.environment, cell.application)) if cell.application else None
        is_there = run is not None and f"{cell.application}-v{cell.version}" in run.releases
        return job or (None if is_there else run)


def get_matrix(ports: Ports, query: MatrixQuery) -> Matrix:
    """Return a page of the matrix: of each project a query of cells, one of open runs; of what drifts the count.

    Faults: NotFound.
    """
    left = [one for one in _projects(ports, query) if query.page.after is None or one.name > query.page.after]
    projects = tuple(project_matrix(ports, one, open_runs(ports, one.name)) for one in left[: query.page.size])
    after = projects[-1].project.name if len(left) > query.page.size else None
    return Matrix(projects=with_counts(ports, query.by, projects), after=after)


def project_matrix(ports: Ports, project: Project, runs: Iterable[RunSummary]) -> ProjectMatrix:
    """Return the cells of a project: one query. runs: open ones, newest first."""
    order = {name: place for place, name in enumerate(project.environments)}
    cells = [one for one in ports.deployments.cells(project.name, project.environments) if one.environment in order]
    known = {(one.environment, one.deployment): one for one in cells}
    before = dict(zip(project.environments[1:], project.environments, strict=False))
    coming = _on_its_way(runs)
    views = (_view(one, known.get((before.get(one.environment, ""), one.deployment)), coming) for one in cells)
    return ProjectMatrix(
        project=project, cells=tuple(sorted(views, key=lambda one: (order[one.cell.environment], one.cell.deployment)))
    )


def with_counts(ports: Ports, by: Principal, projects: Sequence[ProjectMatrix]) -> tuple[ProjectMatrix, ...]:
    """Return the projects with the count of releases by which each cell drifts, of applications that may be read.

    Two batched reads, however many cells there are; none where nothing drifts.
    """
    drifting = {_unit(one) for of in projects for one in of.cells if one.drift in DRIFTING}
    if not drifting:
        return tuple(projects)
    known = ports.releases.newest_versions(drifting)
    order = {unit: ranks(one.versions) for unit, one in known.items() if may_read(by, one.namespace)}
    return tuple(replace(of, cells=_counted(of, order)) for of in projects)


def open_runs(ports: Ports, project: str) -> Sequence[RunSummary]:
    """Return the open runs of a project, newest first, the newest of many; those of 0.1 are brought in."""
    ports.runs.enlist(project)
    summaries = ports.runs.summaries(Listing(project=project, is_open=True, chunk=MOST_OPEN))
    return tuple(islice(summaries, MOST_OPEN))


def _projects(ports: Ports, query: MatrixQuery) -> Sequence[Project]:
    if not query.project:
        return visible_projects(ports, query.by)
    require(query.by, Level.READ, query.project, missing=f"no project {query.project}")
    return [ports.projects.project(query.project)]


def _view(cell: Cell, before: Cell | None, coming: OnItsWay) -> CellView:
    found = drift(cell, before)
    apart = 0 if found is Drift.SAME else None
    return CellView(cell=cell, before=before, drift=found, apart=apart, on_its_way=coming.to(cell))


def _unit(view: CellView) -> Unit:
    namespace, _, application = view.cell.application.rpartition("/")
    return namespace, application


def _counted(of: ProjectMatrix, order: Mapping[Unit, Mapping[str, int]]) -> tuple[CellView, ...]:
    """Return the cells of a project with their counts. order: places of the versions of each application."""
    return tuple(
        replace(one, apart=_apart(one, order.get(_unit(one), {}))) if one.drift in DRIFTING else one for one in of.cells
    )


def _apart(view: CellView, places: Mapping[str, int]) -> int | None:
    here = places.get(view.cell.version)
    before = places.get(view.before.version) if view.before is not None else None
    return None if here is None or before is None else abs(here - before)


def _on_its_way(runs: Iterable[RunSummary]) -> OnItsWay:
    """Return the newest of these runs that deploy somewhere, by where."""
    jobs: dict[tuple[str, str], RunSummary] = {}
    carrying: dict[tuple[str, str], RunSummary] = {}
    for one in runs:
        if one.definition.kind is DefinitionKind.DEPLOYMENT_JOB:
            jobs.setdefault((one.definition.environment, one.definition.name), one)
            continue
        units = [release.rpartition("-v")[0] for release in one.releases]
        for place in ((environment, unit) for environment in one.environments for unit in units):
            carrying.setdefault(place, one)
    return OnItsWay(jobs=jobs, carrying=carrying)
