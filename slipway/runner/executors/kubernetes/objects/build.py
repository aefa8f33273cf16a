"""An image that is built: a Job of rootless BuildKit, from a git repository or from a directory's packed files.

Source: BuildKit, docs/rootless.md and examples/kubernetes; `GIT_AUTH_HEADER` of its git contexts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slipway.runner.executors.kubernetes.objects.files import WORK
from slipway.runner.executors.kubernetes.objects.json_object import JOB, Json
from slipway.runner.executors.kubernetes.objects.labels import held, labels_of, named
from slipway.runner.executors.port import Task
from slipway.runner.git.repository import Source, is_remote

CONTAINER = "build"
AUTH_HEADER, PRIVATE_KEY = "GIT_AUTH_HEADER", "id"

_KEPT = 86_400
"""Seconds for which a built image counts as built: no other is built of the same commit meanwhile."""

_USER = 1000
_SCRIPT = 'log=$1 file=$2; shift 2; buildctl-daemonless.sh "$@" --metadata-file "$file" && cat "$file" > "$log"'
"""Leaves in the status of the pod what BuildKit says of the image; it cannot itself write a file that is mounted."""

_DIGEST = re.compile(r'"containerimage\.digest":\s*"(sha256:[0-9a-f]{64})"')
_STATE = "/home/user/.local/share/buildkit"
_KEY_FOLDER, _CONFIG_FOLDER = "/slipway/key", "/home/user/.docker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How an image is built. builder: the image of BuildKit. registry: a Secret that opens it, blank for none.

    secret: that has what opens the repository; blank if nothing does. keys: what is in it.
    """

    builder: str
    registry: str = ""
    secret: str = ""
    keys: frozenset[str] = field(default_factory=frozenset)


def build_name(task: Task) -> str:
    """Return the name of the Job that builds a workload's image: the same for the same commit."""
    source, manifest = task.source, task.manifest
    place = (source.url, source.commit) if source is not None else (task.workload,)
    return named(f"{manifest.name}-image", manifest.image_destination, task.directory, *place)


def opening(source: Source | None) -> dict[str, str]:
    """Return what opens a repository, by what BuildKit calls it."""
    if source is None or not is_remote(source.url):
        return {}
    if source.private_key:
        return {PRIVATE_KEY: source.private_key}
    if not source.password:
        return {}
    login = base64.b64encode(f"{source.username or 'git'}:{source.password}".encode()).decode()
    return {AUTH_HEADER: f"basic {login}"}


def has_git_context(task: Task) -> bool:
    """Whether BuildKit can itself fetch the repository: not one on the runner's machine."""
    return task.source is not None and is_remote(task.source.url)


def build_of(task: Task, spec: Json, now: datetime) -> Json:
    """Return the Job. spec: of its pod."""
    labels = labels_of(task)
    return {
        **JOB.new(build_name(task), labels, held(now)),
        "spec": {
            "suspend": True,
            "backoffLimit": 1,
            "ttlSecondsAfterFinished": _KEPT,
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def build_spec(task: Task, build: Build) -> Json:
    """Return the spec of the pod that builds."""
    container: Json = {
        "name": CONTAINER,
        "image": build.builder,
        "command": ["sh", "-c", _SCRIPT, "sh", "/dev/termination-log", f"{_STATE}/metadata.json"],
        "args": ["build", "--frontend", "dockerfile.v0", *_context(task), *_credentials(build), *_output(task)],
        "env": _environment(build),
        # Rootless, and without privileges: what it needs instead is to make namespaces.
        "securityContext": {
            "runAsUser": _USER, "runAsGroup": _USER, "runAsNonRoot": True,
            "seccompProfile": {"type": "Unconfined"}, "appArmorProfile": {"type": "Unconfined"},
        },
        "volumeMounts": [{"name": "state", "mountPath": _STATE}, *_mounts(build)],
    }  # fmt: skip
    return {
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 5,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"fsGroup": _USER},
        "containers": [container],
        "volumes": [{"name": "state", "emptyDir": {}}, *_volumes(build)],
    }


def _context(task: Task) -> list[str]:
    source, code = task.source, f"{task.directory}/code".lstrip("/")
    if source is None or not is_remote(source.url):
        return ["--local", f"context={WORK}/code", "--local", f"dockerfile={WORK}/code"]
    return ["--opt", f"context={_git_address(source.url)}#{source.commit}:{code}"]


def _git_address(url: str) -> str:
    """Return an address that BuildKit takes for a repository: by HTTP only what ends with `.git`."""
    is_plain = url.startswith(("http://", "https://")) and not url.endswith(".git")
    return f"{url.rstrip('/')}.git" if is_plain else url


def _credentials(build: Build) -> list[str]:
    header = ["--secret", f"id={AUTH_HEADER},env={AUTH_HEADER}"] if AUTH_HEADER in build.keys else []
    key = ["--ssh", f"default={_KEY_FOLDER}/{PRIVATE_KEY}"] if PRIVATE_KEY in build.keys else []
    return [*header, *key]


def _output(task: Task) -> list[str]:
    return ["--output", f"type=image,name={task.manifest.image_destination},push=true"]


def built_image(task: Task, pods: Sequence[Json]) -> str:
    """Return the image that a build has pushed: by its digest, since nodes may have another one of the same tag."""
    for pod in pods:
        for status in (pod.get("status") or {}).get("containerStatuses") or ():
            ended = (status.get("state") or {}).get("terminated") or {}
            if ended.get("exitCode") == 0 and (digest := _digest_in(ended.get("message", ""))):
                return f"{task.manifest.image_destination}@{digest}"
    return task.manifest.image_destination


def _digest_in(said: str) -> str:
    """Return the digest that the status of a pod tells, which has the beginning of what was said."""
    found = _DIGEST.search(said)
    return found[1] if found is not None else ""


def _environment(build: Build) -> list[Json]:
    flags: Json = {"name": "BUILDKITD_FLAGS", "value": "--oci-worker-no-process-sandbox"}
    header: Json = {"name": AUTH_HEADER, "valueFrom": {"secretKeyRef": {"name": build.secret, "key": AUTH_HEADER}}}
    return [flags, header] if AUTH_HEADER in build.keys else [flags]


def _mounts(build: Build) -> list[Json]:
    config = [{"name": "registry", "mountPath": _CONFIG_FOLDER, "readOnly": True}] if build.registry else []
    key = [{"name": "key", "mountPath": _KEY_FOLDER, "readOnly": True}] if PRIVATE_KEY in build.keys else []
    return [*config, *key]


def _volumes(build: Build) -> list[Json]:
    items = [{"key": ".dockerconfigjson", "path": "config.json"}]
    config = [{"name": "registry", "secret": {"secretName": build.registry, "items": items}}] if build.registry else []
    key: list[Json] = []
    if PRIVATE_KEY in build.keys:
        key = [{"name": "key", "secret": {"secretName": build.secret, "defaultMode": 0o440}}]
    return [*config, *key]
