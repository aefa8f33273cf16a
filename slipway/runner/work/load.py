"""Perform a job of kind `load`: read one file of a repository, which no program of it sees, and hand it over."""

from __future__ import annotations

from slipway.runner import job_fields as ask_fields
from slipway.runner.job_records import Ending
from slipway.runner.work.configuration import checkout, configuration_in, directory_of
from slipway.runner.workspace import Workspace


def perform(workspace: Workspace) -> Ending:
    """Read the file. Faults: as verdict.judge."""
    files, revision = checkout(workspace)
    document = configuration_in(files, directory_of(workspace.job), ask_fields.text(workspace.job.ask, "file"))
    commit = {"revision": revision.revision, "branch": revision.branch} if revision.revision else {}
    return Ending(outcome="succeeded", commit=commit, document=document)
