"""Settings of a runner whose workloads run on Kubernetes, from its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "SLIPWAY_KUBERNETES_"
ACCOUNT = Path("/var/run/secrets/kubernetes.io")
"""Where a pod has the token of its service account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """Where and how workloads run on Kubernetes. kubeconfig: blank in a cluster. context: of it, blank for the current.

    image: of manifests that name none. tools_image: has `tar`. builder: rootless BuildKit. registry_config: a file with
    what Docker knows of registries. ingress_class, ingress_host: blank where services are published by no Ingress.
    ingress_auth: where the controller asks the platform who may reach a service, such as `http://slipway.slipway:4180`.
    """

    kubeconfig: str = ""
    context: str = ""
    image: str = "python:3.13-slim"
    tools_image: str = "busybox:1.37"
    builder: str = "moby/buildkit:v0.27.1-rootless"
    registry_config: str = ""
    ingress_class: str = ""
    ingress_host: str = ""
    ingress_auth: str = ""

    @property
    def is_in_cluster(self) -> bool:
        """Whether the runner is itself a pod, which the cluster gives its address and token."""
        return not self.kubeconfig

    @property
    def secret_paths(self) -> tuple[Path, ...]:
        """Return what opens the cluster and registries: files that no job may read."""
        return (ACCOUNT, *map(Path, filter(None, (*self.kubeconfig.split(os.pathsep), self.registry_config))))


def cluster_settings(environment: Mapping[str, str]) -> ClusterSettings:
    """Return the settings that the environment says; a kubeconfig also as `kubectl` finds it, outside of a cluster."""
    told = {
        name: value
        for name in ClusterSettings.__slots__
        if (value := environment.get(f"{PREFIX}{name.upper()}", "").strip())
    }
    if "kubeconfig" not in told and "KUBERNETES_SERVICE_HOST" not in environment:
        told["kubeconfig"] = environment.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    return ClusterSettings(**told)
