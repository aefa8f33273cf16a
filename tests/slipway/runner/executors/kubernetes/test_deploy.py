"""The manifests that put a runner into a cluster: valid, without privileges, and with the rights that it uses alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from slipway.runner import settings
from slipway.runner.executors.kubernetes.cluster import connect
from slipway.runner.executors.kubernetes.executor import KubernetesExecutor
from slipway.runner.executors.kubernetes.orphans import Orphans
from slipway.runner.settings import ExecutorName
from slipway_formats.workloads.manifest import Published, WorkloadKind
from tests.fakes.kubernetes.cluster import VERSION, FakeCluster
from tests.fakes.kubernetes.store import Json, Place, Refused
from tests.slipway.runner.executors.given import LISTEN, Told, a_manifest, a_task, kept
from tests.slipway.runner.executors.kubernetes.given import a_dying_runner
from tests.walks.api import eventually

FOLDER = Path(__file__).parents[5] / "deploy" / "kubernetes"
FILES = sorted(FOLDER.glob("*.yaml"))
OBJECTS: list[dict[str, Any]] = [one for path in FILES for one in yaml.safe_load_all(path.read_text())]
OF_FINALIZERS = {("batch", "jobs/finalizers", "update"), ("apps", "deployments/finalizers", "update")}
CALL = re.compile(r"/(?:api|apis/([a-z0-9.]+))/v1(?:/namespaces/[^/?]+(?=/))?/([a-z]+)(/[^/?]+)?(/log)?(?:\?(.*))?")
VERBS = {"POST": ["create"], "DELETE": ["delete"], "PATCH": ["patch"]}


def the(kind: str) -> dict[str, Any]:
    return next(one for one in OBJECTS if one["kind"] == kind)


def used(calls: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """The rights that calls take: API group, resource, verb."""
    for method, path in calls:
        found = CALL.fullmatch(path)
        assert found is not None, path
        group, plural, name, log, query = found.groups()
        # Namespaces are in no namespace: what follows is their name.
        resource = f"{plural}{log or ''}"
        reading = ["get"] if name else ["list", "watch"] if "watch=true" in (query or "") else ["list"]
        for verb in VERBS.get(method, reading):
            yield group or "", resource, verb
        if method == "PATCH" and "fieldManager" in path:
            yield group or "", resource, "create"


@pytest.mark.parametrize("found", OBJECTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_every_manifest_is_valid(found: dict[str, Any]) -> None:
    kubernetes_validate.validate(found, VERSION, strict=True)


def test_the_runner_has_no_root_no_privileges_and_a_file_system_that_it_cannot_write() -> None:
    pod = the("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    account = the("ServiceAccount")["metadata"]
    assert (pod["serviceAccountName"], account["namespace"]) == (account["name"], the("Namespace")["metadata"]["name"])
    assert the("ServiceAccount")["automountServiceAccountToken"] is False
    assert the("ClusterRoleBinding")["subjects"] == [{"kind": "ServiceAccount", **account}]


def test_the_runner_understands_what_its_manifest_tells_it() -> None:
    (container,) = the("Deployment")["spec"]["template"]["spec"]["containers"]
    told = {one["name"]: one.get("value", "it") for one in container["env"]}

    read = settings.read(container["args"], {**told, "KUBERNETES_SERVICE_HOST": "10.0.0.1"})

    assert (read.executor, read.pool, read.name) == (ExecutorName.KUBERNETES, "kubernetes", "it")
    assert read.cluster.is_in_cluster
    writable = [mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")]
    assert any(read.work.is_relative_to(path) for path in writable)


def test_the_rights_are_those_that_the_executor_uses_and_no_others(cluster: FakeCluster, tmp_path: Path) -> None:
    _all_that_is_done(cluster, tmp_path)
    granted = {
        (group, resource, verb)
        for rule in the("ClusterRole")["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }

    assert granted - OF_FINALIZERS == set(used(cluster.calls.made))
    assert granted >= OF_FINALIZERS


def test_the_fence_lets_the_runner_write_into_its_own_namespaces_alone() -> None:
    policy = the("ValidatingAdmissionPolicy")["spec"]

    assert policy["failurePolicy"] == "Fail"
    assert the("ValidatingAdmissionPolicyBinding")["spec"]["validationActions"] == ["Deny"]
    account = the("ServiceAccount")["metadata"]
    name = f"system:serviceaccount:{account['namespace']}:{account['name']}"
    assert policy["matchConditions"][0]["expression"] == f"request.userInfo.username == '{name}'"
    assert "['app.kubernetes.io/managed-by'] == 'slipway'" in policy["validations"][0]["expression"]


def _all_that_is_done(cluster: FakeCluster, folder: Path) -> None:
    """Every kind of call: a job with files and secrets, a fire, a quota, a published service with an update."""
    own = replace(cluster.settings, ingress_class="nginx", ingress_host="a.example")
    executor = KubernetesExecutor(own, lambda _: None)
    (folder / "files" / "app").mkdir(parents=True)
    (folder / "files" / "app" / "it.sh").write_text("echo it\n")
    job = a_manifest("sh", "it.sh")
    assert executor.run(a_task(folder, job, Told(), files=folder / "files", KEY="hunter2")) == 0
    fire = a_manifest("true", kind=WorkloadKind.CRONJOB, schedule="0 3 * * *")
    assert executor.run(a_task(folder, fire, Told(), workload="W2")) == 0
    _see_a_quota(cluster, executor, folder)
    service = a_manifest(
        "python3", "-c", LISTEN, kind=WorkloadKind.SERVICE, container_port=5000,
        published=Published(prefix="/it/", bypass_auth=True),
    )  # fmt: skip
    for workload in ("W3", "W4"):
        told = Told()
        thread = kept(executor.keep, a_task(folder, service, told, workload=workload, run=f"{workload}-1", KEY="x"))
        eventually(lambda: told.latest and told.latest[0].ready)  # noqa: B023 - called at once
        told.is_handed_back = workload == "W3"
        eventually(lambda: len(cluster.names("secrets")) == 1)
        told.stop.set()
        thread.join(20)
    _see_orphans(cluster)
    executor.close()


def _see_a_quota(cluster: FakeCluster, executor: KubernetesExecutor, folder: Path) -> None:
    def refuse(place: Place, _body: Json) -> None:
        if place.plural == "pods":
            raise Refused(403, "Forbidden", "exceeded quota")

    told = Told()
    cluster.store.admits.append(refuse)
    thread = a_dying_runner(executor, a_task(folder, a_manifest("true"), told, workload="W5"))
    eventually(lambda: told.latest and "exceeded quota" in told.latest[0].reason)
    cluster.store.admits.clear()
    told.stop.set()
    thread.join(20)


def _see_orphans(cluster: FakeCluster) -> None:
    """A cronjob that nobody holds any more is removed."""

    own = connect(cluster.settings)
    later = datetime.now(UTC) + timedelta(days=3)
    assert any("CronJob" in text for text in Orphans(own, "default", lambda: later, wait=0).look())
    own.close()
