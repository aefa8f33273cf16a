"""Perform a job of kind `task`: read a workload's manifest, ask what to do, and do it by the runner's executor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slipway.client_error import ApiError
from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.plan.archive import inner_path
from slipway.plan.git import revision_of
from slipway.plan.release import Revision
from slipway.runner import job_fields as ask_fields
from slipway.runner.executors.choice import executor_named
from slipway.runner.executors.port import Executor, Task
from slipway.runner.executors.reporter import PodReporter
from slipway.runner.git import access, repository
from slipway.runner.git.checkout import check_out
from slipway.runner.git.shallow import fetched_shallow
from slipway.runner.jobs import Assignment, Ending
from slipway.runner.leases.held import Stop
from slipway.runner.workspace import Workspace
from slipway_formats.defect import Invalid
from slipway_formats.workloads.manifest import Manifest
from slipway_formats.workloads.manifest_reader import read_manifest

MANIFEST = "manifest.json"
_LARGEST = 256 << 10
_REFUSED = frozenset({400, 413, 422})


def perform(workspace: Workspace) -> Ending:
    """Perform the task. Faults: as verdict.judge."""
    executor = executor_named(workspace.settings.executor)
    if executor is None:
        return Ending(outcome="broken", reason="this runner has no executor for workloads")
    files, revision = _checkout(workspace)
    raw = None
    if not workspace.job.ask.get("settled"):
        raw = _manifest_in(files, _directory(workspace))
    assignment = _assignment(workspace, executor, raw, revision.revision)
    commit = {"revision": revision.revision, "branch": revision.branch} if revision.revision else {}
    if assignment.duty == "none":
        return Ending(outcome="succeeded", reason="its manifest is read; another run does the rest", commit=commit)
    manifest = _read(assignment)
    workspace.log.hide(assignment.secrets.values())
    for note in executor.notes(manifest):
        workspace.log.note(note)
    with _task(workspace, assignment, manifest, files) as task:
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
def _task(workspace: Workspace, assignment: Assignment, manifest: Manifest, files: Path | None) -> Iterator[Task]:
    held = workspace.held
    reporter = PodReporter(workspace.jobs, held.lease, workspace.log.note)
    try:
        yield Task(
            workload=assignment.workload, run=workspace.job.run, namespace=assignment.namespace, manifest=manifest,
            secrets=assignment.secrets, files=files, directory=_directory(workspace),
            environment=workspace.environment, folder=workspace.folder, shell=workspace.shell, log=workspace.log,
            notify=reporter.notify, stop=held.stop, is_handed_back=lambda: held.why is Stop.RETURNED,
        )  # fmt: skip
    finally:
        reporter.close()


def _checkout(workspace: Workspace) -> tuple[Path | None, Revision]:
    """Return the workload's files, if it has any, and the commit that they are of."""
    ask = workspace.job.ask
    if not ask.get("repository"):
        return None, Revision()
    source = repository.read(ask, local=workspace.settings.local_repositories)
    workspace.log.hide((source.password, source.private_key))
    with access.private_folder(workspace) as private:
        plain = access.plain_environment(workspace.environment, private)
        known_hosts, local = workspace.settings.work / "known_hosts", workspace.settings.local_repositories
        credential = access.environment(source, plain, private, known_hosts=known_hosts, local=local)
        store = fetched_shallow(source, private / "repository", credential, workspace)
        folder = check_out(source, store, plain, workspace)
        return folder, revision_of(folder, plain)


def _directory(workspace: Workspace) -> str:
    return ask_fields.some_text(workspace.job.ask, "directory").strip("/")


def _manifest_in(files: Path | None, directory: str) -> Any:  # noqa: ANN401 - JSON
    """Return what the manifest of a directory says. Faults: StageFailedError, ArchiveError if links lead outside."""
    if files is None:
        raise StageFailedError("there is no repository with a manifest")
    if not (files / directory).is_dir():
        raise StageFailedError(f"the repository has no directory {directory}")
    path = inner_path(files, f"{directory}/{MANIFEST}".lstrip("/"))
    if not path.is_file():
        raise StageFailedError(f"directory {directory} has no {MANIFEST}")
    if path.stat().st_size > _LARGEST:
        raise StageFailedError(f"{MANIFEST} has more than {_LARGEST} bytes")
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise StageFailedError(f"{MANIFEST} is no JSON: {error}") from error


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


def _read(assignment: Assignment) -> Manifest:
    try:
        return read_manifest(assignment.manifest)
    except Invalid as defects:
        raise StageFailedError(f"this runner does not understand the manifest: {defects}") from defects
