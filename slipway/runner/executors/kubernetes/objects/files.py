"""A workload's files: its directory, packed into a ConfigMap, and unpacked for each pod by a container of its own.

Images that are built have their files inside; so have those of directories whose `code` is built elsewhere.
"""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from slipway.perform.faults import StageFailedError
from slipway.plan.archive import inner_path
from slipway.runner.executors.kubernetes.objects.json_object import CONFIG_MAP, Json
from slipway.runner.executors.port import Task

WORK, PACKED, CODE = "/slipway/files", "/slipway/packed", "/code"
LARGEST = 700 << 10
"""Bytes of a packed directory: base64 makes a third more of them, and etcd takes 1 MiB."""

_KEY = "files.tgz"
_CONFIGURATIONS = frozenset({"manifest.json", "pipeline.json"})


def directory_of(task: Task) -> Path | None:
    """Return the directory whose files the pods get; None where their image has all they need."""
    if task.files is None or task.manifest.image_destination:
        return None
    directory = inner_path(task.files, task.directory) if task.directory else task.files
    if (directory / "code" / "Dockerfile").exists():
        return None
    return directory if any(path.name not in _CONFIGURATIONS for path in _entries(directory)) else None


def packed(directory: Path, name: str, labels: dict[str, str]) -> Json:
    """Return a directory as a ConfigMap; the same files give the same one. Faults: StageFailedError."""
    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as packing, tarfile.open(fileobj=packing, mode="w") as tar:
        for path in _entries(directory):
            tar.add(path, arcname=path.name, filter=_plain)
    if content.tell() > LARGEST:
        raise StageFailedError(
            f"the directory has {content.tell()} bytes when packed, and pods are given at most {LARGEST}: build an"
            " image of it (image-destination)"
        )
    head = CONFIG_MAP.new(name, labels)
    return {**head, "binaryData": {_KEY: base64.b64encode(content.getvalue()).decode()}}


def with_files(spec: Json, config_map: str, tools_image: str, *, has_code: bool) -> Json:
    """Return the spec of a pod whose containers work in the files of a ConfigMap, with their `code` at /code."""
    mounts = [{"name": "files", "mountPath": WORK}]
    code = [{"name": "files", "mountPath": CODE, "subPath": "code"}] if has_code else []
    unpack: Json = {
        "name": "files",
        "image": tools_image,
        "command": ["tar", "-xzf", f"{PACKED}/{_KEY}", "-C", WORK],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}},
        "volumeMounts": [*mounts, {"name": "packed", "mountPath": PACKED, "readOnly": True}],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    volumes: list[Json] = [
        {"name": "files", "emptyDir": {}},
        {"name": "packed", "configMap": {"name": config_map, "items": [{"key": _KEY, "path": _KEY}]}},
    ]
    workers = [
        {**one, "workingDir": WORK, "volumeMounts": [*one.get("volumeMounts", ()), *mounts, *code]}
        for one in spec["containers"]
    ]
    return {
        **spec,
        "initContainers": [*spec.get("initContainers", ()), unpack],
        "containers": workers,
        "volumes": [*spec.get("volumes", ()), *volumes],
    }


def _entries(directory: Path) -> Iterator[Path]:
    yield from sorted(path for path in directory.iterdir() if path.name != ".git")


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Return an entry without what depends on the machine; None for what is no file, folder or link."""
    if not (entry.isfile() or entry.isdir() or entry.issym()) or "/.git/" in f"/{entry.name}/":
        return None
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
    # Whoever runs the image must be able to read them, whatever user it has.
    entry.mode = 0o777 if entry.isdir() or entry.mode & 0o100 else 0o666
    return entry
