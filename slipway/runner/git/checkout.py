"""Check out a repository at a branch or a commit. Which addresses are allowed: repository.

The credential is only used for our own bare repository; a job's checkout is a copy of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from slipway.perform.git_program import GitProgram
from slipway.plan.git import GitError
from slipway.runner.git.extras import Extras
from slipway.runner.git.repository import Source
from slipway.runner.workspace import Workspace

_PLAIN = ("--quiet", "--single-branch", "--no-recurse-submodules", "--template=")


def fetched(source: Source, store: Path, environment: Mapping[str, str], workspace: Workspace) -> GitProgram:
    """Clone the source's commit and its history into a bare repository; return the git program that works in it.

    environment: variables with the credential. Faults: GitError, StageCancelledError, OSError.
    """
    workspace.log.note(f"checking out {source.url} {source.commit or source.branch}".rstrip())
    branch = (f"--branch={source.branch}",) if source.branch else ()
    outside = GitProgram(folder=store.parent, environment=environment, shell=workspace.own_shell, log=workspace.log)
    outside.run("clone", *_PLAIN, "--bare", "--no-local", *branch, "--", source.url, str(store))
    git = replace(outside, folder=store, environment={**environment, "GIT_DIR": str(store)})
    if not source.commit and not _has(git, "HEAD"):
        raise GitError("the repository has no commit")
    if source.commit and not _has(git, source.commit):
        git.run("fetch", "--quiet", "--no-recurse-submodules", "origin", source.commit)
    return git


def check_out(source: Source, store: GitProgram, environment: Mapping[str, str], workspace: Workspace) -> Path:
    """Check the files out into a new folder of the workspace. environment: without a credential. Faults: as fetched."""
    into = workspace.folder / "source"
    outside = replace(store, folder=workspace.folder, environment=environment)
    # No hard links: a job must not overwrite our objects.
    outside.run("clone", *_PLAIN, "--no-checkout", "--no-hardlinks", "--", str(store.folder), str(into))
    git = replace(outside, folder=into)
    git.run("remote", "set-url", "origin", source.url)
    git.run("reset", "--quiet", "--hard", source.commit or "HEAD")
    Extras(url=source.url, local=workspace.settings.local_repositories).add(git)
    return into


def _has(git: GitProgram, commit: str) -> bool:
    try:
        git.run("rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}")
    except GitError:
        return False
    return True
