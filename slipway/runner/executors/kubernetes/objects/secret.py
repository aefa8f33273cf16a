"""Secrets of a cluster: values for a workload's variables, what opens registries, what opens a repository."""

from __future__ import annotations

from collections.abc import Mapping

from slipway.runner.executors.kubernetes.objects.json_object import SECRET, Json


def secret_of(name: str, labels: Mapping[str, str], values: Mapping[str, str]) -> Json:
    """Return a Secret with these values."""
    return {**SECRET.new(name, labels), "type": "Opaque", "stringData": dict(values)}


def registry_secret(name: str, labels: Mapping[str, str], config: str) -> Json:
    """Return a Secret with what Docker knows of registries."""
    head = SECRET.new(name, labels)
    return {**head, "type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": config}}
