"""Runners by pool, as they last spoke. Their leases are in engine/job.py."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from slipway_formats.frozen import frozen

UP_FOR = timedelta(seconds=60)
"""How long a runner counts as up after it spoke: one that is woken asks for jobs every 54 s at most."""

KEPT_FOR = timedelta(days=7)
"""How long a runner that no longer speaks is known."""


POOL_TOPIC = "pool/"


@frozen
class Runner:
    """A runner of a pool. slots, busy: how many jobs it does at once, and did then; None from one that does not say.

    executor: by which it runs workloads; blank if it runs none. drained_by: who keeps new jobs from it; empty if nobody
    does. labels: what else it says of itself, by name.
    """

    pool: str
    name: str
    seen_at: datetime
    slots: int | None = None
    busy: int | None = None
    version: str = ""
    executor: str = ""
    drained_by: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def is_up(runner: Runner, now: datetime) -> bool:
    """Whether the runner has spoken lately."""
    return now - runner.seen_at < UP_FOR


def is_known(runner: Runner, now: datetime) -> bool:
    """Whether the runner has spoken within the time for which it is kept."""
    return now - runner.seen_at < KEPT_FOR


def topic_of(pool: str) -> str:
    """Return the topic of waiting jobs of a pool. No run has such an id."""
    return f"{POOL_TOPIC}{pool}"


def is_of_pool(topic: str) -> bool:
    """Whether a topic is that of a pool."""
    return topic.startswith(POOL_TOPIC)
