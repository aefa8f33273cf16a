"""What lasts as a Deployment, whose updates roll; its pods are the workload's, whichever run keeps it."""

from __future__ import annotations

from datetime import datetime

from slipway.runner.executors.kubernetes.objects.json_object import DEPLOYMENT, Json
from slipway.runner.executors.kubernetes.objects.labels import (
    DEFINITION,
    LASTS,
    MANAGED_BY,
    RUN,
    held,
    label_value,
    labels_of,
)
from slipway.runner.executors.port import Task

_KEPT_REVISIONS = 2


def selector_labels(task: Task) -> dict[str, str]:
    """Return the labels that pods of a definition have, whichever version of it they are."""
    return {**MANAGED_BY, LASTS: "true", DEFINITION: label_value(task.manifest.name)}


def deployment_of(task: Task, spec: Json, now: datetime) -> Json:
    """Return the Deployment. spec: of its pods."""
    labels = labels_of(task)
    return {
        **DEPLOYMENT.new(task.manifest.name, {**labels, RUN: label_value(task.run)}, held(now)),
        "spec": {
            "replicas": task.manifest.replicas,
            "revisionHistoryLimit": _KEPT_REVISIONS,
            "strategy": {"type": task.manifest.strategy.value},
            "selector": {"matchLabels": selector_labels(task)},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }
