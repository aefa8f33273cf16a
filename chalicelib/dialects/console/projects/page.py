"""What the page of a project shows: what is where, its pipelines, builds and jobs with how they went, its runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.run_row import RunRow, run_row
from chalicelib.dialects.console.home.board import Board, board
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.definitions.lists import DefinitionsIn, list_builds, list_jobs, list_pipelines
from chalicelib.use_cases.overview.find_runs import FindRuns, find_runs
from chalicelib.use_cases.overview.matrix import MatrixQuery, get_matrix
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

LOOKED_AT, SHOWN, MOST_OUTCOMES = 200, 10, 20


@frozen
class ProjectQuery:
    """Query: the page of a project. known: what the reader sees."""

    frame: Frame
    by: Principal
    now: datetime
    project: str
    known: str = ""


@frozen
class Line:
    """A pipeline, build or job. outcomes: its last runs, newest first, as far as the project's newest runs hold them.

    path: of its own page; empty without one. may_trigger: whether the reader may start it here.
    """

    name: str
    environment: str
    outcomes: Sequence[RunSummary]
    path: str = ""
    may_trigger: bool = False


@frozen
class ProjectPage:
    """What the page shows."""

    asked: ProjectQuery
    live: Live
    crumbs: Sequence[Crumb]
    board: Board
    pipelines: Sequence[Line]
    builds: Sequence[Line]
    jobs: Sequence[Line]
    runs: Sequence[RunRow]
    may_write: bool
    may_audit: bool


def project_page(ports: Ports, asked: ProjectQuery) -> ProjectPage | Unchanged:
    """Return what the page of a project shows. Faults: NotFound."""

    def look() -> tuple[Pulse, Callable[[Live], ProjectPage]]:
        cells = board(get_matrix(ports, MatrixQuery(by=asked.by, project=asked.project)).projects)
        newest = find_runs(ports, FindRuns(by=asked.by, project=asked.project, page=Page(size=LOOKED_AT))).runs
        outcomes = [(one.id, one.phase) for one in newest]
        going = [one for one in newest if one.is_open]
        pulse = Pulse(
            mark=mark_of(cells, outcomes, [run_row(one) for one in newest[:SHOWN]]),
            pace=Pace.MOVING if any(not one.awaits for one in going) else Pace.WAITING,
            runs=[one.id for one in going],
        )
        return pulse, lambda live: _page(ports, asked, live, cells, newest)

    return kept_live(ports, asked, look, asked.project)


def _page(ports: Ports, asked: ProjectQuery, live: Live, cells: Board, newest: Sequence[RunSummary]) -> ProjectPage:  # noqa: PLR0917
    query, outcomes = DefinitionsIn(by=asked.by, project=asked.project), _by_definition(newest)
    pipelines = [one.definition for one in list_pipelines(ports, query)]
    builds = [(one.definition.environment, one.definition.name) for one in list_builds(ports, query)]
    jobs = [(one.definition.environment, one.definition.deployment) for one in list_jobs(ports, query)]
    may_write = may(asked.by, Level.WRITE, asked.project)
    return ProjectPage(
        asked=asked,
        live=live,
        crumbs=[Crumb(word=asked.project, tile=tile_of(asked.project))],
        board=cells,
        pipelines=[_pipeline(one, outcomes, may_write=may_write) for one in pipelines],
        builds=_lines(asked.project, DefinitionKind.BUILD, builds, outcomes),
        jobs=_lines(asked.project, DefinitionKind.DEPLOYMENT_JOB, jobs, outcomes),
        runs=[run_row(one) for one in newest[:SHOWN]],
        may_write=may_write,
        may_audit=may(asked.by, Level.OWNER, asked.project),
    )


Outcomes = Mapping[DefinitionRef, Sequence[RunSummary]]


def _by_definition(runs: Iterable[RunSummary]) -> Outcomes:
    found: dict[DefinitionRef, list[RunSummary]] = {}
    for run in runs:
        found.setdefault(run.definition, []).append(run)
    return {of: of_it[:MOST_OUTCOMES] for of, of_it in found.items()}


def _pipeline(one: PipelineDefinition, outcomes: Outcomes, *, may_write: bool) -> Line:
    ref = DefinitionRef(kind=DefinitionKind.PIPELINE, project=one.project, name=one.name)
    return Line(
        name=one.name,
        environment="",
        outcomes=outcomes.get(ref, ()),
        path=pipeline_path(one.project, one.name),
        may_trigger=may_write and not one.disabled and not one.is_of_raft,
    )


def pipeline_path(project: str, name: str) -> str:
    """Return the path of the page of a pipeline, its names not yet quoted."""
    return f"/projects/{project}/pipelines/{name}"


def _lines(project: str, kind: DefinitionKind, names: Iterable[tuple[str, str]], outcomes: Outcomes) -> Sequence[Line]:
    return [
        Line(
            name=name,
            environment=environment,
            outcomes=outcomes.get(DefinitionRef(kind=kind, project=project, environment=environment, name=name), ()),
        )
        for environment, name in names
    ]
