"""The executor `kubernetes`: workloads run in a cluster, which restarts, replaces and updates their pods."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from slipway.perform.faults import StageCancelledError
from slipway.runner.cluster_settings import ClusterSettings
from slipway.runner.executors.kubernetes.building import image_of
from slipway.runner.executors.kubernetes.cluster import TIMEOUT, Cluster, connect
from slipway.runner.executors.kubernetes.grounds import Grounds
from slipway.runner.executors.kubernetes.job_run import run_job
from slipway.runner.executors.kubernetes.lasting import Lasting
from slipway.runner.executors.kubernetes.objects.publishing import unpublished_because
from slipway.runner.executors.kubernetes.orphans import EVERY, Orphans, OrphanWatch
from slipway.runner.executors.port import Executor, Task
from slipway_formats.override import override
from slipway_formats.workloads.manifest import Manifest


class KubernetesExecutor(Executor):
    """Runs workloads in one cluster, which is found with the first task. say: to whoever runs the runner.

    timeout: seconds after which an answer comes too late. every: seconds between two looks for orphans.
    """

    name = "kubernetes"

    def __init__(
        self, settings: ClusterSettings, say: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC), *, timeout: float = TIMEOUT, every: float = EVERY,
    ) -> None:  # fmt: skip
        self._settings, self._say, self._now, self._timeout, self._every = settings, say, now, timeout, every
        self._cluster: Cluster | None = None
        self._watches: dict[str, OrphanWatch] = {}
        self._lock = threading.Lock()

    @override
    def notes(self, manifest: Manifest) -> tuple[str, ...]:
        return tuple(_notes(manifest, self._settings))

    @override
    def run(self, task: Task) -> int:
        grounds = self._grounds(task)
        grounds.prepare()
        return run_job(grounds, image_of(grounds))

    @override
    def keep(self, task: Task) -> None:
        grounds = self._grounds(task)
        try:
            grounds.prepare()
            Lasting(grounds=grounds).keep()
        except StageCancelledError:
            # Stopped before it was there.
            return

    def close(self) -> None:
        """Close all connections."""
        for watch in self._watches.values():
            watch.close()
        if self._cluster is not None:
            self._cluster.close()

    def _grounds(self, task: Task) -> Grounds:
        with self._lock:
            self._cluster = self._cluster or connect(self._settings, self._timeout)
            if task.pool not in self._watches:
                orphans = Orphans(self._cluster, task.pool, self._now)
                self._watches[task.pool] = OrphanWatch(orphans, self._say, every=self._every)
        return Grounds(cluster=self._cluster, settings=self._settings, task=task, now=self._now)


def _notes(manifest: Manifest, settings: ClusterSettings) -> Iterator[str]:
    published = manifest.published
    if published is not None and (why := unpublished_because(published, settings)):
        yield f"no Ingress publishes {published.prefix}: {why}"
    if manifest.container_port:
        yield "its pods are reached by their own addresses: programs must listen at all of them, not at localhost"
