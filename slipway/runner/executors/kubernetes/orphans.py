"""Orphans: what of ours nobody holds any more, as its runner died and no other took it over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from slipway.runner.executors.kubernetes.cluster import Cluster, ClusterError
from slipway.runner.executors.kubernetes.objects.json_object import (
    CRON_JOB,
    DEPLOYMENT,
    JOB,
    Json,
    Kind,
    condition_of,
    held_until,
    is_deleting,
    name_of,
    uid_of,
)
from slipway.runner.executors.kubernetes.objects.labels import HOLD, own_selector, selector_of

EVERY = 60.0
"""Seconds between two looks."""

_KINDS = (JOB, DEPLOYMENT, CRON_JOB)


class Orphans:
    """Removes what nobody holds, in all namespaces, of one pool. Thread-safe.

    wait: seconds for which it must have been seen as an orphan: a platform that comes back after hours hands out first
    what this runner, or another, takes over.
    """

    def __init__(
        self, cluster: Cluster, pool: str, now: Callable[[], datetime], *, wait: float = HOLD.total_seconds()
    ) -> None:
        self._cluster, self._selector, self._now, self._wait = cluster, selector_of(own_selector(pool)), now, wait
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def look(self) -> list[str]:
        """Remove orphans, and return them in words. Faults: ClusterError."""
        with self._lock:
            now = time.monotonic()
            found = [(kind, one) for kind in _KINDS for one in self._of(kind) if self._is_orphan(one)]
            self._seen = {uid_of(one): self._seen.get(uid_of(one), now) for _, one in found}
            due = [(kind, one) for kind, one in found if now - self._seen[uid_of(one)] >= self._wait]
        return [self._removed(kind, one) for kind, one in due]

    def _of(self, kind: Kind) -> list[Json]:
        return self._cluster.listed(kind, labelSelector=self._selector)[0]

    def _is_orphan(self, found: Json) -> bool:
        # A Job that has ended goes by itself.
        has_ended = any(condition_of(found, kind) is not None for kind in ("Complete", "Failed"))
        until = held_until(found)
        return not has_ended and not is_deleting(found) and until is not None and until < self._now()

    def _removed(self, kind: Kind, found: Json) -> str:
        namespace = str(found["metadata"]["namespace"])
        self._cluster.delete(kind, namespace, name_of(found), uid_of(found))
        return f"{kind.name} {namespace}/{name_of(found)} is removed: nobody has held it since {held_until(found)}"


class OrphanWatch:
    """Looks for orphans now and then, by a thread of its own, until it is closed. say: to whoever runs the runner."""

    def __init__(self, orphans: Orphans, say: Callable[[str], None], *, every: float = EVERY) -> None:
        self._orphans, self._say, self._every = orphans, say, every
        self._closed = threading.Event()
        threading.Thread(target=self._run, name="orphans", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(self._every):
            look_quietly(self._orphans, self._say)


def look_quietly(orphans: Orphans, say: Callable[[str], None]) -> None:
    """Look for orphans; what cannot be done now is done another time."""
    try:
        for removed in orphans.look():
            say(removed)
    except ClusterError as error:
        say(f"nobody looked for orphans: {error}")
