"""How much waits for the caller's word, told often and for little: beside every page."""

from collections.abc import Sequence

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level
from chalicelib.use_cases.overview.find_runs import awaits_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import MOST_RECENT
from chalicelib.use_cases.projects.projects import readable_projects
from slipway_formats.frozen import frozen

MOST_PROJECTS = 25
"""Projects that are looked through, by name: of each at most one query in some seconds, whoever asks."""


@frozen
class WaitingCount:
    """How much waits. is_more: not all was counted, so that it may be more."""

    count: int
    is_more: bool = False


def count_waiting(ports: Ports, by: Principal) -> WaitingCount:
    """Return how much waits for the caller's word, as it was some seconds ago at most."""
    projects = _projects(ports, by)
    lists = [ports.runs.recent_open(name) for name in projects[:MOST_PROJECTS]]
    awaits = awaits_of(ports, by)
    return WaitingCount(
        count=sum(len(awaits(one)) for found in lists for one in found),
        is_more=len(projects) > MOST_PROJECTS or any(len(found) == MOST_RECENT for found in lists),
    )


def _projects(ports: Ports, by: Principal) -> Sequence[str]:
    """Return the names of the projects that the caller may read; for most they stand in their roles."""
    if may(by, Level.READ, EVERY_PROJECT):
        return [one.name for one in ports.projects.recent_projects()]
    return readable_projects(ports, by)
