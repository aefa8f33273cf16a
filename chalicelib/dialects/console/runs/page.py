"""What the page of a run shows: why it is not further, its stages, and the log of one step."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.forms import Button
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.last_lines import last_lines
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.runs.gantt import Gantt, gantt
from chalicelib.dialects.console.runs.graph import Graph, graph
from chalicelib.dialects.console.runs.view import StagePart, StepPart, latest_parts, stage_parts
from chalicelib.dialects.console.runs.why import Shown, WhyItem, is_decided_by, why_items
from chalicelib.dialects.console.trains.cells import snapshot_path
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.phase import BAD, FINAL, WAITING, Phase
from chalicelib.kernel.explanation.hold import Hold, HoldKind
from chalicelib.kernel.explanation.place import title_of
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.overview.approvals import ApprovalOf, PendingApproval, get_approval
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import RunView, project_of
from chalicelib.use_cases.runs.redacted import RunNamed, get_redacted_run
from slipway_formats.frozen import frozen

CANCEL = Button(value="cancel", word="Cancel this run", tone="danger")
WORTH_A_LOOK = (BAD, frozenset({Phase.RUNNING}), frozenset({Phase.QUEUED, Phase.STARTING}), FINAL)
"""Whose log is shown if none is chosen, best first."""

UNTOLD = frozenset({HoldKind.TURN, HoldKind.LOCK, HoldKind.RUNNER, HoldKind.STARTING})
"""What holds a run by what other runs and runners do, of which neither events nor its version tell."""

BY_JOBS = frozenset({Phase.QUEUED, Phase.STARTING, Phase.STOPPING})
"""Phases of steps that end with what a runner does, which the run hears later or never."""


class Tab(StrEnum):
    """How stages and steps are shown."""

    GRAPH = "graph"
    GANTT = "gantt"
    LIST = "list"


@frozen
class RunQuery:
    """Query: the page of a run. step: the address of one whose log is shown. known: what the reader sees."""

    frame: Frame
    by: Principal
    run: str
    now: datetime
    tab: Tab = Tab.GRAPH
    step: str = ""
    known: str = ""


@frozen
class LogPart:
    """The log of a step. lines: its last ones."""

    step: StepPart
    lines: Sequence[str]


@frozen
class RunPage:
    """What the page shows. snapshot: path of the one that travels in the run; empty for none."""

    asked: RunQuery
    view: RunView
    title: str
    crumbs: Sequence[Crumb]
    live: Live
    why: Sequence[WhyItem]
    stages: Sequence[StagePart]
    graph: Graph | None
    gantt: Gantt | None
    log: LogPart | None
    cancel: Button | None
    may_retry: bool
    snapshot: str


def run_page(ports: Ports, asked: RunQuery) -> RunPage | Unchanged:
    """Return what the page of a run shows. Faults: NotFound."""

    def look() -> tuple[Pulse, Callable[[Live], RunPage]]:
        view = get_redacted_run(ports, RunNamed(by=asked.by, run=asked.run, explains=True))
        shown = _shown(ports, asked.by, view)
        return _pulse(view, shown), lambda live: _page(ports, asked, view, shown, live)

    return kept_live(ports, asked, look, (project_of(ports, asked.run) or "") if asked.known else "")


def _pulse(view: RunView, shown: Shown) -> Pulse:
    holds = _holds(view)
    said = [(one.kind, one.path, one.reason, one.place, one.given, one.pool) for one in holds]
    digests = [one.digest for one in shown.values()]
    phases = {state.phase for one in view.run.stages for state in one.nodes.values()}
    return Pulse(
        mark=mark_of(view.run.version, view.phase, sorted(phases), said, digests),
        pace=Pace.FINAL if view.phase in FINAL else Pace.MOVING if phases - FINAL - WAITING else Pace.WAITING,
        runs=[view.run.id],
        is_told=all(one.run == view.run.id and one.kind not in UNTOLD for one in holds) and not phases & BY_JOBS,
    )


def _holds(view: RunView) -> Sequence[Hold]:
    return view.explanation.holds if view.explanation is not None else ()


def _page(ports: Ports, asked: RunQuery, view: RunView, shown: Shown, live: Live) -> RunPage:  # noqa: PLR0917
    latest, project, travels = latest_parts(view), view.plan.definition.project, view.plan.travels
    stages = stage_parts(view) if asked.tab is Tab.LIST else latest
    is_writer = may(asked.by, Level.WRITE, project)
    title = title_of(view.plan)
    return RunPage(
        asked=asked,
        view=view,
        title=title,
        crumbs=(Crumb(word=project, path=f"/projects/{project}", tile=tile_of(project)), Crumb(word=title)),
        live=live,
        why=why_items(asked.by, project, _holds(view), shown),
        stages=stages,
        graph=graph(latest) if asked.tab is Tab.GRAPH else None,
        gantt=gantt(latest, asked.now) if asked.tab is Tab.GANTT else None,
        log=_log(ports, _chosen(stage_parts(view), asked.step)),
        cancel=CANCEL if is_writer and view.phase not in FINAL else None,
        may_retry=is_writer and view.phase in BAD and view.phase is not Phase.SUPERSEDED,
        snapshot=snapshot_path(train_in(travels), travels.number) if travels is not None else "",
    )


def _shown(ports: Ports, by: Principal, view: RunView) -> Shown:
    """Return what a decision of the reader would let in, of each hold that waits for their word."""
    project = view.plan.definition.project
    found: dict[tuple[str, int, str], PendingApproval] = {}
    for hold in _holds(view):
        # What waits no more, as somebody has decided meanwhile, shows no change.
        with suppress(NotFound):
            if is_decided_by(by, project, hold):
                query = ApprovalOf(by=by, run=hold.run, node=hold.node, execution=hold.execution)
                found[hold.run, hold.execution, hold.node] = get_approval(ports, query)
    return found


def _chosen(stages: Sequence[StagePart], address: str) -> StepPart | None:
    """Return the step that was chosen, or the one whose log is worth a look."""
    steps = [step for stage in stages for step in stage.steps]
    if address:
        return next((step for step in steps if step.address == address), None)
    logged = [step for step in reversed(steps) if step.log]
    found = (step for phases in WORTH_A_LOOK for step in logged if step.phase in phases)
    return next(found, None)


def _log(ports: Ports, step: StepPart | None) -> LogPart | None:
    if step is None:
        return None
    return LogPart(step=step, lines=last_lines(ports, step.log))
