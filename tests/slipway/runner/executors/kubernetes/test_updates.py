"""What lasts is updated by its Deployment, which rolls; what belonged to the version before goes once that is gone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway_formats.workloads.manifest import Published, WorkloadKind
from tests.fakes.kubernetes.cluster import FakeCluster
from tests.slipway.runner.executors.given import LISTEN, Told, a_manifest, a_task, kept
from tests.walks.api import eventually


def a_service(**more: Any) -> Any:  # noqa: ANN401 - fields of a manifest
    return a_manifest(
        "python3", "-c", LISTEN, kind=WorkloadKind.SERVICE, container_port=5000,
        published=Published(prefix="/it/"), **more,
    )  # fmt: skip


def test_an_update_rolls_out_beside_the_old_version_which_leaves_it_alone(
    cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path
) -> None:
    old, new = Told(), Told()
    first = kept(executor.keep, a_task(tmp_path, a_service(env={"V": "1"}), old, workload="W1", KEY="of 1"))
    eventually(lambda: old.latest and old.latest[0].ready)
    service = cluster.store.of("services")[0]["metadata"]["uid"]

    second = kept(
        executor.keep, a_task(tmp_path, a_service(env={"V": "2"}), new, workload="W2", run="W2-1", KEY="of 2")
    )
    eventually(lambda: new.latest and new.latest[0].ready)
    eventually(lambda: old.latest == ())
    old.stop.set()
    first.join(60)

    assert not first.is_alive()
    assert new.latest[0].ready
    assert cluster.names("deployments") == ["it"]
    assert [one["metadata"]["uid"] for one in cluster.store.of("services")] == [service]
    eventually(lambda: len(cluster.names("secrets")) == 1)
    new.stop.set()
    second.join(60)
    eventually(lambda: not any(map(cluster.names, ("deployments", "services", "secrets", "pods"))))


def test_a_version_that_never_comes_up_leaves_the_old_one_serving(
    cluster: FakeCluster, executor: KubernetesExecutor, tmp_path: Path
) -> None:
    old, new = Told(), Told()
    first = kept(executor.keep, a_task(tmp_path, a_service(), old, workload="W1"))
    eventually(lambda: old.latest and old.latest[0].ready)

    wrong = a_manifest("sh", "-c", "exit 3", kind=WorkloadKind.SERVICE, container_port=5000)
    second = kept(executor.keep, a_task(tmp_path, wrong, new, workload="W2", run="W2-1"))

    eventually(lambda: new.latest and new.latest[0].restarts >= 2 and "exit code 3" in new.latest[0].reason)
    assert old.latest[0].ready
    for told, thread in ((old, first), (new, second)):
        told.stop.set()
        thread.join(60)
    eventually(lambda: cluster.names("pods") == [])


def test_a_published_service_has_an_ingress_which_goes_with_it(
    cluster: FakeCluster, tmp_path: Path, told: Told
) -> None:
    settings = replace(cluster.settings, ingress_class="nginx", ingress_host="a.example", ingress_auth="http://slipway")
    executor = KubernetesExecutor(settings, lambda _: None)
    thread = kept(executor.keep, a_task(tmp_path, a_service(), told))
    eventually(lambda: told.latest and told.latest[0].ready)

    assert cluster.names("ingresses") == ["it"]
    told.stop.set()
    thread.join(60)
    eventually(lambda: cluster.names("ingresses") == [])
    executor.close()
