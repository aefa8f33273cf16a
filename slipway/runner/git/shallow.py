"""Fetch one commit of a repository, without its history, within limits of time and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from slipway.perform.git_program import GitProgram
from slipway.perform.logs import Log
from slipway.perform.shell import Ended, Program, Shell
from slipway.plan.git import GitError
from slipway.runner.git.repository import Source
from slipway.runner.workspace import Workspace
from slipway_formats.override import override

LONGEST = 120.0
LARGEST = 1 << 30
"""Bytes of a pack, and so of all that is fetched."""

_BLOCK = 512
_MISSING = "couldn't find remote ref"
"""What git says of a branch that is not there."""

_LIMITED = 'ulimit -f "$1" || exit 125; shift; exec "$@"'


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedShell(Shell):
    """Runs programs that write no larger files than `largest` bytes, for `seconds` at most."""

    inner: Shell
    seconds: float = LONGEST
    largest: int = LARGEST

    @override
    def run(self, program: Program, log: Log) -> Ended:
        words = ("sh", "-c", _LIMITED, "sh", str(self.largest // _BLOCK), *program.argv)
        ended = self.inner.run(replace(program, argv=words, timeout=self.seconds), log)
        if ended.timed_out:
            raise GitError(f"git took longer than {self.seconds:g} seconds")
        return ended


def fetched_shallow(source: Source, store: Path, environment: Mapping[str, str], workspace: Workspace) -> GitProgram:
    """Fetch the source's commit alone into a bare repository; return the git program that works in it.

    environment: variables with the credential. Faults: GitError, StageCancelledError, OSError.
    """
    workspace.log.note(f"checking out {source.url} {source.commit or source.branch}".rstrip())
    shell = LimitedShell(inner=workspace.own_shell)
    outside = GitProgram(folder=store.parent, environment=environment, shell=shell, log=workspace.log)
    outside.run("init", "--quiet", "--bare", "--template=", str(store))
    git = replace(outside, folder=store, environment={**environment, "GIT_DIR": str(store)})
    wanted = source.commit or (f"refs/heads/{source.branch}" if source.branch else "HEAD")
    try:
        git.run("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", source.url, wanted)
    except GitError as error:
        if _MISSING not in str(error):
            raise
        raise GitError(f"the repository has no {f'branch {source.branch}' if source.branch else 'commit'}") from error
    git.run("update-ref", "refs/heads/fetched", "FETCH_HEAD")
    git.run("symbolic-ref", "HEAD", "refs/heads/fetched")
    return git
