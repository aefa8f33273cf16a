"""Find runs across projects by what people look for, newest first. The runs of one definition: definitions/executions.

Open runs and ended ones stand apart in the index, by project. Other filters are applied to the summaries in order, of
which one page reads so many at most: a page may be short, and says where the next begins.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from heapq import merge

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.confirmation import is_among, is_decider
from chalicelib.kernel.engine.phase import FINAL, Phase
from chalicelib.kernel.explanation.summary import Awaited, RunSummary
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.access.persons import begun_by, principals_behind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Listing, Page
from chalicelib.use_cases.projects.projects import readable_projects
from slipway_formats.frozen import frozen

MOST_READ = 1000
"""Summaries that one page looks through: about half a megabyte."""

LEAST_CHUNK = 10
OPEN, ENDED, WAITING = "open", "ended", "waiting"
STATUSES = (OPEN, ENDED, WAITING, *(phase.value for phase in Phase if phase in FINAL or phase is Phase.STOPPING))
"""What may be looked for: a group of phases, or one in which a whole run can be."""


@frozen
class FindRuns:
    """Query: runs by project, status, kind, release, environment, who began them, and instant; empty for any.

    release: an id, or NAMESPACE/APPLICATION for all its versions. environment: of the definition, or of a stage.
    waits_for_caller: those alone that wait for the word of whoever asks.
    """

    by: Principal
    project: str = ""
    status: str = ""
    kind: DefinitionKind | None = None
    release: str = ""
    environment: str = ""
    started_by: str = ""
    since: datetime | None = None
    waits_for_caller: bool = False
    page: Page = Page()


@frozen
class FoundRuns:
    """A page of runs. after: where the next page begins; None when there is none."""

    runs: tuple[RunSummary, ...]
    after: str | None = None


def find_runs(ports: Ports, query: FindRuns) -> FoundRuns:
    """Return a page of the runs that the caller may read. Faults: NotFound for a project that they may not."""
    is_wanted = _filter(ports, query)
    found: list[RunSummary] = []
    last, count = None, 0
    for summary in _newest_first(ports, query, projects_sought(ports, query.by, query.project)):
        if count == MOST_READ or len(found) == query.page.size:
            return FoundRuns(runs=tuple(found), after=last)
        last, count = summary.id, count + 1
        if query.since is not None and summary.created_at < query.since:
            break
        if is_wanted(summary):
            found.append(summary)
    return FoundRuns(runs=tuple(found))


def awaits_of(ports: Ports, by: Principal) -> Callable[[RunSummary], Sequence[Awaited]]:
    """Return a function that picks what in a run waits for the word of this caller, who has not given it yet."""
    keys, persons = begun_by(ports, by), principals_behind(ports, by)

    def is_theirs(awaited: Awaited, project: str) -> bool:
        if not is_decider(by, awaited.deciders, project) or not {by.name, *keys}.isdisjoint(awaited.spoken):
            return False
        return not any(is_among(one, awaited.barred) for one in persons)

    return lambda summary: [one for one in summary.awaits if is_theirs(one, summary.definition.project)]


def projects_sought(ports: Ports, by: Principal, project: str) -> Sequence[str]:
    """Return the project, or all that the caller may read if it is empty; their runs of 0.1 are brought in.

    Faults: NotFound.
    """
    if project:
        require(by, Level.READ, project, missing=f"no project {project}")
    found = [ports.projects.project(project).name] if project else readable_projects(ports, by)
    for name in found:
        ports.runs.enlist(name)
    return found


def _newest_first(ports: Ports, query: FindRuns, projects: Sequence[str]) -> Iterator[RunSummary]:
    groups = _groups(query)
    chunk = max(LEAST_CHUNK, 2 * query.page.size // max(1, len(projects) * len(groups)))
    listings = (
        Listing(project=project, is_open=is_open, after=query.page.after, chunk=chunk)
        for project in projects
        for is_open in groups
    )
    return merge(*map(ports.runs.summaries, listings), key=lambda summary: summary.id, reverse=True)


def _groups(query: FindRuns) -> Sequence[bool]:
    """Return in which parts of the index the runs are: open, ended, or both."""
    if query.waits_for_caller or query.status in (OPEN, WAITING, Phase.STOPPING):
        return (True,)
    return (False,) if query.status else (True, False)


def _filter(ports: Ports, query: FindRuns) -> Callable[[RunSummary], bool]:
    awaits = awaits_of(ports, query.by) if query.waits_for_caller else None

    def is_wanted(summary: RunSummary) -> bool:
        return (
            _is_in(summary, query)
            and query.kind in (None, summary.definition.kind)
            and query.started_by in ("", summary.started_by)
            and query.environment in ("", *summary.environments)
            and (not query.release or any(_is_of(one, query.release) for one in summary.releases))
            and (awaits is None or bool(awaits(summary)))
        )

    return is_wanted


def _is_in(summary: RunSummary, query: FindRuns) -> bool:
    """Whether the run has the status; those of one group stand in one part of the index already."""
    if query.status == WAITING:
        return bool(summary.awaits)
    return query.status in ("", OPEN, ENDED, summary.phase.value)


def _is_of(release: str, wanted: str) -> bool:
    return release == wanted or release.startswith(f"{wanted}-v")
