"""A service as a Service, and where it is published as an Ingress, in the annotations of ingress-nginx.

An Ingress leads past the platform. So a service that not everybody may reach gets one only where its controller can
ask the platform who may; and the pods see the credentials of whoever comes.
"""

from __future__ import annotations

import re

from slipway.runner.cluster_settings import ClusterSettings
from slipway.runner.executors.kubernetes.objects.deployment import selector_labels
from slipway.runner.executors.kubernetes.objects.json_object import INGRESS, SERVICE, Json
from slipway.runner.executors.kubernetes.objects.labels import labels_of, service_name
from slipway.runner.executors.port import Task
from slipway_formats.workloads.manifest import Published

_NGINX = "nginx.ingress.kubernetes.io"
_MILLISECONDS = 1000


def service_of(task: Task) -> Json:
    """Return the Service."""
    port, published = task.manifest.container_port, task.manifest.published
    spec: Json = {
        "type": "ClusterIP",
        "selector": selector_labels(task),
        "ports": [{"name": "main", "port": port, "targetPort": port, "protocol": "TCP"}],
        "sessionAffinity": "ClientIP" if published is not None and published.sticky_sessions else "None",
    }
    return {**SERVICE.new(service_name(task.manifest.name), labels_of(task)), "spec": spec}


def unpublished_because(published: Published, settings: ClusterSettings) -> str:
    """Return why a service gets no Ingress; blank if it gets one."""
    if not (settings.ingress_class and settings.ingress_host):
        return "this runner knows no class and host of Ingresses"
    if not published.bypass_auth and not settings.ingress_auth:
        return "not everybody may reach it, and this runner knows nobody whom an Ingress could ask"
    return ""


def ingress_of(task: Task, published: Published, settings: ClusterSettings) -> Json:
    """Return the Ingress of a published service."""
    name = service_name(task.manifest.name)
    backend = {"service": {"name": name, "port": {"number": task.manifest.container_port}}}
    path = f"{re.escape(published.prefix.rstrip('/'))}(/|$)(.*)"
    route = {"path": path, "pathType": "ImplementationSpecific", "backend": backend}
    return {
        **INGRESS.new(name, labels_of(task), _annotations(published, settings)),
        "spec": {
            "ingressClassName": settings.ingress_class,
            "rules": [{"host": settings.ingress_host, "http": {"paths": [route]}}],
        },
    }


def _annotations(published: Published, settings: ClusterSettings) -> dict[str, str]:
    seconds = str(-(-published.timeout_ms // _MILLISECONDS))
    said = {
        "use-regex": "true",
        "rewrite-target": f"{published.rewrite or '/'}$2",
        "proxy-read-timeout": seconds,
        "proxy-send-timeout": seconds,
    }
    if published.sticky_sessions:
        said |= {"affinity": "cookie", "session-cookie-path": published.prefix}
    if not published.bypass_auth:
        said["auth-url"] = f"{settings.ingress_auth.rstrip('/')}/api/v1/services?path={published.prefix}"
    return {f"{_NGINX}/{key}": value for key, value in said.items()}
