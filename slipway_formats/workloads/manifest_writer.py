"""Write a workload's manifest as JSON, with the keys that manifest_reader.py reads; what says nothing is left out."""

from collections.abc import Mapping

from slipway_formats.workloads.manifest import Manifest, Published, Strategy, WorkloadKind


def written_manifest(manifest: Manifest) -> dict[str, object]:
    """Return the manifest as JSON."""
    held: dict[str, object] = {
        "type": WorkloadKind.JOB if manifest.kind is WorkloadKind.CRONJOB else manifest.kind,
        "name": manifest.name,
        "labels": _labels(manifest.labels),
        "image": manifest.image,
        "image-destination": manifest.image_destination,
        "image-pull-policy": manifest.image_pull_policy,
        "cmd": list(manifest.cmd),
        "args": list(manifest.args),
        "env": [{"name": name, "value": value} for name, value in manifest.env.items()],
        "secrets": [{"name": one.name, "secret": one.secret, "key": one.key} for one in manifest.secrets],
        "cpu-request": manifest.cpu_request,
        "cpu-limit": manifest.cpu_limit,
        "memory-request": manifest.memory_request,
        "memory-limit": manifest.memory_limit,
        "schedule": manifest.schedule,
        "concurrency-policy": manifest.concurrency_policy if manifest.schedule else "",
        "retries": manifest.retries,
        "timeout-seconds": manifest.timeout_seconds,
        "strategy": manifest.strategy if manifest.strategy is Strategy.RECREATE else "",
        "container-port": manifest.container_port,
        "published": _published(manifest.published),
    }
    said = {key: str(value) if isinstance(value, str) else value for key, value in held.items() if value}
    return said if manifest.replicas == 1 else {**said, "replicas": manifest.replicas}


def _labels(labels: Mapping[str, str]) -> object:
    return "".join(f"{key}:{value}" for key, value in labels.items()) if len(labels) == 1 else dict(labels)


def _published(published: Published | None) -> dict[str, object]:
    if published is None:
        return {}
    return {
        "access": published.access,
        "prefix": published.prefix,
        "rewrite": published.rewrite,
        "timeout_ms": published.timeout_ms,
        "sticky_sessions": published.sticky_sessions,
        "bypass_auth": published.bypass_auth,
    }
