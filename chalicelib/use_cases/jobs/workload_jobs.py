"""What the runner that holds a job of a workload asks: what to run, and that its pods be noted."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field, replace
from enum import StrEnum

from chalicelib.kernel.definitions.compile_build import SECRET_NAMES
from chalicelib.kernel.definitions.compile_task import WORKLOAD
from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.workloads.pods import Pod, PodReport, sequence_of
from chalicelib.kernel.workloads.status import is_available
from chalicelib.kernel.workloads.workload import Workload, WorkloadPhase
from chalicelib.use_cases.jobs.lease import Heartbeat, hashed
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.workloads.in_state import record_available
from chalicelib.use_cases.workloads.rolling import drain_followed
from chalicelib.use_cases.workloads.settle import Settlement, current_workload, refuse_workload, settle_workload
from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import Manifest, WorkloadKind
from slipway_formats.workloads.manifest_reader import read_manifest


class Duty(StrEnum):
    """What a job does for its workload. NONE: its manifest is known now, and another run does the rest."""

    RUN = "run"
    KEEP = "keep"
    NONE = "none"


@frozen
class SettleJob:
    """Ask what a job of a workload must do. manifest: from its repository, as JSON; None if the platform knows it.

    commit: at which it was read. notes: what of it the executor does not do.
    """

    held: Heartbeat
    manifest: object = None
    commit: str = ""
    notes: tuple[str, ...] = ()


@frozen
class Assignment:
    """What a runner must do. secrets: values by the variables that have them."""

    workload: Workload
    manifest: Manifest
    duty: Duty
    secrets: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Assignment(workload={self.workload.id!r}, duty={self.duty!r})"


@frozen
class ReportPods:
    """Report all pods of a job. number: counts the reports under the lease, from 1."""

    held: Heartbeat
    number: int
    pods: tuple[Pod, ...]


def settle_job(ports: Ports, command: SettleJob) -> Assignment:
    """Let the workload take its name, if it has not yet, and return what the job must do; repeating it is the same.

    Faults: NotFound; Conflict if the lease is lost or the workload is gone; Invalid with every defect of the manifest,
    also if its name is in use or a secret is not there: then the workload is refused.
    """
    job = _held_job(ports, command.held)
    workload = current_workload(ports, str(job.ask.get(WORKLOAD, "")))
    try:
        workload = _settled(ports, workload, command)
        return _assignment(ports, job, workload)
    except Invalid as defects:
        refuse_workload(ports, workload.id, str(defects))
        raise


def report_pods(ports: Ports, command: ReportPods) -> bool:
    """Note the pods of a job; return True if that changed something. Late reports change nothing.

    Faults: NotFound, Conflict if the lease is lost.
    """
    job = _held_job(ports, command.held)
    workload = current_workload(ports, str(job.ask.get(WORKLOAD, "")))
    report = PodReport(
        workload=workload.id,
        run=job.run,
        job=job.id,
        project=job.project,
        environment=job.environment,
        sequence=sequence_of(command.held.number, command.number),
        pods=command.pods,
        at=ports.clock.now(),
    )
    is_noted = ports.workloads.report(report)
    if is_noted and workload.lasts and workload.available_at is None and is_available(workload, report):
        _note_available(ports, workload)
    return is_noted


def with_workload(ports: Ports, job: Job) -> Mapping[str, object]:
    """Return the request of a workload's job with where its files are, as its record says now."""
    workload = ports.workloads.find_workload(str(job.ask.get(WORKLOAD, "")))
    source = workload.source if workload is not None else None
    if workload is None or source is None:
        return {**job.ask, "settled": True}
    place = {
        "repository": source.url,
        "directory": source.directory,
        "branch": source.branch,
        "commit": source.commit,
        "username": source.username,
    }
    secrets = {"private_key": source.private_key, "password": source.password}
    return {
        **job.ask,
        "settled": workload.manifest is not None,
        **{name: text for name, text in place.items() if text},
        SECRET_NAMES: {name: reference for name, reference in secrets.items() if reference},
    }


def _held_job(ports: Ports, held: Heartbeat) -> Job:
    job = ports.jobs.job(held.job)
    jobs.held(job, hashed(held.token), held.number, now=ports.clock.now())
    return job


def _settled(ports: Ports, workload: Workload, command: SettleJob) -> Workload:
    if workload.phase is not WorkloadPhase.PENDING:
        return workload
    manifest = read_manifest(command.manifest, name=workload.given_name, schedule=workload.given_schedule)
    if workload.jobs_only and manifest.kind is not WorkloadKind.JOB:
        raise Invalid.single("type", f"a {manifest.kind} is no task of a pipeline: jobs alone are")
    manifest = replace(manifest, env={**manifest.env, **workload.given_env})
    _secrets_of(ports, workload, manifest)
    try:
        return settle_workload(
            ports, workload, Settlement(manifest=manifest, commit=command.commit, notes=command.notes)
        )
    except Conflict as taken:
        # To a runner a conflict means that its lease is lost.
        raise Invalid.single("name", taken.message) from taken


def _assignment(ports: Ports, job: Job, workload: Workload) -> Assignment:
    if workload.manifest is None:
        raise Conflict(f"workload {workload.id} is {workload.phase}")
    duty = _duty(job, workload)
    secrets = _secrets_of(ports, workload, workload.manifest) if duty is not Duty.NONE else {}
    return Assignment(workload=workload, manifest=workload.manifest, duty=duty, secrets=secrets)


def _duty(job: Job, workload: Workload) -> Duty:
    """Return what the job must do. Faults: Conflict if another run has taken its place."""
    if workload.lasts:
        if job.run == workload.run:
            return Duty.KEEP
        if job.run == workload.id:
            return Duty.NONE
        raise Conflict(f"run {workload.run} keeps workload {workload.id} now")
    reads_only = workload.kind is WorkloadKind.CRONJOB and job.run == workload.id
    return Duty.NONE if reads_only else Duty.RUN


def _secrets_of(ports: Ports, workload: Workload, manifest: Manifest) -> dict[str, str]:
    """Return the values of the secrets that the manifest names: inputs of its environment. Faults: Invalid."""
    if not manifest.secrets:
        return {}
    known = ports.projects.environment(workload.project, workload.environment).secrets
    values = dict[str, str]()
    for place, wanted in enumerate(manifest.secrets):
        try:
            whole = ports.secrets.get(known[wanted.secret])
            values[wanted.name] = _part(whole, wanted.key) if wanted.key else whole
        except (KeyError, NotFound, ValueError) as missing:
            said = f"environment {workload.environment} has no such secret"
            raise Invalid.single(f"secrets[{place}]", said) from missing
    return values


def _part(whole: str, key: str) -> str:
    """Return a value of a secret that is a JSON object, as AWS keeps several in one. Faults: ValueError, KeyError."""
    held = json.loads(whole)
    if not isinstance(held, dict) or not isinstance(held.get(key), str):
        raise KeyError(key)
    return str(held[key])


def _note_available(ports: Ports, workload: Workload) -> None:
    """Record in State that the workload is deployed, before its own record says so: else that could be lost."""
    record_available(ports, workload)

    def note() -> None:
        known = ports.workloads.workload(workload.id)
        if known.available_at is None:
            known = ports.workloads.save(replace(known, available_at=ports.clock.now()))
        drain_followed(ports, known)

    with suppress(NotFound):
        retry_on_conflict(ports, note)
