"""What waits for people across projects, with what they need to judge it; and many decisions at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.changes.change_set import ChangeSet
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Results
from chalicelib.kernel.explanation.summary import Awaited, RunSummary, summary_of
from chalicelib.kernel.faults import Conflict, Fault, Forbidden, Invalid, NotFound
from chalicelib.kernel.projects.cell import Cell
from chalicelib.kernel.releases.named_release import named_release
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.use_cases.access.authorise import may_read, require
from chalicelib.use_cases.changes.between import for_caller, with_what_lies_between
from chalicelib.use_cases.changes.change_set import changes_behind
from chalicelib.use_cases.changes.read_once import reading_of
from chalicelib.use_cases.changes.reading import Reading
from chalicelib.use_cases.overview.find_runs import LEAST_CHUNK, MOST_READ, awaits_of, projects_sought
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Listing, Page
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_either
from chalicelib.use_cases.runs.read import RunView, project_of
from slipway_formats.frozen import frozen

MOST_DECISIONS = 50
MOST_RELEASES = 10
"""Of a run, the last: those whose builders are told."""


@frozen
class ListApprovals:
    """Query: what waits for people. mine: for the word of whoever asks alone. whole: with commits and files."""

    by: Principal
    mine: bool = False
    whole: bool = False
    project: str = ""
    page: Page = Page(size=20)


@frozen
class ApprovalOf:
    """Query: what waits at a node of a run, with all that lies between the releases. node: key or name."""

    by: Principal
    run: str
    node: str
    execution: int | None = None


@frozen
class PendingApproval:
    """What waits in a run. results: of its tests. releases: that it built or deployed, as they were registered.

    there: what is deployed now, in the environment for which it waits, of the applications of these releases. changes:
    what the decision lets in, as far as the caller may read it. digest: of all of it.
    """

    run: RunSummary
    awaited: Awaited
    results: tuple[Results, ...] = ()
    releases: tuple[Release, ...] = ()
    there: tuple[Cell, ...] = ()
    changes: ChangeSet = ChangeSet()
    digest: str = ""


@frozen
class PendingApprovals:
    """A page of what waits. after: where the next page begins; None when there is none."""

    approvals: tuple[PendingApproval, ...]
    after: str | None = None


@frozen
class DecideMany:
    """Several decisions about nodes, or acts on runs, each by itself."""

    decisions: tuple[DecideNode | DecideRun, ...]


@frozen
class Decided:
    """What became of one decision. fault: why it was refused. phase: of the run after it."""

    decision: DecideNode | DecideRun
    phase: Phase | None = None
    fault: Fault | None = None


def list_approvals(ports: Ports, query: ListApprovals) -> PendingApprovals:
    """List what waits for people, of the oldest run first; pages are of runs. Faults: NotFound."""
    pick = awaits_of(ports, query.by) if query.mine else _every
    found: list[tuple[RunSummary, Sequence[Awaited]]] = []
    last, count = None, 0
    for summary in _oldest_first(ports, query):
        if len(found) == query.page.size or count == MOST_READ:
            return PendingApprovals(approvals=_with_evidence(ports, query, found), after=last)
        last, count = summary.id, count + 1
        if awaited := pick(summary):
            found.append((summary, awaited))
    return PendingApprovals(approvals=_with_evidence(ports, query, found))


def get_approval(ports: Ports, query: ApprovalOf) -> PendingApproval:
    """Return what waits at a node. Faults: NotFound if nothing does."""
    run = ports.runs.run(query.run)
    summary = summary_of(ports.runs.plan(run.plan), run)
    awaited = [
        one for one in summary.awaits if query.node in {one.key, one.name} and query.execution in {None, one.execution}
    ]
    if not awaited:
        raise NotFound(f"nothing waits at {query.node} in run {query.run}")
    return _with_evidence(ports, ListApprovals(by=query.by, whole=True), [(summary, awaited[:1])])[0]


def decide_many(ports: Ports, command: DecideMany) -> Sequence[Decided]:
    """Make decisions one after the other; of those that are refused the others stand.

    Faults: Invalid if they are too many; Forbidden or NotFound, as of the first, for who may make none of them.
    """
    if len(command.decisions) > MOST_DECISIONS:
        raise Invalid.single("decisions", f"are over {MOST_DECISIONS}")
    decided = [_decided(ports, one) for one in command.decisions]
    faults = [one.fault for one in decided if isinstance(one.fault, Forbidden | NotFound)]
    if faults and len(faults) == len(decided):
        raise faults[0]
    return decided


def _decided(ports: Ports, decision: DecideNode | DecideRun) -> Decided:
    missing = f"no run {decision.run}"
    # The node itself says who decides about it, which can be a team of readers.
    level = Level.READ if isinstance(decision, DecideNode) else Level.WRITE
    try:
        require(decision.by, level, project_of(ports, decision.run) or "", missing=missing)
        return Decided(decision=decision, phase=decide_either(ports, decision).phase)
    except (Conflict, Forbidden, Invalid, NotFound) as fault:
        # Any other fault is ours: whoever sends all of it again is told what was decided.
        return Decided(decision=decision, fault=fault)


def _every(summary: RunSummary) -> Sequence[Awaited]:
    return summary.awaits


def _oldest_first(ports: Ports, query: ListApprovals) -> Iterator[RunSummary]:
    projects = projects_sought(ports, query.by, query.project)
    chunk = max(LEAST_CHUNK, 2 * query.page.size // max(1, len(projects)))
    listing = Listing(project="", is_open=True, after=query.page.after, chunk=chunk, oldest_first=True)
    listings = (replace(listing, project=project) for project in projects)
    return merge(*map(ports.runs.summaries, listings), key=lambda summary: summary.id)


def _with_evidence(
    ports: Ports, query: ListApprovals, found: Sequence[tuple[RunSummary, Sequence[Awaited]]]
) -> tuple[PendingApproval, ...]:
    """Return what waits with what it is judged by: what many runs wait for is read at once, or once."""
    summaries = [summary for summary, _ in found]
    views = _views(ports, summaries)
    reading = reading_of(ports, dict.fromkeys(key for summary in summaries for key in _keys(summary)))
    releases = _readable(reading, query.by, summaries)
    cells = _cells(ports, {summary.definition.project for summary in summaries if _keys(summary)})
    return tuple(
        _with_changes(
            reading,
            query,
            views.get(summary.id),
            PendingApproval(
                run=summary,
                awaited=one,
                results=views[summary.id].run.results if summary.id in views else (),
                releases=tuple(releases[key] for key in _keys(summary) if key in releases),
                there=_there(cells.get(summary.definition.project, ()), summary, one),
            ),
        )
        for summary, awaited in found
        for one in awaited
    )


def _views(ports: Ports, summaries: Sequence[RunSummary]) -> Mapping[str, RunView]:
    """Return the runs with their plans: by two reads, however many they are."""
    runs = ports.runs.find_runs([summary.id for summary in summaries])
    plans = {plan.id: plan for plan in ports.runs.find_plans(dict.fromkeys(run.plan for run in runs))}
    return {run.id: RunView(run=run, plan=plans[run.plan]) for run in runs if run.plan in plans}


def _with_changes(
    reading: Reading, query: ListApprovals, seen: RunView | None, one: PendingApproval
) -> PendingApproval:
    """Return what waits with its change set; without, if it waits no more."""
    execution = seen.run.execution(one.awaited.execution) if seen is not None else None
    if seen is None or execution is None or one.awaited.key not in execution.nodes:
        return one
    stage = seen.plan.by_key[execution.stage]
    changes = changes_behind(reading, seen.plan, seen.run, stage, stage.by_key[one.awaited.key])
    for_them = for_caller(query.by, changes)
    whole = with_what_lies_between(reading, query.by, for_them) if query.whole else for_them
    return replace(one, changes=whole, digest=changes.digest)


def _readable(reading: Reading, by: Principal, summaries: Sequence[RunSummary]) -> Mapping[ReleaseKey, Release]:
    """Return the releases of runs that are there, and in namespaces that the caller may read."""
    keys = dict.fromkeys(key for summary in summaries for key in _keys(summary))
    spaces = reading.ports.namespaces.named(sorted({key.namespace for key in keys}))
    readable = {space.name for space in spaces if may_read(by, space)}
    found = {key: reading.ports.releases.find_release(key) for key in keys if key.namespace in readable}
    return {key: release for key, release in found.items() if release is not None}


def _cells(ports: Ports, projects: Collection[str]) -> Mapping[str, Sequence[Cell]]:
    """Return the cells of each project: one query a project, of whose runs some carry releases."""
    known = {name: ports.projects.recent_project(name) for name in sorted(projects)}
    return {
        name: ports.deployments.cells(name, project.environments) if project is not None else ()
        for name, project in known.items()
    }


def _there(cells: Sequence[Cell], summary: RunSummary, awaited: Awaited) -> tuple[Cell, ...]:
    units = {f"{key.namespace}/{key.application}" for key in _keys(summary)}
    return tuple(one for one in cells if one.environment == awaited.environment and one.application in units)


def _keys(summary: RunSummary) -> Sequence[ReleaseKey]:
    keys = map(named_release, summary.releases[-MOST_RELEASES:])
    return [key for key in keys if key is not None]
