"""Fire cronjobs: each fire starts a job of its own, which is listed as any other; of those that ended a few stay."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.workloads.transitions import beyond_history, deleted, due_fire, fired, fired_job, looked_at
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.workloads.begin import begin_run, stop_run
from slipway_formats.workloads.manifest import ConcurrencyPolicy


def fire_cronjob(ports: Ports, cronjob: Workload, now: datetime) -> None:
    """Start the job of a fire that is due, unless the policy forbids it; repeating it starts no other.

    Faults: Stale; NotFound in an environment that is being deleted.
    """
    at, manifest = due_fire(cronjob, now), cronjob.manifest
    if at is None or manifest is None:
        ports.workloads.save(looked_at(cronjob))
        return
    job = fired_job(cronjob, at, now)
    known = list(_listed(ports, cronjob))
    running = [run.id for _, run in known if not run.is_final and run.id != job.run]
    if running and manifest.concurrency_policy is ConcurrencyPolicy.FORBID:
        ports.workloads.save(fired(cronjob, at, now))
        return
    if manifest.concurrency_policy is ConcurrencyPolicy.REPLACE:
        for run in running:
            stop_run(ports, run, f"workload {cronjob.id}, which fires again")
    try:
        _start(ports, job)
    except Conflict as taken:
        said = f"its job of {at:%Y-%m-%d %H:%M} was left out: {taken.message}"
        ports.workloads.save(replace(fired(cronjob, at, now), message=said))
        return
    jobs = (*_without_history(ports, known, now), job.id)
    ports.workloads.save(replace(fired(cronjob, at, now), jobs=tuple(dict.fromkeys(jobs)), run=job.run, message=""))


def _start(ports: Ports, job: Workload) -> None:
    """Store the job, unless that is done, and begin its run. Faults: Conflict if its name is in use."""
    if ports.workloads.find_workload(job.id) is None:
        ports.workloads.save(job)
    begin_run(ports, job, job.run, trigger="schedule")


def _listed(ports: Ports, cronjob: Workload) -> Iterator[tuple[Workload, Run]]:
    """Yield the jobs that the cronjob has started and that nobody has deleted, oldest first, with their runs."""
    runs = {run.id: run for run in ports.runs.find_runs(cronjob.jobs)}
    for own in cronjob.jobs:
        job = ports.workloads.find_workload(own)
        if job is not None and job.is_current and own in runs:
            yield job, runs[own]


def _without_history(ports: Ports, known: Sequence[tuple[Workload, Run]], now: datetime) -> Sequence[str]:
    """Delete the jobs that ended too long ago, and return the ids of the others."""
    gone = beyond_history([(job, run) for job, run in known if run.is_final])
    for job in gone:
        ports.workloads.save(deleted(job, now))
    return [job.id for job, _ in known if job not in gone]
