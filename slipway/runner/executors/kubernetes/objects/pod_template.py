"""The spec of a workload's pods: one container that does what the manifest says."""

from __future__ import annotations

from collections.abc import Mapping

from slipway.runner.executors.kubernetes.objects.json_object import Json
from slipway.runner.executors.port import Task
from slipway_formats.workloads.manifest import LASTING, Manifest

CONTAINER = "main"
GRACE_OF_JOBS = 5
"""Seconds from SIGTERM to SIGKILL: a job whose lease is lost must be dead before another runner has it."""

_GRACE, _HEARD = 30, 3
_NOT_HERE = frozenset({"SLIPWAY_LEASE", "SLIPWAY_JOB", "SLIPWAY_RUN", "SLIPWAY_ATTEMPT"})
"""Variables that differ from run to run: with them a deployment's pods would start anew for each run that keeps it."""


def pod_spec(task: Task, image: str, secret: str, registry: str) -> Json:
    """Return the spec of the pods. secret: that has the values; registry: that opens registries, blank for none."""
    lasts = task.manifest.kind in LASTING
    spec: Json = {
        "restartPolicy": "Always" if lasts else "Never",
        "terminationGracePeriodSeconds": _GRACE if lasts else GRACE_OF_JOBS,
        # What runs is not ours to give rights in the cluster.
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [_container(task, image, secret)],
    }
    return {**spec, "imagePullSecrets": [{"name": registry}]} if registry else spec


def _container(task: Task, image: str, secret: str) -> Json:
    manifest, port = task.manifest, task.manifest.container_port
    container: Json = {
        "name": CONTAINER,
        "image": image,
        "imagePullPolicy": str(manifest.image_pull_policy),
        "env": _environment(task, secret),
        "resources": resources(manifest),
        "securityContext": {"allowPrivilegeEscalation": False},
    }
    if manifest.cmd:
        container["command"] = list(manifest.cmd)
    if manifest.args:
        container["args"] = list(manifest.args)
    if port:
        container["ports"] = [{"name": "main", "containerPort": port, "protocol": "TCP"}]
        container["readinessProbe"] = {"tcpSocket": {"port": port}, "periodSeconds": 2, "timeoutSeconds": 1}
        # Whoever carries requests hears of its end first, and then it ends.
        container["lifecycle"] = {"preStop": {"sleep": {"seconds": _HEARD}}}
    return container


def resources(manifest: Manifest) -> Json:
    """Return limits and requests, as they are written."""
    said: Mapping[str, Mapping[str, str]] = {
        "limits": {"cpu": manifest.cpu_limit, "memory": manifest.memory_limit},
        "requests": {"cpu": manifest.cpu_request, "memory": manifest.memory_request},
    }
    held = {key: {what: text for what, text in of.items() if text} for key, of in said.items()}
    return {key: of for key, of in held.items() if of}


def _environment(task: Task, secret: str) -> list[Json]:
    """Return the variables. The runner's own are of its machine, and stay there, but for those that name the job."""
    manifest = task.manifest
    hidden = _NOT_HERE if manifest.kind in LASTING else frozenset({"SLIPWAY_LEASE"})
    ours = {name: text for name, text in task.environment.items() if name.startswith("SLIPWAY_") and name not in hidden}
    if manifest.container_port:
        ours["PORT"] = str(manifest.container_port)
    plain = {name: text for name, text in {**ours, **manifest.env}.items() if name not in task.secrets}
    pod: Json = {"name": "SLIPWAY_POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    return [
        pod,
        *(
            {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": name}}}
            for name in sorted(task.secrets)
        ),
        *({"name": name, "value": text} for name, text in plain.items() if name != "SLIPWAY_POD"),
    ]
