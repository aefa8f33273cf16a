"""What becomes of a workload: its manifest is read, it is replaced, it fires, it is deleted. All pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.workloads.workload import CodeSource, Workload, WorkloadPhase, titled
from slipway_formats.workloads.cron import last_fire, next_fire
from slipway_formats.workloads.manifest import Manifest, Strategy, WorkloadKind

STEADY = timedelta(minutes=1)
"""A run that kept a workload for so long is no failure of it."""

LONGEST_PAUSE = timedelta(minutes=1)
KEPT_SUCCEEDED, KEPT_FAILED = 3, 1
NAME_IN_USE = "NAME_IN_USE"
LOOK_AFTER = timedelta(seconds=30)
"""After this somebody looks whether the run of a new workload has begun: who deployed it may have died before."""


def settled(workload: Workload, manifest: Manifest, commit: str, now: datetime) -> Workload:
    """Return the workload that holds its name, now that its manifest is known. commit: blank if it has no files."""
    is_cron = manifest.kind is WorkloadKind.CRONJOB
    fires = next_fire(manifest.schedule, now) if is_cron else None
    return replace(
        workload,
        kind=manifest.kind,
        name=manifest.name,
        manifest=manifest,
        source=_at_commit(workload.source, commit),
        phase=WorkloadPhase.CURRENT,
        last_fire=now if is_cron else None,
        next_fire=fires,
        look_at=fires if is_cron else workload.look_at,
    )


def refused(workload: Workload, message: str, now: datetime) -> Workload:
    """Return the workload whose manifest was refused. Only one that is pending can be."""
    if workload.phase is not WorkloadPhase.PENDING:
        return workload
    return replace(workload, phase=WorkloadPhase.REFUSED, message=message, look_at=None, ended_at=now)


def refused_by_run(workload: Workload, run: Run, now: datetime) -> Workload:
    """Return the workload as refused for the reason of its run, if that ended badly before a manifest was known."""
    if workload.phase is not WorkloadPhase.PENDING or not run.is_final or run.phase in GOOD:
        return workload
    states = [state for execution in run.stages for state in execution.nodes.values()]
    # The run has one step: why that ended, without its name.
    return refused(workload, next((state.reason for state in states if state.reason), run.reason), now)


def replaced(workload: Workload, by: Workload, now: datetime) -> Workload:
    """Return the workload whose name another has taken."""
    return replace(_gone(workload, now), phase=WorkloadPhase.REPLACED, message=f"replaced by {by.id}")


def followed_by(workload: Workload, holder: Workload | None) -> str:
    """Return the id of the workload whose pods serve until those of this one are ready; blank if none do.

    holder: whose name it takes. Of one that never was ready, those serve on that it was to replace itself.
    """
    manifest = workload.manifest
    if holder is None or manifest is None or not (workload.lasts and holder.lasts):
        return ""
    if manifest.strategy is Strategy.RECREATE:
        return ""
    return holder.id if holder.available_at is not None else holder.follows


def draining(workload: Workload, until: datetime) -> Workload:
    """Return the replaced workload whose pods serve until then."""
    return replace(workload, look_at=until)


def deleted(workload: Workload, now: datetime) -> Workload:
    """Return the deleted workload."""
    return replace(_gone(workload, now), phase=WorkloadPhase.DELETED)


def kept_again(workload: Workload, lasted: timedelta, now: datetime) -> Workload:
    """Return the workload that another run must keep, after a pause that grows with each that ended soon."""
    failures = 0 if lasted >= STEADY else workload.failures + 1
    pause = min(timedelta(seconds=2 ** (min(failures, 10) - 1)), LONGEST_PAUSE) if failures > 1 else timedelta(0)
    return replace(workload, failures=failures, look_at=now + pause)


def kept_by_next(workload: Workload, now: datetime) -> Workload:
    """Return the workload that its next run keeps."""
    keeps = workload.keeps + 1
    return replace(workload, run=f"{workload.id}-{keeps}", keeps=keeps, look_at=now + LOOK_AFTER)


def due_fire(workload: Workload, now: datetime) -> datetime | None:
    """Return the fire of a cronjob for which a job must start; None if there is none.

    Of several that were missed it is the last: they are caught up once.
    """
    if not workload.is_current or workload.manifest is None or workload.next_fire is None or now < workload.next_fire:
        return None
    last = last_fire(workload.manifest.schedule, now)
    return max(last, workload.next_fire) if last is not None else workload.next_fire


def fired(workload: Workload, at: datetime, now: datetime) -> Workload:
    """Return the cronjob after a fire."""
    manifest = workload.manifest
    following = next_fire(manifest.schedule, now) if manifest is not None else None
    return replace(workload, last_fire=at, next_fire=following, look_at=following)


def fired_job(cronjob: Workload, at: datetime, now: datetime) -> Workload:
    """Return the job of a fire. Its id derives from the fire, its name as in Kubernetes: the minute since 1970."""
    own = f"{cronjob.id}-{at:%Y%m%d%H%M}"
    return Workload(
        id=own,
        project=cronjob.project,
        environment=cronjob.environment,
        namespace=cronjob.namespace,
        name=f"{cronjob.name}-{int(at.timestamp()) // 60}",
        kind=WorkloadKind.JOB,
        pool=cronjob.pool,
        by=cronjob.by,
        created_at=now,
        source=cronjob.source,
        # As it stands: executors are to know of which cronjob it is.
        manifest=cronjob.manifest,
        phase=WorkloadPhase.CURRENT,
        run=own,
        notes=cronjob.notes,
    )


def beyond_history(ended: Sequence[tuple[Workload, Run]]) -> list[Workload]:
    """Return the ended jobs of a cronjob that are too many: the last three that went well stay, and one that did not.

    ended: oldest first. Source: Kubernetes, its CronJob's successfulJobsHistoryLimit and failedJobsHistoryLimit.
    """
    good = [job for job, run in ended if run.phase in GOOD]
    bad = [job for job, run in ended if run.phase not in GOOD]
    return [*good[:-KEPT_SUCCEEDED], *bad[:-KEPT_FAILED]]


def looked_at(workload: Workload) -> Workload:
    """Return the workload at which nobody must look before its next fire."""
    return replace(workload, look_at=workload.next_fire)


def require_free(holder: Workload | None, newcomer: Workload, *, is_running: bool) -> None:
    """Require that a workload may take its name. is_running: whether the holder's run goes on.

    A cronjob, deployment or service is updated; a job is replaced once it has ended. Faults: Conflict.
    """
    if holder is None or holder.id == newcomer.id:
        return
    if holder.kind is not newcomer.kind and (holder.kind is not WorkloadKind.JOB or is_running):
        said = f"name {newcomer.name} is in use: it is a {holder.kind} in namespace {holder.namespace}"
        raise Conflict(said, code=NAME_IN_USE)
    if holder.kind is WorkloadKind.JOB and is_running:
        raise Conflict(f"name {newcomer.name} is in use: {titled(holder)} is running", code=NAME_IN_USE)


def _gone(workload: Workload, now: datetime) -> Workload:
    """Return the workload that holds nothing more. Its run must end: who asks for that may die before."""
    return replace(workload, look_at=now + LOOK_AFTER, next_fire=None, ended_at=now)


def _at_commit(source: CodeSource | None, commit: str) -> CodeSource | None:
    return replace(source, commit=commit or source.commit) if source is not None else None
