"""The executor in a fake cluster."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway.runner.executors.port import Task
from tests.fakes.kubernetes.cluster import FakeCluster, fake_cluster


@contextmanager
def executor_in(folder: Path) -> Iterator[KubernetesExecutor]:
    """An executor, and a cluster of its own."""
    with fake_cluster(folder / "cluster") as cluster, executor_of(cluster) as made:
        yield made


@contextmanager
def executor_of(cluster: FakeCluster) -> Iterator[KubernetesExecutor]:
    """An executor of a cluster, as each runner has one."""
    made = KubernetesExecutor(cluster.settings, lambda _: None)
    try:
        yield made
    finally:
        made.close()


def a_dying_runner(executor: KubernetesExecutor, task: Task) -> threading.Thread:
    """A runner of which nobody hears again: what becomes of its run does not matter."""

    def run() -> None:
        with suppress(StageFailedError, StageCancelledError, OSError):
            executor.run(task)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
