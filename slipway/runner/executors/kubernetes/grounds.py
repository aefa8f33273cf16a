"""What has to be there before a workload's pods: its namespace, and what belongs to it and goes with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.cluster_settings import ClusterSettings
from slipway.runner.executors.kubernetes.cluster import Cluster, ClusterError
from slipway.runner.executors.kubernetes.objects import files
from slipway.runner.executors.kubernetes.objects.json_object import (
    CONFIG_MAP,
    NAMESPACE,
    SECRET,
    Json,
    Kind,
    is_deleting,
    label_of,
    name_of,
    owned_by,
    uid_of,
)
from slipway.runner.executors.kubernetes.objects.labels import MANAGED_BY, labels_of, named, namespace_of
from slipway.runner.executors.kubernetes.objects.pod_template import pod_spec
from slipway.runner.executors.kubernetes.objects.secret import registry_secret, secret_of
from slipway.runner.executors.port import Task

_PAUSE, _LONGEST = 0.2, 120.0
_KEY, _VALUE = next(iter(MANAGED_BY.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Where a task's objects are made. now: the clock."""

    cluster: Cluster
    settings: ClusterSettings
    task: Task
    now: Callable[[], datetime]

    @property
    def namespace(self) -> str:
        """Return the namespace in the cluster."""
        return namespace_of(self.task.namespace)

    def prepare(self) -> None:
        """Make the namespace, unless it is there. Faults: StageFailedError if it is somebody else's; ClusterError."""
        self.until(self._has_namespace, f"namespace {self.namespace} is being deleted")

    def spec(self, image: str, stem: str) -> Json:
        """Return the spec of the workload's pods. stem: with which the names of their Secrets and files begin."""
        spec = pod_spec(self.task, image, named(stem, "secret"), self.registry_name(stem))
        directory = files.directory_of(self.task)
        return spec if directory is None else self.with_files(spec, stem, directory)

    def with_files(self, spec: Json, stem: str, directory: Path) -> Json:
        """Return the spec with the files of a directory."""
        has_code = (directory / "code").is_dir()
        return files.with_files(spec, named(stem, "files"), self.settings.tools_image, has_code=has_code)

    def image(self) -> str:
        """Return the image of a workload that builds none."""
        return self.task.manifest.image or self.settings.image

    def registry_name(self, stem: str) -> str:
        """Return the name of the Secret that opens registries; blank if the runner knows of none."""
        return named(stem, "registry") if self.settings.registry_config else ""

    def give(self, owner: Json, stem: str, secrets: dict[str, str], directory: Path | None) -> None:
        """Let what belongs to an object be there, and go with it. stem: of its names, as in `spec`."""
        labels = labels_of(self.task)
        if secrets:
            self._own(owner, SECRET, secret_of(named(stem, "secret"), labels, secrets))
        if self.settings.registry_config:
            config = Path(self.settings.registry_config).read_text()
            self._own(owner, SECRET, registry_secret(named(stem, "registry"), labels, config))
        if directory is not None:
            self._own(owner, CONFIG_MAP, files.packed(directory, named(stem, "files"), labels))

    def remove(self, kind: Kind, found: Json) -> None:
        """Delete an object with all that it owns, and wait until it is gone."""
        name, uid = name_of(found), uid_of(found)
        self.cluster.delete(kind, self.namespace, name, uid)
        deadline = time.monotonic() + _LONGEST
        while (left := self.cluster.get(kind, self.namespace, name)) is not None and uid_of(left) == uid:
            if time.monotonic() > deadline:
                self.task.log.note(f"{kind.name} {name} is still being deleted; nobody waits for it any longer")
                return
            time.sleep(_PAUSE)

    def until(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Wait until something is so. Faults: StageCancelledError once the task is stopped; StageFailedError."""
        deadline = time.monotonic() + _LONGEST
        while not is_so():
            if self.task.stop.is_set():
                raise StageCancelledError("stopped")
            if time.monotonic() > deadline:
                raise StageFailedError(otherwise)
            self.task.stop.wait(_PAUSE)

    def _has_namespace(self) -> bool:
        found = self.cluster.get(NAMESPACE, "", self.namespace)
        if found is None:
            body = NAMESPACE.new(self.namespace, MANAGED_BY, {"slipway.dev/namespace": self.task.namespace})
            found = self.cluster.create(NAMESPACE, "", body)
        if found is None or is_deleting(found) or (found.get("status") or {}).get("phase") == "Terminating":
            return False
        require_ours(NAMESPACE, found)
        return True

    def _own(self, owner: Json, kind: Kind, body: Json) -> None:
        self.cluster.apply(kind, self.namespace, owned_by(owner, body))


def require_ours(kind: Kind, found: Json) -> None:
    """Require that an object is Slipway's. Faults: StageFailedError."""
    if label_of(found, _KEY) != _VALUE:
        raise StageFailedError(
            f"{kind.name} {name_of(found)} is there already, and is not Slipway's (no label {_KEY}={_VALUE})"
        )


def refused(error: ClusterError, what: str) -> Exception:
    """Return what a refusal means: the work is wrong, not the runner; other errors stay what they are."""
    return StageFailedError(f"the cluster refuses {what}: {error}") if error.is_refusal else error
