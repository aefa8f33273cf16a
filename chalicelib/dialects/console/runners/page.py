"""What the page of runners shows: pools, their runners, and what waits for them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.jobs.pools import PoolView, list_pools
from chalicelib.use_cases.jobs.runners import RunnersQuery, RunnerView
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

UP = Mark(shape="●", tone="ok", word="up")
SILENT = Mark(shape="!", tone="bad", word="silent")
NOBODY = Mark(shape="!", tone="bad", word="no runner is up")


@frozen
class ShowRunners:
    """Query: the page of runners. pool: of this one alone; empty for all. known: what the reader sees."""

    frame: Frame
    by: Principal
    now: datetime
    pool: str = ""
    known: str = ""


@frozen
class RunnersPage:
    """What the page shows."""

    asked: ShowRunners
    live: Live
    pools: Sequence[PoolView]
    up: Mark = UP
    silent: Mark = SILENT
    nobody: Mark = NOBODY


def runners_page(ports: Ports, asked: ShowRunners) -> RunnersPage | Unchanged:
    """Return the pools that do jobs of a project that the reader may read."""

    def look() -> tuple[Pulse, Callable[[Live], RunnersPage]]:
        pools = list_pools(ports, RunnersQuery(by=asked.by, pool=asked.pool))
        return _pulse(pools), lambda live: RunnersPage(asked=asked, live=live, pools=pools)

    return kept_live(ports, asked, look)


def _pulse(pools: Sequence[PoolView]) -> Pulse:
    """Return how the page moves. That one who is up has spoken again is no change: it is said of who is silent."""
    shown = [
        (pool.name, pool.waiting, pool.is_more, pool.oldest, [_shown(one) for one in pool.runners]) for pool in pools
    ]
    return Pulse(mark=mark_of(shown), pace=Pace.WAITING, is_told=False)


def _shown(view: RunnerView) -> tuple[object, ...]:
    one = view.runner
    spoke = None if view.is_up else one.seen_at
    return one.name, view.is_up, spoke, one.slots, one.busy, one.version, one.executor, sorted(one.labels.items())
