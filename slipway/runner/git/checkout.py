"""A repository's files at a branch or a commit, by git. Which addresses it may be given, repository says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from slipway.perform.git_program import GitProgram
from slipway.plan.git import GitError
from slipway.runner.git.repository import Source
from slipway.runner.workspace import Workspace


def check_out(source: Source, into: Path, environment: Mapping[str, str], workspace: Workspace) -> None:
    """The source's files in a fresh folder, with their history. Faults: GitError, StageCancelledError, OSError."""
    workspace.log.note(f"checking out {source.url} {source.commit or source.branch}".rstrip())
    branch = (f"--branch={source.branch}",) if source.branch else ()
    outside = GitProgram(folder=workspace.folder, environment=environment, shell=workspace.shell, log=workspace.log)
    outside.run(
        "clone", "--quiet", "--no-checkout", "--single-branch", "--no-local", "--no-recurse-submodules",
        "--template=", *branch, "--", source.url, str(into),
    )  # fmt: skip
    git = replace(outside, folder=into)
    if source.commit and not _has(git, source.commit):
        git.run("fetch", "--quiet", "--no-recurse-submodules", "origin", source.commit)
    git.run("reset", "--quiet", "--hard", source.commit or "HEAD")


def _has(git: GitProgram, commit: str) -> bool:
    try:
        git.run("rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}")
    except GitError:
        return False
    return True
