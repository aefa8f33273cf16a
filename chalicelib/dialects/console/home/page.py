"""What home shows: what waits for the reader, what failed lately, what is under way, and what is where."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.run_row import RunRow, run_row
from chalicelib.dialects.console.home.board import Board, board
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.use_cases.overview.home import Home as Seen
from chalicelib.use_cases.overview.home import HomeQuery, get_home
from chalicelib.use_cases.overview.matrix import CellView
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

MOST_RUNS, MOST_PROJECTS = 5, 50


@frozen
class Home:
    """Query: home. sought: part of a name. known: what the reader sees."""

    frame: Frame
    by: Principal
    now: datetime
    sought: str = ""
    page_from: str = ""
    known: str = ""


@frozen
class Part:
    """Runs of one kind, the first of them. count: of all. query: by which the list of runs shows them all."""

    id: str
    title: str
    runs: Sequence[RunRow]
    count: int
    query: str


@frozen
class HomePage:
    """What home shows. more: query of its next page."""

    asked: Home
    live: Live
    parts: Sequence[Part]
    board: Board
    more: str


def home_page(ports: Ports, asked: Home) -> HomePage | Unchanged:
    """Return what home shows."""

    def look() -> tuple[Pulse, Callable[[Live], HomePage]]:
        page = Page(size=MOST_PROJECTS, after=asked.page_from or None)
        found = get_home(ports, HomeQuery(by=asked.by, now=asked.now, sought=asked.sought, page=page))
        return _pulse(found), lambda live: _page(asked, found, live)

    return kept_live(ports, asked, look)


def _pulse(found: Seen) -> Pulse:
    shown = (*found.waiting[:MOST_RUNS], *found.failed[:MOST_RUNS], *found.under_way[:MOST_RUNS])
    runs = [(one.id, one.phase, one.releases, [(a.stage, a.name) for a in one.awaits]) for one in shown]
    projects = [(one.project.name, one.project.environments) for one in found.matrix.projects]
    counts = [len(part) for part in (found.waiting, found.failed, found.under_way)]
    coming = {one.on_its_way.id for project in found.matrix.projects for one in project.cells if one.on_its_way}
    cells = [_told(one) for project in found.matrix.projects for one in project.cells]
    return Pulse(
        mark=mark_of(runs, counts, projects, cells, sorted(coming)),
        pace=Pace.MOVING if found.under_way else Pace.WAITING,
        runs=[one.id for one in shown if one.is_open],
    )


def _told(view: CellView) -> tuple[object, ...]:
    """Return what is shown of a cell, in plain values: of thousands of cells records are slow to write."""
    cell, since = view.cell, view.cell.since.isoformat()
    names = (cell.environment, cell.deployment, cell.application, cell.version)
    return (*names, cell.phase.value, since, view.drift.value, view.apart)


def _page(asked: Home, found: Seen, live: Live) -> HomePage:
    parts = (
        _part("waiting", "Waits for your word", found.waiting, "waiting_for=me"),
        _part("failed", "Failed within a day", found.failed, "status=failed"),
        _part("under-way", "Under way", found.under_way, "status=open"),
    )
    return HomePage(
        asked=asked,
        live=live,
        parts=[one for one in parts if one.runs],
        board=board(found.matrix.projects),
        more=found.matrix.after or "",
    )


def _part(name: str, title: str, runs: Sequence[RunSummary], query: str) -> Part:
    rows = [run_row(one) for one in runs[:MOST_RUNS]]
    return Part(id=name, title=title, runs=rows, count=len(runs), query=query)
