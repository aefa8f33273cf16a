"""The Lambda that runs every minute: has what is due soon looked at or performed, and seals the audit log."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import attempt
from chalicelib.use_cases.audit.seal import seal_audit
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Due
from chalicelib.use_cases.runs.sweep import sweep_deliveries, sweep_shard

NOT_AGAIN_WITHIN = timedelta(seconds=10)
"""Sweeps of one machine come each second, and what is overdue stands in the index until somebody has come to it."""


@dataclass(slots=True)
class Minutes:
    """Which minute was the last, in this process. Another process may count the same one: sealing twice is no harm."""

    last: datetime | None = None

    def is_new(self, now: datetime) -> bool:
        """Whether this is another minute than when it was asked before."""
        before, self.last = self.last, now.replace(second=0, microsecond=0)
        return self.last != before


@dataclass(slots=True)
class RecentlyEnqueued:
    """What was told in this process not long ago: where messages lag, more of the same make it worse."""

    latest: dict[Due, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def is_new(self, now: datetime, due: Due) -> bool:
        """Whether this was not told of late; from now on it was."""
        with self._lock:
            is_new = self.latest.get(due, now - NOT_AGAIN_WITHIN) <= now - NOT_AGAIN_WITHIN
            if is_new:
                self.latest[due] = now
        return is_new

    def forget(self, now: datetime) -> None:
        """Keep what was told of late alone."""
        with self._lock:
            self.latest = {due: at for due, at in self.latest.items() if at > now - NOT_AGAIN_WITHIN}


MINUTES = Minutes()
TOLD = RecentlyEnqueued()


def handle(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Sweep and seal."""
    return sweep(wiring.ports(), MINUTES, TOLD)


def sweep(ports: Ports, minutes: Minutes | None = None, told: RecentlyEnqueued | None = None) -> dict[str, Any]:
    """Sweep all shards in parallel; seal once a minute, however often sweeps come and at whichever second.

    minutes: those in which sweeps came before; nothing when none did. told: what they told.
    """
    known = told or RecentlyEnqueued()
    known.forget(ports.clock.now())
    with ThreadPoolExecutor(max_workers=SHARDS) as pool:
        done = list(pool.map(partial(_swept, ports, partial(known.is_new, ports.clock.now())), range(SHARDS)))
    owed = attempt(lambda: sweep_deliveries(ports, ports.settings.sweep_ahead), part="owed")
    now = ports.clock.now()
    sealed = (minutes or Minutes()).is_new(now) and attempt(lambda: seal_audit(ports, now), part="seal")
    return {"swept": sum(done), "owed": owed, "sealed": sealed}


def _swept(ports: Ports, is_new: Callable[[Due], bool], shard: int) -> bool:
    return attempt(lambda: sweep_shard(ports, shard, ports.settings.sweep_ahead, is_new), shard=str(shard))
