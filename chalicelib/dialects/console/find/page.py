"""What the list of runs shows."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.run_row import RunRow, run_row
from chalicelib.use_cases.overview.find_runs import FindRuns, find_runs
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class Search:
    """Query: the list of runs. given: the filters as they stand in its address."""

    frame: Frame
    now: datetime
    sought: FindRuns
    given: tuple[tuple[str, str], ...]


@frozen
class Found:
    """What the list shows. more: the query of its next page; empty without one."""

    search: Search
    runs: Sequence[RunRow]
    more: str


def search_page(ports: Ports, search: Search) -> Found:
    """Return the runs that are looked for, newest first. Faults: NotFound for a project that one may not read."""
    found = find_runs(ports, search.sought)
    more = urlencode([*search.given, ("page_from", found.after)]) if found.after else ""
    return Found(search=search, runs=[run_row(one) for one in found.runs], more=more)
