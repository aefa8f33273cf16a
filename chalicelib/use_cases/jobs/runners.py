"""Runners, listed by pool to those whose jobs they do. Noted by note_runner.py."""

from collections.abc import Sequence

from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import Level, projects_of
from chalicelib.kernel.explanation.runner import Runner, is_known, is_up
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class RunnersQuery:
    """Query: the runners that the caller may see. pool: of this pool alone; empty for all."""

    by: Principal
    pool: str = ""


@frozen
class RunnerView:
    """A runner, and whether it has spoken lately."""

    runner: Runner
    is_up: bool


def list_runners(ports: Ports, query: RunnersQuery) -> Sequence[RunnerView]:
    """List runners by pool and name: of pools that do jobs of a project that the caller may read; all for admins."""
    now = ports.clock.now()
    found = ports.runners.of_pool(query.pool) if query.pool else ports.runners.every()
    known = (one for one in found if is_known(one, now) and may_read_pool(ports, query.by, one.pool))
    return [RunnerView(runner=one, is_up=is_up(one, now)) for one in known]


def may_read_pool(ports: Ports, by: Principal, pool: str) -> bool:
    """Whether a pool does jobs of a project that the caller may read; admins see all."""
    if is_admin(by):
        return True
    bound = ports.settings.pool_projects.get(pool)
    return any(may(by, Level.READ, project) for project in (projects_of(by.roles) if bound is None else bound))
