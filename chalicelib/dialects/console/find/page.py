"""What the list of runs shows, and what is done with all that is chosen in it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.dialects.console.frame.decide import DecideByForm
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.outcomes import Outcomes, decide_by_forms
from chalicelib.dialects.console.frame.run_row import RunRow, run_row
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.phase import BAD, WAITING, Phase
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
class ActOnFound:
    """Command: cancel or retry what is chosen in the list, and see the list after it."""

    search: Search
    decisions: tuple[DecideByForm, ...]


@frozen
class Found:
    """What the list shows. more: the query of its next page; empty without one. choosable: runs that the reader may
    cancel or retry. outcomes: of what the reader has just done.
    """

    search: Search
    live: Live
    runs: Sequence[RunRow]
    more: str
    choosable: Collection[str]
    outcomes: Outcomes = Outcomes()

    @property
    def address(self) -> str:
        """Return the query of the list as it is shown."""
        after = self.search.sought.page.after
        return urlencode([*self.search.given, *([("page_from", after)] if after else [])])


def search_page(ports: Ports, search: Search) -> Found | Unchanged:
    """Return the runs that are looked for, newest first. Faults: NotFound for a project that one may not read."""
    return kept_live(ports, search, lambda: _look(ports, search), search.sought.project)


def act_on_found(ports: Ports, command: ActOnFound) -> Found:
    """Cancel or retry what is chosen, and return the list then, with what became of each.

    Faults: Forbidden or NotFound for who may do none of it; Invalid; Unauthenticated, before anything is done.
    """
    outcomes = decide_by_forms(ports, command.decisions)
    pulse, page = _look(ports, command.search)
    return replace(page(Live(known=pulse.mark, every=pulse.pace)), outcomes=outcomes)


def _look(ports: Ports, search: Search) -> tuple[Pulse, Callable[[Live], Found]]:
    found = find_runs(ports, search.sought)
    more = urlencode([*search.given, ("page_from", found.after)]) if found.after else ""
    rows = [run_row(one) for one in found.runs]
    choosable = {one.id for one in found.runs if _may_act(search.by, one)}
    return pulse_of(found.runs), lambda live: Found(search=search, live=live, runs=rows, more=more, choosable=choosable)


def _may_act(by: Principal, run: RunSummary) -> bool:
    """Whether the reader may cancel the run, or retry it."""
    is_worth_it = run.is_open or run.phase in BAD - {Phase.SUPERSEDED}
    return is_worth_it and may(by, Level.WRITE, run.definition.project)


def pulse_of(runs: Sequence[RunSummary]) -> Pulse:
    """Return how a list of runs moves."""
    rows = [run_row(one) for one in runs]
    going = [one for one in runs if one.is_open]
    is_moving = any(not one.awaits and one.phase not in WAITING for one in going)
    pace = Pace.MOVING if is_moving else Pace.WAITING
    return Pulse(mark=mark_of(rows), pace=pace, runs=[one.id for one in going])
