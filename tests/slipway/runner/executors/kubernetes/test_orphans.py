"""What nobody holds is found and removed; what somebody holds, or may yet take over, is not."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.kubernetes.cluster import connect
from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway.runner.executors.kubernetes.orphans import Orphans, look_quietly
from slipway.runner.executors.port import Task
from slipway_formats.workloads.manifest import WorkloadKind
from tests.fakes.kubernetes.cluster import FakeCluster
from tests.fakes.kubernetes.server import Fault
from tests.slipway.runner.executors.given import Told, a_manifest, a_task, kept
from tests.walks.api import eventually

LATER = timedelta(minutes=6)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def left(cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path) -> Iterator[list[str]]:
    """The names of two Jobs: of a job and of a cronjob's fire. They run, as does a deployment."""
    told = (Told(), Told(), Told())
    cron = a_manifest("sleep", "1000", kind=WorkloadKind.CRONJOB, schedule="0 3 * * *")
    lasting = a_manifest("sleep", "1000", kind=WorkloadKind.DEPLOYMENT)
    tasks = [
        a_task(tmp_path, manifest, one, workload=f"W{number}", run=f"W{number}-1")
        for number, (one, manifest) in enumerate(zip(told, (a_manifest("sleep", "1000"), cron, lasting), strict=True))
    ]
    threads = [kept(partial(_run, executor), task) for task in tasks[:2]]
    threads.append(kept(executor.keep, tasks[2]))
    eventually(lambda: all(one.latest and one.latest[0].phase == "Running" for one in told))
    yield cluster.names("jobs")
    for one in told:
        one.stop.set()
    for thread in threads:
        thread.join(20)


def _run(executor: KubernetesExecutor, task: Task) -> None:
    with pytest.raises((StageCancelledError, StageFailedError)):
        executor.run(task)


def test_what_is_held_is_no_orphan(cluster: FakeCluster, left: list[str]) -> None:
    own = connect(cluster.settings)

    assert Orphans(own, "default", now, wait=0).look() == []
    assert Orphans(own, "other", lambda: now() + LATER, wait=0).look() == []

    assert cluster.names("jobs") == left
    own.close()


@pytest.mark.usefixtures("left")
def test_what_nobody_holds_is_removed_once_it_was_seen_for_a_while(cluster: FakeCluster) -> None:
    own = connect(cluster.settings)
    orphans = Orphans(own, "default", lambda: now() + LATER, wait=0.2)

    assert orphans.look() == []
    assert orphans.look() == []
    threading.Event().wait(0.3)
    said = orphans.look()

    assert len(said) == 3
    assert all("nobody has held it" in text for text in said)
    own.close()


@pytest.mark.usefixtures("left")
def test_a_cronjob_is_held_until_after_its_second_fire(cluster: FakeCluster) -> None:
    own = connect(cluster.settings)

    said = Orphans(own, "default", lambda: now() + timedelta(days=3), wait=0).look()

    assert any(text.startswith("CronJob staging/it") for text in said)
    own.close()


def test_a_runner_looks_for_orphans_by_itself_once_it_has_a_task(cluster: FakeCluster, tmp_path: Path) -> None:
    executor = KubernetesExecutor(cluster.settings, lambda _: None, every=0.05)
    before = cluster.calls.count("GET", "/apis/batch/v1/cronjobs")

    executor.run(a_task(tmp_path, a_manifest("true"), Told()))

    eventually(lambda: cluster.calls.count("GET", "/apis/batch/v1/cronjobs") >= before + 2)
    executor.close()


def test_a_cluster_that_does_not_answer_is_asked_another_time(cluster: FakeCluster) -> None:
    own, said = connect(cluster.settings), list[str]()
    cluster.calls.faults = [Fault("GET", "/jobs", 1, status=403, message="no rights")]

    look_quietly(Orphans(own, "default", now), said.append)

    assert said == ["nobody looked for orphans: no rights"]
    own.close()
