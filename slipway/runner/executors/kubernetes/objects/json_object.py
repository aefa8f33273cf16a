"""Objects of a cluster as JSON, and what is read from all of them alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slipway.runner.executors.kubernetes.objects.labels import HELD_UNTIL

Json = dict[str, Any]
"""An object as the API server takes and gives it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of objects. api: group and version. plural: in paths."""

    name: str
    api: str
    plural: str

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of one object, or of all in a namespace, or in all."""
        root = f"/api/{self.api}" if "/" not in self.api else f"/apis/{self.api}"
        within = f"/namespaces/{namespace}" if namespace else ""
        return f"{root}{within}/{self.plural}" + (f"/{name}" if name else "")

    def new(self, name: str, labels: Mapping[str, str], annotations: Mapping[str, str] | None = None) -> Json:
        """Return the head of an object of this kind."""
        metadata: Json = {"name": name, "labels": dict(labels)}
        if annotations:
            metadata["annotations"] = dict(annotations)
        return {"apiVersion": self.api, "kind": self.name, "metadata": metadata}


POD, EVENT, NAMESPACE = Kind("Pod", "v1", "pods"), Kind("Event", "v1", "events"), Kind("Namespace", "v1", "namespaces")
SECRET, CONFIG_MAP = Kind("Secret", "v1", "secrets"), Kind("ConfigMap", "v1", "configmaps")
SERVICE, INGRESS = Kind("Service", "v1", "services"), Kind("Ingress", "networking.k8s.io/v1", "ingresses")
JOB, CRON_JOB = Kind("Job", "batch/v1", "jobs"), Kind("CronJob", "batch/v1", "cronjobs")
DEPLOYMENT = Kind("Deployment", "apps/v1", "deployments")


def name_of(found: Json) -> str:
    """Return an object's name."""
    return str(found["metadata"]["name"])


def uid_of(found: Json) -> str:
    """Return what tells an object from others of its name, before and after it."""
    return str(found["metadata"].get("uid", ""))


def label_of(found: Json, key: str) -> str:
    """Return a label; blank if there is none."""
    return str((found["metadata"].get("labels") or {}).get(key, ""))


def is_deleting(found: Json) -> bool:
    """Whether an object is being deleted."""
    return bool(found["metadata"].get("deletionTimestamp"))


def held_until(found: Json) -> datetime | None:
    """Return until when a runner has said that it holds an object."""
    said = (found["metadata"].get("annotations") or {}).get(HELD_UNTIL, "")
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


def owned_by(owner: Json, found: Json) -> Json:
    """Return an object that the cluster removes together with its owner."""
    reference = {
        "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": name_of(owner), "uid": uid_of(owner),
        "blockOwnerDeletion": True,
    }  # fmt: skip
    return {**found, "metadata": {**found["metadata"], "ownerReferences": [reference]}}


def condition_of(found: Json, kind: str) -> Json | None:
    """Return a condition of an object that holds."""
    conditions = (found.get("status") or {}).get("conditions") or ()
    return next((one for one in conditions if one.get("type") == kind and one.get("status") == "True"), None)
