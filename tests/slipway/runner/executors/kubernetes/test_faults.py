"""Whatever goes wrong between a runner and its cluster, the end is the same: one start, one end, no line twice."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway_formats.workloads.manifest import WorkloadKind
from tests.fakes.kubernetes.cluster import FakeCluster
from tests.fakes.kubernetes.server import Fault
from tests.fakes.kubernetes.store import Place
from tests.slipway.runner.executors.given import Told, a_manifest, a_task, kept
from tests.slipway.runner.executors.kubernetes.given import a_dying_runner, executor_of
from tests.walks.api import eventually

COUNT = "for n in 1 2 3 4 5 6; do echo line $n; sleep 0.1; done; exit 4"
LINES = [f"line {number}" for number in range(1, 7)]
DEPLOYMENT = WorkloadKind.DEPLOYMENT

AWRY = {
    "a throttled create": [Fault("POST", "/jobs", 2, status=429, retry_after=1)],
    "a failing server": [Fault("POST", "/jobs", 2, status=500), Fault("PATCH", "/jobs", 1, status=503)],
    "an answer that gets lost": [Fault("POST", "/jobs", is_cut=True, is_done=True)],
    "a call that gets lost": [Fault("POST", "/jobs", is_cut=True), Fault("PATCH", "/secrets", is_cut=True)],
    "a secret whose answer gets lost": [Fault("PATCH", "/secrets", is_cut=True, is_done=True)],
    "watches that break": [Fault("GET", "watch=true", 3, is_cut=True, is_done=True)],
    "watches that fail": [Fault("GET", "watch=true", 4, status=500)],
    "watches that are too old": [Fault("GET", "watch=true", 2, status=410)],
    "a log that breaks": [Fault("GET", "/log", 3, is_cut=True, is_done=True)],
    "a log that is refused at first": [Fault("GET", "/log", 2, status=500)],
    "a lost answer to the removal": [Fault("DELETE", "/jobs", is_cut=True, is_done=True)],
    "a failing removal": [Fault("DELETE", "/jobs", 2, status=500)],
    "a slow server": [Fault("GET", "/pods", 3, delay=0.5), Fault("POST", "/jobs", delay=0.5)],
}


@pytest.mark.parametrize("faults", AWRY.values(), ids=AWRY.keys())
def test_a_job_comes_to_the_same_end(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path, faults: list[Fault]
) -> None:
    cluster.calls.faults = [Fault(**vars(fault)) for fault in faults]
    manifest = a_manifest("sh", "-c", f'test "$KEY" = hunter2 && {COUNT}')

    assert executor.run(a_task(tmp_path, manifest, told, KEY="hunter2")) == 4

    assert told.lines == LINES
    assert [(pod.phase, pod.exit_code, pod.restarts) for pod in told.latest] == [("Failed", 4, 0)]
    # A job may end before a watch is asked for as often as it could break: not so before it did once.
    assert all(left.times < fault.times for left, fault in zip(cluster.calls.faults, faults, strict=True))
    eventually(lambda: cluster.names("jobs") + cluster.names("pods") + cluster.names("secrets") == [])


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/jobs"), ("PATCH", "/secrets"), ("PATCH", "/jobs"), ("DELETE", "/jobs")]
)
def test_an_answer_that_comes_after_the_time_out_changes_nothing(
    cluster: FakeCluster, told: Told, tmp_path: Path, method: str, path: str
) -> None:
    cluster.calls.faults = [Fault(method, path, delay=1.2)]
    impatient = KubernetesExecutor(cluster.settings, lambda _: None, timeout=0.8)

    assert impatient.run(a_task(tmp_path, a_manifest("sh", "-c", COUNT), told, KEY="hunter2")) == 4

    assert told.lines == LINES
    assert cluster.calls.count(method, path) == 2
    eventually(lambda: cluster.names("jobs") + cluster.names("pods") + cluster.names("secrets") == [])
    impatient.close()


def test_a_job_that_cannot_be_removed_has_ended_all_the_same(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.calls.faults = [Fault("DELETE", "/jobs", 50, status=403, message="not now")]

    assert executor.run(a_task(tmp_path, a_manifest("true"), told)) == 0

    assert any("is not removed now, and goes as an orphan: not now" in line for line in told.lines)


def test_a_cluster_that_is_away_for_a_while_loses_nothing(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    codes = list[int]()
    task = a_task(tmp_path, a_manifest("sh", "-c", COUNT), told)
    thread = threading.Thread(target=lambda: codes.append(executor.run(task)))
    thread.start()
    eventually(lambda: "line 2" in told.lines)

    cluster.calls.faults = [Fault("GET", "", 25, is_cut=True)]

    thread.join(60)
    assert codes == [4]
    assert told.lines == LINES


def test_a_watch_that_breaks_is_taken_up_where_it_was(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.calls.faults = [Fault("GET", "watch=true", 4, is_cut=True, is_done=True)]

    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT, replicas=3), told))
    eventually(lambda: [pod.ready for pod in told.latest] == [True, True, True])

    lists = [
        path for method, path in cluster.calls.made if method == "GET" and "/pods?" in path and "watch" not in path
    ]
    assert all("continue" in path for path in lists[1:])
    told.stop.set()
    thread.join(60)


def test_a_watch_that_is_told_410_lists_again(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.calls.faults = [Fault("GET", "watch=true", 2, is_cut=True, is_done=True)]
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT, replicas=3), told))
    for _ in range(20):
        cluster.store.forget()
        threading.Event().wait(0.05)

    eventually(lambda: [pod.ready for pod in told.latest] == [True, True, True])

    told.stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_two_runners_that_start_the_same_attempt_start_it_once(
    cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path
) -> None:
    codes = list[int]()
    manifest = a_manifest("sh", "-c", "echo x >> $MARK; sleep 1", env={"MARK": str(tmp_path / "mark")})

    def run(by: KubernetesExecutor) -> None:
        # Who is slower may find that the other has removed the Job already.
        with suppress(StageFailedError):
            codes.append(by.run(a_task(tmp_path, manifest, Told())))

    with executor_of(cluster) as other:
        threads = [threading.Thread(target=run, args=(each,)) for each in (executor, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    assert (tmp_path / "mark").read_text() == "x\n"
    assert 0 in codes


def test_a_runner_that_dies_is_followed_by_one_that_finds_the_job(
    cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path
) -> None:
    first, second = Told(), Told()
    manifest = a_manifest("sh", "-c", f"echo x >> $MARK; {COUNT}", env={"MARK": str(tmp_path / "mark")})
    a_dying_runner(executor, a_task(tmp_path, manifest, first))
    eventually(lambda: "line 2" in first.lines)

    with executor_of(cluster) as other:
        assert other.run(a_task(tmp_path, manifest, second)) == 4

    assert second.lines == LINES
    assert (tmp_path / "mark").read_text() == "x\n"


@pytest.mark.parametrize("died_before", ["/secrets", "PATCH /jobs"])
def test_a_job_that_was_left_half_begun_is_begun(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path, died_before: str
) -> None:
    method, path = ("PATCH", died_before.rpartition(" ")[2])
    cluster.calls.faults = [Fault(method, path, 50, status=400)]
    task = a_task(tmp_path, a_manifest("sh", "-c", 'echo "$KEY" | wc -c'), told, KEY="hunter2")
    with pytest.raises(StageFailedError):
        executor.run(task)
    assert cluster.names("jobs") != []
    assert cluster.names("pods") == []
    cluster.calls.faults = []

    assert executor.run(task) == 0

    assert told.lines == ["8"]


def test_what_an_earlier_attempt_has_left_is_removed_before_the_next_begins(
    cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path
) -> None:
    first, second = Told(), Told()
    manifest = a_manifest("sh", "-c", "echo up; exec sleep 1000")
    a_dying_runner(executor, a_task(tmp_path, manifest, first))
    eventually(lambda: "up" in first.lines)
    threading.Timer(1.5, second.stop.set).start()

    with executor_of(cluster) as other, pytest.raises(StageCancelledError):
        other.run(a_task(tmp_path, manifest, second, attempt=2))

    assert any("of an earlier attempt is removed" in line for line in second.lines)
    assert second.lines.count("up") == 1
    assert cluster.names("pods") == []


def test_an_evicted_pod_is_replaced_and_counts_as_no_attempt(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    manifest = a_manifest(
        "sh", "-c", "echo at it; test -e $MARK || exec sleep 1000", env={"MARK": str(tmp_path / "mark")}
    )
    codes = list[int]()
    thread = threading.Thread(target=lambda: codes.append(executor.run(a_task(tmp_path, manifest, told))))
    thread.start()
    eventually(lambda: "at it" in told.lines)
    (tmp_path / "mark").touch()

    cluster.kubelet.pod(told.latest[0].name).evict("The node was low on resource: memory.")

    thread.join(20)
    assert codes == [0]
    assert any("Evicted: The node was low on resource: memory.; another one is tried" in line for line in told.lines)
    assert [(pod.phase, pod.restarts) for pod in told.latest] == [("Succeeded", 1)]


def test_a_deployments_evicted_pod_is_replaced(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT, replicas=2), told))
    eventually(lambda: [pod.ready for pod in told.latest] == [True, True])
    victim = told.latest[0].name

    cluster.kubelet.pod(victim).evict("The node was low on resource: memory.")

    eventually(lambda: victim not in {pod.name for pod in told.latest} and all(pod.ready for pod in told.latest))
    assert len(told.latest) == 2
    assert any(f"pod {victim}: Evicted" in line and "another takes its place" in line for line in told.lines)
    told.stop.set()
    thread.join(60)


def test_a_deployment_that_somebody_deletes_is_made_anew(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT), told, KEY="hunter2"))
    eventually(lambda: told.latest and told.latest[0].ready)
    first = told.latest[0].name

    cluster.store.delete(Place(plural="deployments", namespace="staging", name="it"), foreground=True)

    eventually(lambda: told.latest and told.latest[0].ready and told.latest[0].name != first)
    told.stop.set()
    thread.join(60)
    eventually(lambda: cluster.names("deployments") + cluster.names("pods") + cluster.names("secrets") == [])


def test_a_deployment_runs_on_while_its_runner_is_away_and_its_pods_are_taken_over(
    cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path
) -> None:
    first, second = Told(), Told()
    manifest = a_manifest("sh", "-c", "echo up $$$$; exec sleep 1000", kind=DEPLOYMENT)
    thread = kept(executor.keep, a_task(tmp_path, manifest, first))
    eventually(lambda: first.latest and first.latest[0].ready and any("up" in line for line in first.lines))
    first.is_handed_back = True
    first.stop.set()
    thread.join(60)
    before = cluster.names("pods")

    with executor_of(cluster) as other:
        thread = kept(other.keep, a_task(tmp_path, manifest, second, run="W1-2"))
        eventually(lambda: second.latest and second.latest[0].ready)
        second.stop.set()
        thread.join(60)

    assert [second.latest[0].name] == before
    assert not any("] up" in line for line in second.lines)
    assert cluster.names("pods") == []


def test_a_namespace_that_is_ending_is_waited_for_and_made_anew(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    task = a_task(tmp_path, a_manifest("true"), told)
    assert executor.run(task) == 0
    (namespace,) = cluster.store.of("namespaces")
    place = Place(plural="namespaces", namespace="", name="staging")
    held = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "held", "finalizers": ["example.com/held"]}}
    cluster.store.create("configmaps", "staging", held)
    cluster.store.delete(place)
    threading.Timer(1, _let_go, args=(cluster,)).start()

    assert executor.run(task) == 0

    assert cluster.store.get(place)["metadata"]["uid"] != namespace["metadata"]["uid"]


def _let_go(cluster: FakeCluster) -> None:
    place = Place(plural="configmaps", namespace="staging", name="held")
    cluster.store.update(place, lambda one: one["metadata"].update(finalizers=[]))


def test_a_finalizer_of_another_holds_up_the_removal_and_is_waited_for(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT), told))
    eventually(lambda: told.latest and told.latest[0].ready)
    place = Place(plural="deployments", namespace="staging", name="it")
    cluster.store.update(place, lambda one: one["metadata"].update(finalizers=["example.com/held"]))

    told.stop.set()

    eventually(lambda: cluster.names("pods") == [])
    assert thread.is_alive()
    cluster.store.update(place, lambda one: one["metadata"].update(finalizers=[]))
    thread.join(60)
    assert not thread.is_alive()
