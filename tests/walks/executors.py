"""Platforms whose workloads run by one executor or another: the walks of workloads go on each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.kubernetes.network import NETWORK
from tests.walks.site import Site

EXECUTORS = ("process", "kubernetes")


@contextmanager
def executor_settings(executor: str, folder: Path) -> Iterator[dict[str, str]]:
    """The variables of a platform with this executor; of `kubernetes` with a fake cluster, while the block runs."""
    if executor == "process":
        yield {}
        return
    pytest.importorskip("kubernetes_validate", reason="make test-kubernetes has it")
    from tests.fakes.kubernetes.cluster import fake_cluster  # what it imports may not be installed

    with fake_cluster(folder / "cluster") as cluster:
        own = {"SLIPWAY_KUBERNETES_KUBECONFIG": str(cluster.kubeconfig), "SLIPWAY_POD_NETWORKS": NETWORK}
        yield {"SLIPWAY_EXECUTOR": executor, **own}


@contextmanager
def site_in(folder: Path, executor: str) -> Iterator[Site]:
    """A platform of its own with this executor, while the block runs."""
    with executor_settings(executor, folder) as settings:
        site = Site(folder=folder, settings=settings)
        try:
            site.up()
            yield site
        finally:
            site.end()
