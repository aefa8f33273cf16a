"""These tests need packages that not everybody has: `make test-kubernetes` installs them."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.slipway.runner.executors.given import Told

if TYPE_CHECKING:
    from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
    from tests.fakes.kubernetes.cluster import FakeCluster

collect_ignore_glob = [] if find_spec("kubernetes_validate") else ["test_*.py"]


@pytest.fixture
def cluster(tmp_path: Path) -> "Iterator[FakeCluster]":
    from tests.fakes.kubernetes.cluster import fake_cluster  # what it imports may not be installed

    with fake_cluster(tmp_path / "cluster") as made:
        yield made


@pytest.fixture
def executor(cluster: "FakeCluster") -> "Iterator[KubernetesExecutor]":
    from tests.slipway.runner.executors.kubernetes.given import executor_of  # likewise

    with executor_of(cluster) as made:
        yield made


@pytest.fixture
def told() -> Told:
    return Told()
