"""How much a cluster is asked: a few calls for a job, and nothing while what lasts does not change."""

import time
from pathlib import Path

from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway_formats.workloads.manifest import WorkloadKind
from tests.fakes.kubernetes.cluster import FakeCluster
from tests.slipway.runner.executors.given import Told, a_manifest, a_task, kept
from tests.walks.api import eventually

MOST = 15
"""Calls for a plain job, without those that wait until it is removed."""


def test_a_job_takes_few_calls(cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path) -> None:
    executor.run(a_task(tmp_path, a_manifest("true"), Told(), run="W1-1"))
    before = len(cluster.calls.made)

    executor.run(a_task(tmp_path, a_manifest("true"), Told(), run="W1-2"))

    made = cluster.calls.made[before:]
    removed = next(place for place, (method, _) in enumerate(made) if method == "DELETE")
    assert len(made[: removed + 1]) <= MOST, made


def test_what_lasts_asks_nothing_while_nothing_changes(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    manifest = a_manifest("sleep", "1000", kind=WorkloadKind.DEPLOYMENT, replicas=2)
    thread = kept(executor.keep, a_task(tmp_path, manifest, told))
    eventually(lambda: [pod.ready for pod in told.latest] == [True, True])
    time.sleep(1.0)
    before = len(cluster.calls.made)

    time.sleep(2.0)

    assert cluster.calls.made[before:] == []
    told.stop.set()
    thread.join(60)
