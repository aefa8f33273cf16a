"""The executor in a fake cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
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
