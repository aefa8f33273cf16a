"""Pools of runners with who is in them and what waits for them, as those see it whose jobs they do."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.jobs.runners import RunnersQuery, RunnerView, list_runners, may_read_pool
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

DEFAULT = "default"
MOST_WAITING = 100
"""Waiting jobs of a pool that are counted; of more it is told that they are more."""


@frozen
class PoolView:
    """A pool. waiting: jobs of the caller's projects that wait; is_more: beside others that were not counted.

    oldest: since when the first of them waits.
    """

    name: str
    runners: Sequence[RunnerView]
    waiting: int
    is_more: bool
    oldest: datetime | None

    @property
    def is_up(self) -> bool:
        """Whether a runner of it has spoken lately."""
        return any(one.is_up for one in self.runners)

    @property
    def slots(self) -> int:
        """How many jobs the runners that are up do at once."""
        return sum(one.runner.slots or 1 for one in self.runners if one.is_up)

    @property
    def busy(self) -> int:
        """How many jobs the runners that are up did when they last spoke."""
        return sum(one.runner.busy or 0 for one in self.runners if one.is_up)


def list_pools(ports: Ports, query: RunnersQuery) -> Sequence[PoolView]:
    """List the pools that do jobs of a project that the caller may read, by name."""
    runners: dict[str, list[RunnerView]] = {}
    for view in list_runners(ports, query):
        runners.setdefault(view.runner.pool, []).append(view)
    named = {query.pool} if query.pool else {DEFAULT, *ports.settings.pool_projects}
    pools = {*runners, *(pool for pool in named if may_read_pool(ports, query.by, pool))}
    return [_pool(ports, query, pool, runners.get(pool, ())) for pool in sorted(pools)]


def _pool(ports: Ports, query: RunnersQuery, pool: str, runners: Sequence[RunnerView]) -> PoolView:
    found = ports.jobs.waiting(pool, MOST_WAITING + 1)
    own = [job for job in found[:MOST_WAITING] if may(query.by, Level.READ, job.project)]
    return PoolView(
        name=pool,
        runners=runners,
        waiting=len(own),
        is_more=len(found) > MOST_WAITING,
        oldest=min((job.created_at for job in own), default=None),
    )
