"""A run of a job as a Job. It begins suspended, so that what it owns is there before its pods are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from slipway.runner.executors.kubernetes.objects.json_object import JOB, Json
from slipway.runner.executors.kubernetes.objects.labels import held, labels_of_run, named
from slipway.runner.executors.port import Task

_KEPT = 3600
_DISRUPTED = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
"""A pod that its node gave up is replaced, and counts as no attempt."""


def job_name(task: Task) -> str:
    """Return the name of this attempt's Job: whoever starts it again finds it by that."""
    return named(task.manifest.name, task.workload, task.run, str(task.attempt))


def job_of(task: Task, spec: Json, now: datetime, owned: Mapping[str, str]) -> Json:
    """Return the Job of this attempt. spec: of its pods. owned: further annotations."""
    labels = labels_of_run(task)
    head = JOB.new(job_name(task), labels, {**held(now), **owned})
    job: Json = {
        "suspend": True,
        "backoffLimit": task.manifest.retries,
        "podFailurePolicy": {"rules": [_DISRUPTED]},
        # For when nobody is left to delete it.
        "ttlSecondsAfterFinished": _KEPT,
        "template": {"metadata": {"labels": labels}, "spec": spec},
    }
    if task.manifest.timeout_seconds:
        job["activeDeadlineSeconds"] = task.manifest.timeout_seconds
    return {**head, "spec": job}
