"""What the page of a run shows: why it is not further, its stages, and the log of one step."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.forms import Button
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.plain_text import plain
from chalicelib.dialects.console.runs.gantt import Gantt, gantt
from chalicelib.dialects.console.runs.graph import Graph, graph
from chalicelib.dialects.console.runs.view import StagePart, StepPart, latest_parts, stage_parts
from chalicelib.dialects.console.runs.why import Shown, WhyItem, is_decided_by, why_items
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.phase import BAD, FINAL, WAITING, Phase
from chalicelib.kernel.explanation.hold import Hold
from chalicelib.kernel.explanation.place import title_of
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.logs.read_log import ReadLogEnd, read_log_end
from chalicelib.use_cases.overview.approvals import ApprovalOf, PendingApproval, get_approval
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import RunView
from chalicelib.use_cases.runs.redacted import RunNamed, get_redacted_run
from slipway_formats.frozen import frozen

LAST_CHUNKS, LAST_LINES = 40, 200
CANCEL = Button(value="cancel", word="Cancel this run", tone="danger")
WORTH_A_LOOK = (BAD, frozenset({Phase.RUNNING}), frozenset({Phase.QUEUED, Phase.STARTING}), FINAL)
"""Whose log is shown if none is chosen, best first."""


class Tab(StrEnum):
    """How stages and steps are shown."""

    GRAPH = "graph"
    GANTT = "gantt"
    LIST = "list"


@frozen
class RunQuery:
    """Query: the page of a run. step: the address of one whose log is shown. known: mark of what the reader sees."""

    frame: Frame
    by: Principal
    run: str
    now: datetime
    tab: Tab = Tab.GRAPH
    step: str = ""
    known: str = ""


@frozen
class Unchanged:
    """What the reader sees is what there is."""


@frozen
class LogPart:
    """The log of a step. lines: its last ones."""

    step: StepPart
    lines: Sequence[str]


@frozen
class RunPage:
    """What the page shows. seen: mark of it. every: seconds until the next look; 0 where nothing will change."""

    asked: RunQuery
    view: RunView
    title: str
    crumbs: Sequence[Crumb]
    seen: str
    every: int
    why: Sequence[WhyItem]
    stages: Sequence[StagePart]
    graph: Graph | None
    gantt: Gantt | None
    log: LogPart | None
    cancel: Button | None
    may_retry: bool


def run_page(ports: Ports, asked: RunQuery) -> RunPage | Unchanged:
    """Return what the page of a run shows. Faults: NotFound."""
    view = get_redacted_run(ports, RunNamed(by=asked.by, run=asked.run, explains=True))
    seen = mark_of(view)
    return Unchanged() if asked.known == seen else _page(ports, asked, view, seen)


def mark_of(view: RunView) -> str:
    """Return a mark that changes with everything that the page shows, but for time that goes by."""
    holds = view.explanation.holds if view.explanation is not None else ()
    queued = [one.number for one in view.executions if any(s.phase is Phase.QUEUED for s in one.nodes.values())]
    said = repr([(one.kind, one.path, one.reason, one.place, one.given) for one in holds])
    return f"{view.run.version}.{sha256(f'{view.phase}{queued}{said}'.encode()).hexdigest()[:8]}"


def _page(ports: Ports, asked: RunQuery, view: RunView, seen: str) -> RunPage:
    latest, project = latest_parts(view), view.plan.definition.project
    stages = stage_parts(view) if asked.tab is Tab.LIST else latest
    holds = view.explanation.holds if view.explanation is not None else ()
    is_writer = may(asked.by, Level.WRITE, project)
    title = title_of(view.plan)
    return RunPage(
        asked=asked,
        view=view,
        title=title,
        crumbs=(Crumb(word=project, tile=tile_of(project)), Crumb(word=title)),
        seen=seen,
        every=_every(view),
        why=why_items(asked.by, project, holds, _shown(ports, asked.by, project, holds)),
        stages=stages,
        graph=graph(latest) if asked.tab is Tab.GRAPH else None,
        gantt=gantt(latest, asked.now) if asked.tab is Tab.GANTT else None,
        log=_log(ports, _chosen(stage_parts(view), asked.step)),
        cancel=CANCEL if is_writer and view.phase not in FINAL else None,
        may_retry=is_writer and view.phase in BAD and view.phase is not Phase.SUPERSEDED,
    )


def _shown(ports: Ports, by: Principal, project: str, holds: Sequence[Hold]) -> Shown:
    """Return what a decision of the reader would let in, of each hold that waits for their word."""
    found: dict[tuple[str, int, str], PendingApproval] = {}
    for hold in holds:
        # What waits no more, as somebody has decided meanwhile, shows no change.
        with suppress(NotFound):
            if is_decided_by(by, project, hold):
                query = ApprovalOf(by=by, run=hold.run, node=hold.node, execution=hold.execution)
                found[hold.run, hold.execution, hold.node] = get_approval(ports, query)
    return found


def _every(view: RunView) -> int:
    if view.phase in FINAL:
        return 0
    moving = {state.phase for one in view.run.stages for state in one.nodes.values()} - FINAL - WAITING
    return 1 if moving else 5


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
    chunks = read_log_end(ports, ReadLogEnd(log=step.log, chunks=LAST_CHUNKS)) if step.log else ()
    lines = plain("".join(chunk.text for chunk in chunks)).splitlines()
    return LogPart(step=step, lines=lines[-LAST_LINES:])
