"""What home shows: what waits for the reader, what failed lately, what is under way, and what is where."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.run_row import RunRow, run_row
from chalicelib.dialects.console.home.board import Board, board
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.use_cases.overview.home import Home as Seen
from chalicelib.use_cases.overview.home import HomeQuery, get_home
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

MOST_RUNS, MOST_PROJECTS = 5, 50
MOVING, STILL = 5, 15
"""Seconds until the next look, while runs are under way and while none is."""


@frozen
class Home:
    """Query: home. sought: part of a name. known: mark of what the reader sees."""

    frame: Frame
    by: Principal
    now: datetime
    sought: str = ""
    page_from: str = ""
    known: str = ""


@frozen
class Unchanged:
    """What the reader sees is what there is."""


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
    """What home shows. seen: mark of it. every: seconds until the next look. more: query of its next page."""

    asked: Home
    seen: str
    every: int
    parts: Sequence[Part]
    board: Board
    more: str


def home_page(ports: Ports, asked: Home) -> HomePage | Unchanged:
    """Return what home shows."""
    page = Page(size=MOST_PROJECTS, after=asked.page_from or None)
    found = get_home(ports, HomeQuery(by=asked.by, now=asked.now, sought=asked.sought, page=page))
    seen = mark_of(found)
    return Unchanged() if asked.known == seen else _page(asked, found, seen)


def mark_of(found: Seen) -> str:
    """Return a mark that changes with everything that home shows, but for time that goes by."""
    runs = [
        (one.id, one.phase, one.counts.done, len(one.awaits))
        for one in (*found.waiting, *found.failed, *found.under_way)
    ]
    cells = [
        (one.cell.version, one.cell.phase, one.cell.since, one.cell.environment, one.cell.deployment, one.drift)
        for project in found.matrix.projects
        for one in project.cells
    ]
    return sha256(repr((runs, cells)).encode()).hexdigest()[:12]


def _page(asked: Home, found: Seen, seen: str) -> HomePage:
    parts = (
        _part("waiting", "Waits for your word", found.waiting, "waiting_for=me"),
        _part("failed", "Failed within a day", found.failed, "status=failed"),
        _part("under-way", "Under way", found.under_way, "status=open"),
    )
    return HomePage(
        asked=asked,
        seen=seen,
        every=MOVING if found.under_way else STILL,
        parts=[one for one in parts if one.runs],
        board=board(found.matrix.projects),
        more=found.matrix.after or "",
    )


def _part(name: str, title: str, runs: Sequence[RunSummary], query: str) -> Part:
    rows = [run_row(one) for one in runs[:MOST_RUNS]]
    return Part(id=name, title=title, runs=rows, count=len(runs), query=query)
