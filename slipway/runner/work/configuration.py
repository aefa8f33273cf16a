"""Configurations in repositories: a shallow checkout, and one file of a directory in it."""

from __future__ import annotations

import json
from pathlib import Path

from slipway.perform.faults import StageFailedError
from slipway.plan.archive import inner_path
from slipway.plan.git import revision_of
from slipway.plan.release import Revision
from slipway.runner import job_fields as ask_fields
from slipway.runner.git import access, repository
from slipway.runner.git.checkout import check_out
from slipway.runner.git.shallow import fetched_shallow
from slipway.runner.job_records import Job
from slipway.runner.workspace import Workspace

_LARGEST = 256 << 10


def checkout(workspace: Workspace) -> tuple[Path | None, Revision]:
    """Return the files of the job's repository, if it has one, and the commit that they are of."""
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


def directory_of(job: Job) -> str:
    """Return the directory of a job, without slashes around it."""
    return ask_fields.some_text(job.ask, "directory").strip("/")


def configuration_in(files: Path | None, directory: str, name: str) -> str:
    """Return the JSON of a file in a directory, as text.

    Faults: StageFailedError, ArchiveError if links lead outside.
    """
    if files is None:
        raise StageFailedError("there is no repository with a manifest")
    if not (files / directory).is_dir():
        raise StageFailedError(f"the repository has no directory {directory}")
    path = inner_path(files, f"{directory}/{name}".lstrip("/"))
    if not path.is_file():
        raise StageFailedError(f"directory {directory} has no {name}")
    if path.stat().st_size > _LARGEST:
        raise StageFailedError(f"{name} has more than {_LARGEST} bytes")
    try:
        text = path.read_bytes().decode("utf-8")
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StageFailedError(f"{name} is no JSON: {error}") from error
    return text
