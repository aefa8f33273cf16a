"""A repository's files at a branch or a commit, by git. Which addresses it may be given, repository says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from slipway.perform.faults import StageCancelledError
from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import Program
from slipway.plan.git import GitError
from slipway.runner.bay import Bay
from slipway.runner.repository import Source


def check_out(source: Source, into: Path, environment: Mapping[str, str], bay: Bay) -> None:
    """The source's files in a fresh folder, with their history. Faults: GitError, StageCancelledError, OSError."""
    bay.log.note(f"checking out {source.url} {source.commit or source.branch}".rstrip())
    branch = (f"--branch={source.branch}",) if source.branch else ()
    _git(
        bay.folder, environment, bay, "clone", "--quiet", "--no-checkout", "--single-branch", "--no-local",
        "--no-recurse-submodules", "--template=", *branch, "--", source.url, str(into),
    )  # fmt: skip
    if source.commit and not _has(into, source.commit, environment, bay):
        _git(into, environment, bay, "fetch", "--quiet", "--no-recurse-submodules", "origin", source.commit)
    _git(into, environment, bay, "reset", "--quiet", "--hard", source.commit or "HEAD")


def _has(folder: Path, commit: str, environment: Mapping[str, str], bay: Bay) -> bool:
    try:
        _git(folder, environment, bay, "rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}")
    except GitError:
        return False
    return True


def _git(folder: Path, environment: Mapping[str, str], bay: Bay, verb: str, *arguments: str) -> None:
    said: list[str] = []

    def hear(line: LogLine) -> None:
        if line.stream == "err":
            said.append(line.text)
            bay.log.line(line.stream, line.text)

    program = Program(argv=("git", verb, *arguments), folder=folder, environment=environment)
    ended = bay.shell.run(program, Log(hear))
    if ended.cancelled:
        raise StageCancelledError("stopped")
    if ended.code != 0:
        fatal = [line for line in said if line.startswith(("fatal:", "error:"))]
        raise GitError(f"git {verb}: {(fatal or said or [f'exit code {ended.code}'])[-1]}")
