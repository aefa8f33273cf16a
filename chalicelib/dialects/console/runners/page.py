"""What the page of runners shows: pools, their runners, and what waits for them."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.jobs.pools import PoolView, list_pools
from chalicelib.use_cases.jobs.runners import RunnersQuery
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

UP = Mark(shape="●", tone="ok", word="up")
SILENT = Mark(shape="!", tone="bad", word="silent")
NOBODY = Mark(shape="!", tone="bad", word="no runner is up")


@frozen
class ShowRunners:
    """Query: the page of runners. pool: of this one alone; empty for all."""

    frame: Frame
    by: Principal
    now: datetime
    pool: str = ""


@frozen
class RunnersPage:
    """What the page shows."""

    asked: ShowRunners
    pools: Sequence[PoolView]
    up: Mark = UP
    silent: Mark = SILENT
    nobody: Mark = NOBODY


def runners_page(ports: Ports, asked: ShowRunners) -> RunnersPage:
    """Return the pools that do jobs of a project that the reader may read."""
    return RunnersPage(asked=asked, pools=list_pools(ports, RunnersQuery(by=asked.by, pool=asked.pool)))
