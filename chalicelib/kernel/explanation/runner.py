"""Runners by pool, as they last spoke. Their leases are in engine/job.py."""

from datetime import datetime, timedelta

from slipway_formats.frozen import frozen

UP_FOR = timedelta(seconds=60)
"""How long a runner counts as up after it spoke: it asks for jobs or holds some every 5 s, and is noted every 15 s."""

KEPT_FOR = timedelta(days=7)
"""How long a runner that no longer speaks is known."""


@frozen
class Runner:
    """A runner of a pool. slots, busy: how many jobs it does at once, and did then; None from one that does not say.

    executor: by which it runs workloads; blank if it runs none.
    """

    pool: str
    name: str
    seen_at: datetime
    slots: int | None = None
    busy: int | None = None
    version: str = ""
    executor: str = ""


def is_up(runner: Runner, now: datetime) -> bool:
    """Whether the runner has spoken lately."""
    return now - runner.seen_at < UP_FOR


def is_known(runner: Runner, now: datetime) -> bool:
    """Whether the runner has spoken within the time for which it is kept."""
    return now - runner.seen_at < KEPT_FOR
