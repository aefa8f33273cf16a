"""A cronjob as a CronJob that is suspended: the platform fires.

It catches up missed fires, keeps history and logs, and holds every run by a runner; a CronJob that fired by itself
would do so twice, and start pods that no run knows. So the object says what is scheduled, and starts nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from slipway.runner.executors.kubernetes.objects.json_object import CRON_JOB, Json
from slipway.runner.executors.kubernetes.objects.labels import HOLD, held, labels_of
from slipway.runner.executors.port import Task
from slipway_formats.workloads.cron import next_fire

BY_HAND = {"cronjob.kubernetes.io/instantiate": "manual"}
"""Says of a Job that somebody else than the CronJob's controller has made it of a CronJob."""


def cron_job_of(task: Task, job: Json, now: datetime) -> Json:
    """Return the CronJob of which a Job is a fire. Nobody says when a cronjob is gone: it is held for two fires."""
    spec = {key: value for key, value in job["spec"].items() if key != "suspend"}
    following = _after(task.manifest.schedule, _after(task.manifest.schedule, now))
    return {
        **CRON_JOB.new(task.manifest.name, labels_of(task), held(now, following - now + HOLD)),
        "spec": {
            "schedule": task.manifest.schedule,
            "timeZone": "Etc/UTC",
            "suspend": True,
            "concurrencyPolicy": str(task.manifest.concurrency_policy),
            "jobTemplate": {"metadata": {"labels": labels_of(task)}, "spec": spec},
        },
    }


def _after(schedule: str, instant: datetime) -> datetime:
    return next_fire(schedule, instant) or instant + timedelta(days=366)
