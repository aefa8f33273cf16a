"""Perform a job of kind `task`: read a workload's manifest, ask what to do, and do it by the runner's executor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from slipway.client_error import ApiError
from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.choice import executor_of
from slipway.runner.executors.port import Executor, Task
from slipway.runner.executors.reporter import PodReporter
from slipway.runner.git.repository import Source, read
from slipway.runner.job_records import Assignment, Ending
from slipway.runner.leases.held import Stop
from slipway.runner.work.configuration import checkout, configuration_in, directory_of
from slipway.runner.workspace import Workspace
from slipway_formats.defect import Invalid
from slipway_formats.workloads.manifest import Manifest
from slipway_formats.workloads.manifest_reader import read_manifest

MANIFEST = "manifest.json"
_REFUSED = frozenset({400, 413, 422})


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The files of a workload, and where they are from; None where it has none."""

    files: Path | None
    source: Source | None


def perform(workspace: Workspace) -> Ending:
    """Perform the task. Faults: as verdict.judge."""
    executor = executor_of(workspace.settings)
    if executor is None:
        return Ending(outcome="broken", reason="this runner has no executor for workloads")
    files, revision = checkout(workspace)
    raw = None
    if not workspace.job.ask.get("settled"):
        raw = json.loads(configuration_in(files, directory_of(workspace.job), MANIFEST))
    assignment = _assignment(workspace, executor, raw, revision.revision)
    commit = {"revision": revision.revision, "branch": revision.branch} if revision.revision else {}
    if assignment.duty == "none":
        return Ending(outcome="succeeded", reason="its manifest is read; another run does the rest", commit=commit)
    manifest = _read(assignment)
    workspace.log.hide(assignment.secrets.values())
    for note in executor.notes(manifest):
        workspace.log.note(note)
    code = Code(files=files, source=_source(workspace, revision.revision))
    with _task(workspace, assignment, manifest, code) as task:
        _done(workspace, executor, task, assignment.duty)
    return Ending(outcome="succeeded", commit=commit)


def _done(workspace: Workspace, executor: Executor, task: Task, duty: str) -> None:
    """Run or keep the pods. Faults: StageFailedError if they end badly, StageCancelledError once they are stopped."""
    if duty == "keep":
        workspace.step_aside()
        executor.keep(task)
        raise StageCancelledError("stopped")
    if code := executor.run(task):
        raise StageFailedError(f"exit code {code}")


@contextmanager
def _task(workspace: Workspace, assignment: Assignment, manifest: Manifest, code: Code) -> Iterator[Task]:
    held = workspace.held
    reporter = PodReporter(workspace.jobs, held.lease, workspace.log.note)
    try:
        yield Task(
            workload=assignment.workload, run=workspace.job.run, namespace=assignment.namespace, manifest=manifest,
            secrets=assignment.secrets, files=code.files, directory=directory_of(workspace.job),
            environment=workspace.environment, folder=workspace.folder, shell=workspace.shell, log=workspace.log,
            notify=reporter.notify, stop=held.stop, is_handed_back=lambda: held.why in {Stop.RETURNED, Stop.LOST},
            attempt=workspace.job.attempt, pool=workspace.settings.pool, source=code.source,
        )  # fmt: skip
    finally:
        reporter.close()


def _assignment(workspace: Workspace, executor: Executor, raw: object, commit: str) -> Assignment:
    """Ask what to do. Faults: StageFailedError with what is wrong with the manifest; ApiError."""
    notes: tuple[str, ...] = ()
    if raw is not None:
        notes = _notes(executor, raw)
    try:
        return workspace.jobs.settle(workspace.held.lease, raw, commit, notes)
    except ApiError as error:
        if error.status in _REFUSED:
            raise StageFailedError(str(error)) from None
        raise


def _notes(executor: Executor, raw: object) -> tuple[str, ...]:
    try:
        return executor.notes(read_manifest(raw, name="unnamed"))
    except Invalid:
        # The platform refuses it, with every defect.
        return ()


def _source(workspace: Workspace, commit: str) -> Source | None:
    """Return where the files are from, with the commit that they are of."""
    if not workspace.job.ask.get("repository"):
        return None
    return replace(read(workspace.job.ask, local=workspace.settings.local_repositories), commit=commit)


def _read(assignment: Assignment) -> Manifest:
    try:
        return read_manifest(assignment.manifest)
    except Invalid as defects:
        raise StageFailedError(f"this runner does not understand the manifest: {defects}") from defects
