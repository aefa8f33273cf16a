"""Build a workload's image, unless it was built of the same commit a while ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slipway.perform.faults import StageFailedError
from slipway.runner.executors.kubernetes.begun_job import JobFollowed, Report, begin_job, of_job
from slipway.runner.executors.kubernetes.cluster import ClusterError
from slipway.runner.executors.kubernetes.following import Reported
from slipway.runner.executors.kubernetes.grounds import Grounds, refused
from slipway.runner.executors.kubernetes.objects.build import (
    Build,
    build_name,
    build_of,
    build_spec,
    built_image,
    has_git_context,
    opening,
)
from slipway.runner.executors.kubernetes.objects.json_object import JOB, POD, Json, condition_of
from slipway.runner.executors.kubernetes.objects.labels import named
from slipway.runner.executors.kubernetes.observed import job_failure, pod_state
from slipway.runner.executors.port import PodState


def image_of(grounds: Grounds) -> str:
    """Return the image of a workload's pods, built if the manifest says so.

    Faults: StageFailedError with why it cannot be built, StageCancelledError, ClusterError.
    """
    if not grounds.task.manifest.image_destination:
        return grounds.image()
    try:
        job = _begun(grounds)
    except ClusterError as error:
        raise refused(error, f"Job {build_name(grounds.task)}") from error
    if condition_of(job, "Complete") is not None:
        pods, _ = grounds.cluster.listed(POD, grounds.namespace, labelSelector=of_job(job))
        return built_image(grounds.task, pods)
    ended, pods = JobFollowed(grounds=grounds, job=job, report=_report(grounds), prefix="[build] ").end()
    if (failure := job_failure(ended)) is not None:
        # The next try is another build: of a failed one nothing is to be had.
        grounds.remove(JOB, job)
        raise StageFailedError(f"image {grounds.task.manifest.image_destination} is not built: {failure[1]}")
    return built_image(grounds.task, pods)


def _begun(grounds: Grounds) -> Json:
    task, name = grounds.task, build_name(grounds.task)
    keys = opening(task.source)
    build = Build(
        builder=grounds.settings.builder, registry=grounds.registry_name(name),
        secret=named(name, "secret") if keys else "", keys=frozenset(keys),
    )  # fmt: skip
    spec, directory = build_spec(task, build), None
    if not has_git_context(task):
        if task.files is None:
            raise StageFailedError("there is no repository of which its image could be built")
        directory = task.files / task.directory
        spec = grounds.with_files(spec, name, directory)
    return begin_job(grounds, build_of(task, spec, grounds.now()), keys, directory)


def _report(grounds: Grounds) -> Report:
    reported, manifest = Reported(grounds.task), grounds.task.manifest
    waiting = PodState(name=manifest.name, image=manifest.image_destination, reason="its image is being built")

    def report(pods: Sequence[Json], why_none: str) -> None:
        said = next((state.reason for pod in pods if (state := pod_state(pod, 0)).reason), why_none)
        reported.report([replace(waiting, reason=f"{waiting.reason}: {said}") if said else waiting])

    return report
