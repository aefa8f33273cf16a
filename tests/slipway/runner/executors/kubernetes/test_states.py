"""What the API server says comes back as states and reasons, and nothing is taken for done that it does not say."""

import threading
from pathlib import Path

import pytest

from slipway.perform.faults import StageFailedError
from slipway.runner.cluster_settings import ClusterSettings
from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway.runner.executors.kubernetes.observed import pod_state
from slipway_formats.workloads.manifest import WorkloadKind
from tests.fakes.kubernetes.cluster import FakeCluster
from tests.fakes.kubernetes.server import Fault
from tests.fakes.kubernetes.store import Json, Place, Refused
from tests.slipway.runner.executors.given import Told, a_manifest, a_task, kept
from tests.walks.api import eventually

DEPLOYMENT = WorkloadKind.DEPLOYMENT
QUOTA = "exceeded quota: compute, requested: pods=1, used: pods=0, limited: pods=0"


def refuse_pods(place: Place, _body: Json) -> None:
    if place.plural == "pods":
        raise Refused(403, "Forbidden", QUOTA)


def a_pod(status: Json, **metadata: object) -> Json:
    main = {"name": "main", "image": "registry/it:1"}
    return {"metadata": {"name": "it-1", **metadata}, "spec": {"containers": [main]}, "status": status}


def of_container(state: Json, last: Json | None = None, **more: object) -> Json:
    return {
        "name": "main",
        "image": "registry/it:1",
        "restartCount": 0,
        "state": state,
        "lastState": last or {},
        **more,
    }


READY = {"conditions": [{"type": "Ready", "status": "True"}], "podIP": "10.0.0.7"}
CRASHED = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
SAID = {
    "it is being made": ({"phase": "Pending"}, ""),
    "its container is being made": (
        {"phase": "Pending", "containerStatuses": [of_container({"waiting": {"reason": "ContainerCreating"}})]},
        "",
    ),
    "its image cannot be pulled": (
        {
            "phase": "Pending",
            "containerStatuses": [of_container({"waiting": {"reason": "ErrImagePull", "message": "not found"}})],
        },
        "ErrImagePull: not found",
    ),
    "it fits on no node": (
        {
            "phase": "Pending",
            "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}
            ],
        },
        "Unschedulable: 0/3 nodes",
    ),
    "it waits to start again": (
        {
            "phase": "Running",
            "containerStatuses": [
                of_container({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}, CRASHED)
            ],
        },
        "exit code 137 (OOMKilled); CrashLoopBackOff: back-off 10s",
    ),
    "its files cannot be unpacked": (
        {
            "phase": "Pending",
            "initContainerStatuses": [of_container({"terminated": {"exitCode": 1, "message": "tar"}})],
        },
        "exit code 1: tar",
    ),
    "it was evicted": (
        {"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."},
        "Evicted: The node was low on resource: memory.",
    ),
    "it has failed": ({"phase": "Failed", "containerStatuses": [of_container(CRASHED)]}, "exit code 137 (OOMKilled)"),
    "it has ended well": (
        {"phase": "Succeeded", "containerStatuses": [of_container({"terminated": {"exitCode": 0}})]},
        "",
    ),
}


@pytest.mark.parametrize(("status", "reason"), SAID.values(), ids=SAID.keys())
def test_why_a_pod_does_not_run_is_said(status: Json, reason: str) -> None:
    state = pod_state(a_pod(status), 80)

    assert (state.phase, state.reason, state.ready, state.address) == (status["phase"], reason, False, "")


def test_a_ready_pod_has_its_address_and_one_that_is_being_deleted_is_not_ready() -> None:
    status = {"phase": "Running", "containerStatuses": [of_container({"running": {}}, CRASHED)], **READY}

    ready, going = pod_state(a_pod(status), 80), pod_state(a_pod(status, deletionTimestamp="2026-01-01T00:00:00Z"), 80)

    assert (ready.ready, ready.address, ready.exit_code, ready.reason) == (True, "http://10.0.0.7:80", 137, "")
    assert (going.ready, going.address) == (False, "")
    assert pod_state(a_pod({**status, "podIP": "fd00::7"}), 80).address == "http://[fd00::7]:80"
    assert pod_state(a_pod({"phase": "of another kind"}), 0).phase == "Unknown"


def test_a_job_whose_pods_a_quota_forbids_waits_and_says_so(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.store.admits.append(refuse_pods)
    codes = list[int]()
    thread = threading.Thread(target=lambda: codes.append(executor.run(a_task(tmp_path, a_manifest("true"), told))))
    thread.start()

    eventually(lambda: told.latest and told.latest[0].reason == f"FailedCreate: {QUOTA}")

    assert told.latest[0].phase == "Pending"
    cluster.store.admits.clear()
    thread.join(20)
    assert codes == [0]


def test_a_deployment_whose_pods_a_quota_forbids_says_so(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.store.admits.append(refuse_pods)
    thread = kept(executor.keep, a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT), told))

    eventually(lambda: told.latest and told.latest[0].reason == QUOTA)

    cluster.store.admits.clear()
    eventually(lambda: told.latest[0].ready)
    told.stop.set()
    thread.join(60)


@pytest.mark.parametrize("kind", [WorkloadKind.JOB, DEPLOYMENT])
def test_what_admission_refuses_fails_with_its_words(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path, kind: WorkloadKind
) -> None:
    said = 'admission webhook "policy.example.com" denied the request: no image of the outside'
    method, path = ("POST", "/jobs") if kind is WorkloadKind.JOB else ("PATCH", "/deployments")
    cluster.calls.faults = [Fault(method, path, status=403, reason="Forbidden", message=said)]
    act = executor.run if kind is WorkloadKind.JOB else executor.keep

    with pytest.raises(StageFailedError, match="denied the request: no image of the outside"):
        act(a_task(tmp_path, a_manifest("true", kind=kind), told))


def test_an_image_that_cannot_be_pulled_yet_is_waited_for(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.kubelet.image_faults["registry/it:1"] = "ImagePullBackOff: Back-off pulling image"
    codes = list[int]()
    task = a_task(tmp_path, a_manifest("true", image="registry/it:1"), told)
    thread = threading.Thread(target=lambda: codes.append(executor.run(task)))
    thread.start()
    eventually(lambda: told.latest and told.latest[0].reason == "ImagePullBackOff: Back-off pulling image")

    cluster.kubelet.image_faults.clear()

    thread.join(20)
    assert codes == [0]


def test_an_image_whose_name_is_none_fails_at_once(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.kubelet.image_faults["registry/it:1"] = "InvalidImageName: couldn't parse image"

    with pytest.raises(StageFailedError, match="cannot start: InvalidImageName"):
        executor.run(a_task(tmp_path, a_manifest("true", image="registry/it:1"), told))

    assert cluster.names("jobs") == []


def test_what_a_failed_pod_left_as_its_last_words_is_in_the_log(
    executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    manifest = a_manifest("sh", "-c", 'echo out of memory > "$0"; exit 3', "/dev/termination-log")

    assert executor.run(a_task(tmp_path, manifest, told)) == 3

    assert told.latest[0].reason.startswith("exit code 3: out of memory")
    assert told.lines == ["its pod: exit code 3: out of memory"]


def test_a_namespace_and_a_deployment_of_others_are_left_alone(
    cluster: FakeCluster, executor: KubernetesExecutor, told: Told, tmp_path: Path
) -> None:
    cluster.store.create("namespaces", "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "staging"}})
    task = a_task(tmp_path, a_manifest("sleep", "1000", kind=DEPLOYMENT), told)

    with pytest.raises(StageFailedError, match="Namespace staging is there already, and is not Slipway's"):
        executor.keep(task)

    ours = {"labels": {"app.kubernetes.io/managed-by": "slipway"}}
    cluster.store.update(
        Place(plural="namespaces", namespace="", name="staging"), lambda one: one["metadata"].update(ours)
    )
    theirs = {"replicas": 0, "template": {"metadata": {"labels": {}}, "spec": {"containers": []}}}
    cluster.store.create("deployments", "staging", {"kind": "Deployment", "metadata": {"name": "it"}, "spec": theirs})
    with pytest.raises(StageFailedError, match="Deployment it is there already, and is not Slipway's"):
        executor.keep(task)


def test_a_cluster_that_is_not_there_breaks_the_task(tmp_path: Path, told: Told) -> None:
    missing = KubernetesExecutor(ClusterSettings(kubeconfig=str(tmp_path / "none")), lambda _: None)

    with pytest.raises(OSError, match="the cluster is not known"):
        missing.run(a_task(tmp_path, a_manifest("true"), told))
