"""A run of a job: its Job begun, followed to its end, and removed."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.perform.faults import StageFailedError
from slipway.runner.executors.kubernetes.begun_job import JobFollowed, Report, begin_job, last_exit_code
from slipway.runner.executors.kubernetes.cluster import ClusterError
from slipway.runner.executors.kubernetes.following import Reported
from slipway.runner.executors.kubernetes.grounds import Grounds, refused
from slipway.runner.executors.kubernetes.objects import files
from slipway.runner.executors.kubernetes.objects.cron_job import BY_HAND, cron_job_of
from slipway.runner.executors.kubernetes.objects.job import job_name, job_of
from slipway.runner.executors.kubernetes.objects.json_object import CRON_JOB, JOB, Json, label_of, name_of
from slipway.runner.executors.kubernetes.objects.labels import ATTEMPT, RUN, label_value, selector_of
from slipway.runner.executors.kubernetes.observed import by_age, job_failure, reason_of, state_of_job
from slipway.runner.executors.port import PodState
from slipway_formats.workloads.manifest import WorkloadKind

_TOO_LATE = "DeadlineExceeded"
_NO_CODE = 1


def run_job(grounds: Grounds, image: str) -> int:
    """Run this attempt to its end, and return its last exit code; nothing of it is left then.

    Faults: StageCancelledError, StageFailedError, ClusterError.
    """
    try:
        job = _begun(grounds, image)
    except ClusterError as error:
        raise refused(error, f"Job {job_name(grounds.task)}") from error
    try:
        ended, pods = JobFollowed(grounds=grounds, job=job, report=_report(grounds)).end()
        return _code(grounds, ended, pods)
    finally:
        _remove(grounds, job)


def _remove(grounds: Grounds, job: Json) -> None:
    """Remove a Job; how it ended is known by now, and counts also if it cannot be removed."""
    try:
        grounds.remove(JOB, job)
    except ClusterError as error:
        grounds.task.log.note(f"Job {name_of(job)} is not removed now, and goes as an orphan: {error}")


def _begun(grounds: Grounds, image: str) -> Json:
    _remove_earlier_attempts(grounds)
    task, name = grounds.task, job_name(grounds.task)
    is_fire = task.manifest.kind is WorkloadKind.CRONJOB
    body = job_of(task, grounds.spec(image, name), grounds.now(), BY_HAND if is_fire else {})
    if is_fire:
        grounds.cluster.apply(CRON_JOB, grounds.namespace, cron_job_of(task, body, grounds.now()))
    return begin_job(grounds, body, dict(task.secrets), files.directory_of(task))


def _remove_earlier_attempts(grounds: Grounds) -> None:
    """Remove what earlier attempts at this run have left: two at once would be one too many."""
    task = grounds.task
    for found in grounds.cluster.listed(
        JOB, grounds.namespace, labelSelector=selector_of({RUN: label_value(task.run)})
    )[0]:
        if label_of(found, ATTEMPT) != str(task.attempt):
            task.log.note(f"Job {name_of(found)} of an earlier attempt is removed")
            grounds.remove(JOB, found)


def _report(grounds: Grounds) -> Report:
    reported, task = Reported(grounds.task), grounds.task

    def report(pods: Sequence[Json], why_none: str) -> None:
        none_yet = PodState(name=task.manifest.name, image=task.manifest.image, reason=why_none)
        reported.report(state_of_job(pods) or [none_yet])

    report((), "")
    return report


def _code(grounds: Grounds, ended: Json, pods: Sequence[Json]) -> int:
    """Return the exit code of an ended Job. Faults: StageFailedError where it failed for another reason."""
    failure = job_failure(ended)
    if failure is None:
        return 0
    reason, message = failure
    if reason == _TOO_LATE:
        raise StageFailedError(f"not done after {grounds.task.manifest.timeout_seconds} seconds")
    code = last_exit_code(pods)
    why = reason_of(by_age(pods)[-1]) if pods else ""
    if not code:
        raise StageFailedError(f"its Job failed: {why or f'{reason}: {message}'}".rstrip(": "))
    if why != f"exit code {code}":
        grounds.task.log.note(f"its pod: {why}")
    return code
