"""What the list of runs shows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.run_row import RunRow, run_row
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.phase import WAITING
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.use_cases.overview.find_runs import FindRuns, find_runs
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class Search:
    """Query: the list of runs. given: the filters as they stand in its address. known: what the reader sees."""

    frame: Frame
    now: datetime
    sought: FindRuns
    given: tuple[tuple[str, str], ...]
    known: str = ""

    @property
    def by(self) -> Principal:
        """Return who asks."""
        return self.sought.by


@frozen
class Found:
    """What the list shows. more: the query of its next page; empty without one."""

    search: Search
    live: Live
    runs: Sequence[RunRow]
    more: str


def search_page(ports: Ports, search: Search) -> Found | Unchanged:
    """Return the runs that are looked for, newest first. Faults: NotFound for a project that one may not read."""

    def look() -> tuple[Pulse, Callable[[Live], Found]]:
        found = find_runs(ports, search.sought)
        more = urlencode([*search.given, ("page_from", found.after)]) if found.after else ""
        rows = [run_row(one) for one in found.runs]
        return pulse_of(found.runs), lambda live: Found(search=search, live=live, runs=rows, more=more)

    return kept_live(ports, search, look, search.sought.project)


def pulse_of(runs: Sequence[RunSummary]) -> Pulse:
    """Return how a list of runs moves."""
    rows = [run_row(one) for one in runs]
    going = [one for one in runs if one.is_open]
    is_moving = any(not one.awaits and one.phase not in WAITING for one in going)
    pace = Pace.MOVING if is_moving else Pace.WAITING
    return Pulse(mark=mark_of(rows), pace=pace, runs=[one.id for one in going])
