"""What is made in a cluster is what Kubernetes calls it, and what it reads: each object by its schema, strictly."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.perform.faults import StageFailedError
from slipway.runner.cluster_settings import ClusterSettings, cluster_settings
from slipway.runner.executors.kubernetes.objects import files
from slipway.runner.executors.kubernetes.objects.build import Build, build_of, build_spec, opening
from slipway.runner.executors.kubernetes.objects.cron_job import cron_job_of
from slipway.runner.executors.kubernetes.objects.deployment import deployment_of
from slipway.runner.executors.kubernetes.objects.job import job_of
from slipway.runner.executors.kubernetes.objects.labels import label_value, named, namespace_of, service_name
from slipway.runner.executors.kubernetes.objects.pod_template import pod_spec
from slipway.runner.executors.kubernetes.objects.publishing import ingress_of, service_of, unpublished_because
from slipway.runner.executors.kubernetes.objects.secret import registry_secret, secret_of
from slipway.runner.executors.port import Task
from slipway.runner.git.repository import Source
from slipway_formats.workloads.manifest import Published, Strategy, WorkloadKind
from slipway_formats.workloads.manifest_reader import name_defect
from tests.fakes.kubernetes.cluster import VERSION
from tests.slipway.runner.executors.given import Told, a_manifest, a_task

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PUBLISHED = Published(prefix="/hello/", rewrite="/v1/", timeout_ms=1500, sticky_sessions=True)
SETTINGS = ClusterSettings(ingress_class="nginx", ingress_host="apps.example.com", ingress_auth="http://slipway:4180/")
SOURCE = Source(url="https://git.example.com/samples", commit="0123abc", username="ann", password="hunter2")
FULL: dict[str, Any] = {
    "image": "registry/it:1", "args": ("--fast",), "env": {"WHO": "ada"}, "labels": {"app": "it"},
    "cpu_request": "0.15", "cpu_limit": "0.20", "memory_request": "150Mi", "memory_limit": "200Mi",
}  # fmt: skip


def valid(found: dict[str, Any]) -> dict[str, Any]:
    kubernetes_validate.validate(found, VERSION, strict=True)
    return found


@pytest.fixture
def job(tmp_path: Path) -> Task:
    manifest = a_manifest("sh", "-c", "true", retries=3, timeout_seconds=60, **FULL)
    return a_task(tmp_path, manifest, Told(), KEY="hunter2")


@pytest.fixture
def web(tmp_path: Path) -> Task:
    more: dict[str, Any] = {"replicas": 2, "container_port": 5000, "published": PUBLISHED}
    return a_task(tmp_path, a_manifest("serve", kind=WorkloadKind.SERVICE, **FULL, **more), Told(), KEY="hunter2")


def test_a_job_says_retries_timeout_limits_and_whose_it_is(job: Task) -> None:
    made = valid(job_of(job, pod_spec(job, "registry/it:1", "it-secret", "it-registry"), NOW, {}))

    assert (made["spec"]["backoffLimit"], made["spec"]["activeDeadlineSeconds"], made["spec"]["suspend"]) == (
        3,
        60,
        True,
    )
    labels = made["spec"]["template"]["metadata"]["labels"]
    assert labels == made["metadata"]["labels"]
    assert labels["app"] == "it"
    assert (labels["slipway.dev/run"], labels["slipway.dev/attempt"], labels["slipway.dev/definition"]) == (
        "W1-1",
        "1",
        "it",
    )
    pod = made["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    assert pod["automountServiceAccountToken"] is False
    assert pod["imagePullSecrets"] == [{"name": "it-registry"}]
    (container,) = pod["containers"]
    assert container["command"] == ["sh", "-c", "true"]
    assert container["args"] == ["--fast"]
    assert container["resources"] == {
        "limits": {"cpu": "0.20", "memory": "200Mi"}, "requests": {"cpu": "0.15", "memory": "150Mi"},
    }  # fmt: skip


def test_a_secret_is_named_and_its_value_is_in_no_pod(job: Task) -> None:
    spec = pod_spec(job, "registry/it:1", "it-secret", "")

    assert "hunter2" not in str(spec)
    assert {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "it-secret", "key": "KEY"}}} in spec["containers"][0][
        "env"
    ]
    valid(secret_of("it-secret", {}, {"KEY": "hunter2"}))
    valid(registry_secret("it-registry", {}, "{}"))


def test_variables_of_the_runner_stay_there_and_those_of_a_run_change_no_deployment(job: Task, web: Task) -> None:
    told = {"PATH": "/bin", "SLIPWAY_PROJECT": "harbour", "SLIPWAY_RUN": "W1-1", "SLIPWAY_LEASE": "W1-1-1"}

    of_job, of_web = (
        pod_spec(replace(one, environment=told), "x", "s", "")["containers"][0]["env"] for one in (job, web)
    )

    assert {one["name"] for one in of_job} == {"SLIPWAY_POD", "KEY", "SLIPWAY_PROJECT", "SLIPWAY_RUN", "WHO"}
    assert {one["name"] for one in of_web} == {"SLIPWAY_POD", "KEY", "SLIPWAY_PROJECT", "PORT", "WHO"}


def test_a_cronjob_is_suspended_and_held_for_two_fires(job: Task) -> None:
    cron = replace(job, manifest=replace(job.manifest, kind=WorkloadKind.CRONJOB, schedule="0 3 * * *"))

    made = valid(cron_job_of(cron, job_of(cron, pod_spec(cron, "x", "s", ""), NOW, {}), NOW))

    assert (made["spec"]["suspend"], made["spec"]["schedule"], made["spec"]["timeZone"]) == (
        True,
        "0 3 * * *",
        "Etc/UTC",
    )
    assert made["metadata"]["annotations"]["slipway.dev/held-until"] == "2026-12-02T03:05:00.000+00:00"


def test_a_service_is_a_deployment_and_a_service(web: Task) -> None:
    deployment = valid(deployment_of(web, pod_spec(web, "registry/it:1", "it-secret", ""), NOW))
    service = valid(service_of(web))

    assert deployment["spec"]["replicas"] == 2
    selector = deployment["spec"]["selector"]["matchLabels"]
    assert selector == service["spec"]["selector"]
    assert selector.items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
    assert service["spec"]["sessionAffinity"] == "ClientIP"
    assert service["spec"]["ports"] == [{"name": "main", "port": 5000, "targetPort": 5000, "protocol": "TCP"}]


@pytest.mark.parametrize("strategy", Strategy)
def test_an_update_takes_the_place_as_the_manifest_says(web: Task, strategy: Strategy) -> None:
    made = deployment_of(replace(web, manifest=replace(web.manifest, strategy=strategy)), {}, NOW)

    assert made["spec"]["strategy"] == {"type": strategy.value}


def test_an_ingress_has_prefix_rewrite_timeout_stickiness_and_who_is_asked(web: Task) -> None:
    ingress = valid(ingress_of(web, PUBLISHED, SETTINGS))

    (rule,) = ingress["spec"]["rules"]
    assert rule["host"] == "apps.example.com"
    assert rule["http"]["paths"][0]["path"] == "/hello(/|$)(.*)"
    assert {key.rpartition("/")[2]: text for key, text in ingress["metadata"]["annotations"].items()} == {
        "use-regex": "true", "rewrite-target": "/v1/$2", "proxy-read-timeout": "2", "proxy-send-timeout": "2",
        "affinity": "cookie", "session-cookie-path": "/hello/",
        "auth-url": "http://slipway:4180/api/v1/services?path=/hello/",
    }  # fmt: skip


def test_no_ingress_leads_past_who_may_reach_a_service() -> None:
    open_to_all, asks_nobody = replace(PUBLISHED, bypass_auth=True), replace(SETTINGS, ingress_auth="")

    assert unpublished_because(PUBLISHED, SETTINGS) == ""
    assert unpublished_because(open_to_all, asks_nobody) == ""
    assert "not everybody" in unpublished_because(PUBLISHED, asks_nobody)
    assert "no class" in unpublished_because(open_to_all, ClusterSettings())


def test_an_image_is_built_from_the_git_context_at_its_commit(web: Task) -> None:
    built = replace(
        web, source=SOURCE, directory="hello", manifest=replace(web.manifest, image="", image_destination="r/it:1")
    )
    keys = frozenset(opening(SOURCE))

    made = valid(build_of(built, build_spec(built, Build(builder="b", registry="c", secret="s", keys=keys)), NOW))

    (container,) = made["spec"]["template"]["spec"]["containers"]
    assert "context=https://git.example.com/samples.git#0123abc:hello/code" in container["args"]
    assert "type=image,name=r/it:1,push=true" in container["args"]
    assert container["securityContext"]["runAsNonRoot"] is True
    assert "privileged" not in str(made)
    assert "hunter2" not in str(made)
    assert opening(SOURCE) == {"GIT_AUTH_HEADER": "basic YW5uOmh1bnRlcjI="}


def test_a_repository_by_ssh_is_opened_by_its_key(web: Task) -> None:
    source = Source(url="git@git.example.com:samples.git", commit="0123abc", private_key="of it")
    built = replace(
        web, source=source, directory="", manifest=replace(web.manifest, image="", image_destination="r/it:1")
    )

    made = valid(
        build_of(built, build_spec(built, Build(builder="b", secret="s", keys=frozenset(opening(source)))), NOW)
    )

    (container,) = made["spec"]["template"]["spec"]["containers"]
    assert "context=git@git.example.com:samples.git#0123abc:code" in container["args"]
    assert "default=/slipway/key/id" in container["args"]
    assert opening(Source(url="/srv/git/samples", private_key="of it")) == {}


def test_packed_files_are_the_same_each_time_and_not_too_many(job: Task, tmp_path: Path) -> None:
    (tmp_path / "app" / "code").mkdir(parents=True)
    (tmp_path / "app" / "code" / "it.sh").write_text("echo it\n")
    (tmp_path / "app" / "link").symlink_to("code/it.sh")
    (tmp_path / "app" / "manifest.json").write_text("{}")
    task = replace(job, files=tmp_path, directory="app")

    assert files.directory_of(task) == tmp_path / "app"
    first, second = (valid(files.packed(tmp_path / "app", "it-files", {})) for _ in range(2))
    assert first == second
    spec = files.with_files(pod_spec(task, "x", "s", ""), "it-files", "busybox:1.37", has_code=True)
    valid(job_of(task, spec, NOW, {}))
    assert spec["containers"][0]["workingDir"] == "/slipway/files"
    (tmp_path / "app" / "large").write_bytes(os.urandom(900_000))
    with pytest.raises(StageFailedError, match=r"build an image of it \(image-destination\)"):
        files.packed(tmp_path / "app", "it-files", {})


def test_pods_whose_image_has_all_get_no_files(job: Task, tmp_path: Path) -> None:
    root = tmp_path / "files"
    (root / ".git").mkdir(parents=True)
    (root / "manifest.json").write_text("{}")
    task = replace(job, files=root, directory="")
    assert files.directory_of(task) is None

    (root / "code").mkdir()
    assert files.directory_of(task) == root
    assert files.directory_of(replace(task, manifest=replace(job.manifest, image_destination="r/it:1"))) is None
    (root / "code" / "Dockerfile").touch()
    assert files.directory_of(task) is None


@given(st.text(max_size=80))
def test_any_text_becomes_a_label(text: str) -> None:
    """Source: Kubernetes, "Labels and Selectors"."""
    assert re.fullmatch(r"(([A-Za-z0-9][A-Za-z0-9_.-]*)?[A-Za-z0-9])?", label_value(text))
    assert len(label_value(text)) <= 63


@given(st.from_regex(r"[A-Za-z0-9_-]{1,63}", fullmatch=True))
def test_any_namespace_and_name_can_be_called_so(text: str) -> None:
    assert name_defect(namespace_of(text)) == ""
    if name_defect(text) == "":
        assert namespace_of(text) == text
        assert name_defect(named(text, "W1")) == ""
        assert service_name(text)[0].isalpha()
        assert name_defect(service_name(text)) == ""


def test_namespaces_that_differ_in_case_alone_are_two() -> None:
    assert len({namespace_of(text) for text in ("night", "Night", "night_", "NIGHT", "-night")}) == 5


def test_a_runner_finds_its_cluster_as_kubectl_does_or_as_a_pod_of_it() -> None:
    assert cluster_settings({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}).is_in_cluster
    assert cluster_settings({"KUBECONFIG": "/etc/kube"}).kubeconfig == "/etc/kube"
    own = {"SLIPWAY_KUBERNETES_KUBECONFIG": "/own", "SLIPWAY_KUBERNETES_INGRESS_CLASS": "nginx", "KUBECONFIG": "/other"}
    assert cluster_settings(own) == ClusterSettings(kubeconfig="/own", ingress_class="nginx")


def test_what_opens_a_cluster_is_among_the_secrets_of_a_runner() -> None:
    known = ClusterSettings(kubeconfig="/home/ann/.kube/config", registry_config="/etc/registry.json")

    assert {str(path) for path in known.secret_paths} == {
        "/home/ann/.kube/config", "/etc/registry.json", "/var/run/secrets/kubernetes.io",
    }  # fmt: skip
