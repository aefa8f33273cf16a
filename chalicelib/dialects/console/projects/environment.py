"""What the page of an environment shows: what is or was deployed in it, what was done there, what differs from then."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.dialects.console.deploys.page import deploy_path
from chalicelib.dialects.console.frame.change import ChangePart, change_part
from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.home.board import LOOKS
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.changes.change_set import ChangeSet
from chalicelib.kernel.projects.cell import PHASES, CellPhase
from chalicelib.kernel.projects.deployment import DeploymentState, deployed, running_version
from chalicelib.use_cases.definitions.lists import DefinitionsIn, list_jobs
from chalicelib.use_cases.overview.environment_diff import CompareEnvironments, Moment, compare_environments
from chalicelib.use_cases.overview.environment_history import (
    EnvironmentHistory,
    PastChange,
    PastChanges,
    get_environment_history,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.environments import EnvironmentNamed, get_environment
from slipway_formats.frozen import frozen

MOST_CHANGES = 50


@frozen
class EnvironmentQuery:
    """Query: the page of an environment. at: as it was then; None for now. change: likewise, at this change of those
    that the page shows, the oldest first, from 0; one past the last is now. known: what the reader sees.
    """

    frame: Frame
    by: Principal
    now: datetime
    project: str
    name: str
    at: datetime | None = None
    change: int | None = None
    page_from: str = ""
    known: str = ""


@frozen
class Deployed:
    """What is deployed under a name. again: path of the page that deploys it anew; empty where that is not offered."""

    name: str
    application: str
    version: str
    look: Mark
    again: str = ""


@frozen
class PastRow:
    """Something that was done. version: that it led to. is_at: whether the page shows the environment as it left it."""

    past: PastChange
    what: str
    version: str
    is_at: bool


@frozen
class EnvironmentPage:
    """What the page shows. at: None for now. place, last: of the slider; earlier, later: instants of change beside it.

    differing: what would change if it were as it was then again, with what lies between. more: query of older changes.
    """

    asked: EnvironmentQuery
    live: Live
    crumbs: Sequence[Crumb]
    at: datetime | None
    deployments: Sequence[Deployed]
    history: Sequence[PastRow]
    place: int
    last: int
    earlier: datetime | None
    later: datetime | None
    differing: ChangePart | None
    more: str


def environment_page(ports: Ports, asked: EnvironmentQuery) -> EnvironmentPage | Unchanged:
    """Return what the page of an environment shows. Faults: NotFound, Invalid."""
    return kept_live(ports, asked, lambda: _look(ports, asked), asked.project)


def _look(ports: Ports, asked: EnvironmentQuery) -> tuple[Pulse, Callable[[Live], EnvironmentPage]]:
    page = Page(size=MOST_CHANGES, after=asked.page_from or None)
    query = EnvironmentHistory(project=asked.project, environment=asked.name, page=page)
    found = get_environment_history(ports, query)
    instants = sorted({one.change.at for one in found.changes})
    at = instant_of(asked, instants)
    named = EnvironmentNamed(by=asked.by, project=asked.project, name=asked.name, at=at)
    states = [_deployed(one) for one in get_environment(ports, named).deployments if deployed(one) is not None]
    is_changing = any(one.look == LOOKS[CellPhase.CHANGING] for one in states)
    pulse = Pulse(
        mark=mark_of(states, instants, at, [one.change.id for one in found.changes]),
        pace=Pace.MOVING if is_changing else Pace.WAITING,
    )
    return pulse, lambda live: _page(ports, replace(asked, at=at), live, states, found)


def _page(  # noqa: PLR0917
    ports: Ports, asked: EnvironmentQuery, live: Live, states: Sequence[Deployed], found: PastChanges
) -> EnvironmentPage:
    at, instants = asked.at, sorted({one.change.at for one in found.changes})
    shown = max((one for one in instants if at is not None and one <= at), default=None)
    return EnvironmentPage(
        asked=asked,
        live=live,
        crumbs=[
            Crumb(word=asked.project, path=f"/projects/{asked.project}", tile=tile_of(asked.project)),
            Crumb(word=asked.name),
        ],
        at=at,
        deployments=_offered_again(ports, asked, states),
        history=[_row(one, shown) for one in found.changes],
        place=len(instants) if at is None else max(0, instants.index(shown) if shown is not None else 0),
        last=len(instants),
        earlier=max((one for one in instants if one < (shown or at or asked.now)), default=None),
        later=min((one for one in instants if at is not None and one > at), default=None),
        differing=_differing(ports, asked, at) if at is not None else None,
        more=urlencode({"page_from": found.after}) if found.after else "",
    )


def instant_of(asked: EnvironmentQuery, instants: Sequence[datetime]) -> datetime | None:
    """Return the instant that is asked for. instants: of the changes that the page shows, in order."""
    if asked.change is None:
        return asked.at
    return instants[asked.change] if asked.change < len(instants) else None


def _deployed(state: DeploymentState) -> Deployed:
    stage = deployed(state)
    phase = PHASES.get(stage.code, CellPhase.CHANGING) if stage is not None else CellPhase.EMPTY
    version = running_version(state) or ""
    return Deployed(name=state.name, application=state.release, version=version, look=LOOKS[phase])


def _offered_again(ports: Ports, asked: EnvironmentQuery, past: Sequence[Deployed]) -> Sequence[Deployed]:
    """Return what was deployed, with where it is deployed anew, if there is a job for it and the reader may."""
    if asked.at is None or not may(asked.by, Level.WRITE, asked.project):
        return past
    jobs = list_jobs(ports, DefinitionsIn(by=asked.by, project=asked.project, environment=asked.name))
    known = {one.definition.deployment for one in jobs}
    return [
        replace(one, again=deploy_path(asked.project, asked.name, one.name, one.version))
        if one.name in known and one.version
        else one
        for one in past
    ]


def _row(past: PastChange, shown: datetime | None) -> PastRow:
    change = past.change
    what = change.action.value if change.action is not None else "state written"
    return PastRow(
        past=past,
        what=what if change.went_well else f"{what}, failed",
        version=running_version(change.state) or "",
        is_at=change.at == shown,
    )


def _differing(ports: Ports, asked: EnvironmentQuery, at: datetime) -> ChangePart:
    old, new = Moment(environment=asked.name, at=at), Moment(environment=asked.name)
    diff = compare_environments(ports, CompareEnvironments(by=asked.by, project=asked.project, old=old, new=new))
    return change_part(ChangeSet(deployments=diff.differing))
