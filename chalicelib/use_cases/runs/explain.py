"""Explain what holds a run: read what the kernel needs to know of locks, pools, logs and child runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.explanation.explain import children_of, explain
from chalicelib.kernel.explanation.hold import Explanation, Facts, Hold, LockLine, PoolLine, RunTitle
from chalicelib.kernel.explanation.place import address_of, title_of
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.locks import Behind
from chalicelib.use_cases.runs.hear_of_freezes import knowing_freezes
from chalicelib.use_cases.runs.pool_lines import read_pool_line
from chalicelib.use_cases.runs.queued import MOST_GENERATIONS
from chalicelib.use_cases.runs.read import RunView, get_run, run_views
from slipway_formats.frozen import frozen

MOST_LOGS = 5
LAST_CHUNKS, LAST_LINES, LONGEST_LINE = 30, 20, 500

SUPERSEDED = Phase.SUPERSEDED
Known = Mapping[str, tuple[Plan, Run]]


@frozen
class ExplainRun:
    """Query: what holds a run."""

    by: Principal
    run: str


def explain_run(ports: Ports, query: ExplainRun) -> Explanation:
    """Explain why the run does not go on, or how it ended badly. Faults: NotFound."""
    return explain_view(ports, query.by, get_run(ports, query.run))


def explain_view(ports: Ports, by: Principal, view: RunView) -> Explanation:
    """Explain a run that was read. What is in child runs that the caller may not read is left out."""
    view = _knowing_freezes(ports, view)
    facts = Facts(now=ports.clock.now(), zone=_zone(view.plan), children=_children(ports, by, view))
    holds = explain(view.plan, view.run, facts).holds
    known = {**facts.children, view.run.id: (view.plan, view.run)}
    more = replace(
        facts,
        locks={lock: _lock_line(ports, lock) for lock in {one.lock for one in holds if one.lock}},
        pools=_pools(ports, holds, known),
        logs={log: _last_lines(ports, log) for log in _logs(holds)},
        superseded_by=_superseded_by(ports, known),
    )
    found = explain(view.plan, view.run, more)
    return replace(found, holds=tuple(_with_missing(ports, one) for one in found.holds))


def _knowing_freezes(ports: Ports, view: RunView) -> RunView:
    return replace(view, run=knowing_freezes(ports, view.plan, view.run))


def _with_missing(ports: Ports, hold: Hold) -> Hold:
    """Return what holds the run; if none of those who decide is there, its reason says so."""
    of = hold.deciders
    if of is None or not (of.users or of.teams):
        return hold
    gone = [f"no user {name}" for name in of.users if ports.access.find_user(name) is None]
    gone += [f"no team {name}" for name in of.teams if ports.access.find_group(name) is None]
    if len(gone) < len(of.users) + len(of.teams):
        return hold
    return replace(hold, reason=f"{hold.reason}; nobody but an admin can open it: there is {' and '.join(gone)}")


def explained(ports: Ports, by: Principal, view: RunView) -> RunView:
    """Return the run with its explanation."""
    return replace(view, explanation=explain_view(ports, by, view))


def _zone(plan: Plan) -> str:
    """Return the time zone of the pipeline; UTC for other definitions."""
    definition = plan.snapshot.get(DEFINITION)
    zone = definition.get("timezone") if isinstance(definition, Mapping) else None
    return zone if isinstance(zone, str) and zone else "UTC"


def _children(ports: Ports, by: Principal, view: RunView) -> Known:
    found: dict[str, tuple[Plan, Run]] = {}
    latest: Sequence[RunView] = (view,)
    for _ in range(MOST_GENERATIONS):
        wanted = {child for one in latest for child in children_of(one.plan, one.run)} - found.keys()
        if not wanted:
            break
        views = run_views(ports, ports.runs.find_runs(sorted(wanted)))
        readable = (one for one in views if may(by, Level.READ, one.plan.definition.project))
        latest = [_knowing_freezes(ports, one) for one in readable]
        found |= {one.run.id: (one.plan, one.run) for one in latest}
    return found


def _lock_line(ports: Ports, lock: str) -> LockLine:
    holder = ports.locks.holder(lock)
    waiting = tuple((one.run, one.execution) for one in ports.locks.line(lock))
    return LockLine(holder=_titled(ports, holder.run) if holder is not None else None, waiting=waiting)


def _titled(ports: Ports, run_id: str) -> RunTitle:
    run = ports.runs.find_run(run_id)
    if run is None:
        return RunTitle(run=run_id)
    plan = ports.runs.plan(run.plan)
    address, words = address_of(plan), title_of(plan)
    return RunTitle(run=run_id, title=address, words=words if words != address else "")


def _pools(ports: Ports, holds: Sequence[Hold], known: Known) -> Mapping[str, PoolLine]:
    """Return the lines of the pools for which the run waits, with the projects among them that are at their limit."""
    projects: dict[str, set[str]] = {}
    for one in holds:
        if one.pool is not None:
            projects.setdefault(one.pool.name, set()).add(known[one.run][0].definition.project)
    return {pool: read_pool_line(ports, pool, projects[pool]) for pool in projects}


def _logs(holds: Sequence[Hold]) -> Sequence[str]:
    return [one.log.job for one in holds if one.log is not None][:MOST_LOGS]


def _last_lines(ports: Ports, log: str) -> tuple[str, ...]:
    chunks = ports.logs.read(log, max(0, ports.logs.head(log) - LAST_CHUNKS))
    lines = "".join(chunk.text for chunk in chunks).splitlines()
    return tuple(line[:LONGEST_LINE] for line in lines[-LAST_LINES:])


def _superseded_by(ports: Ports, known: Known) -> Mapping[str, RunTitle]:
    marks = ((run.id, next(_marks(ports, plan, run), None)) for plan, run in known.values() if run.phase is SUPERSEDED)
    return {run_id: _titled(ports, mark.by_run) for run_id, mark in marks if mark is not None}


def _marks(ports: Ports, plan: Plan, run: Run) -> Iterator[Behind]:
    """Yield by which newer run this one was passed, at the stage that it was in or was to enter."""
    if plan.train is None:
        return
    last = run.stages[-1].stage if run.stages else plan.stages[0].key
    for stage in (plan.by_key[last], *plan.after(last)):
        mark = ports.watermarks.compare(plan.train.name, stage.key, plan.train.number)
        if isinstance(mark, Behind):
            yield mark
