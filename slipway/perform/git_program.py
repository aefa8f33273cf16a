"""Run git as a program of the job: it stops when the job is cancelled, and reports why it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from slipway.perform.faults import StageCancelledError
from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import Program, Shell
from slipway.plan.git import GitError

_WHO = ("-c", "user.name=Slipway", "-c", "user.email=slipway@localhost")
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True, kw_only=True)
class GitProgram:
    """Git in a folder. environment: of the job."""

    folder: Path
    environment: Mapping[str, str]
    shell: Shell
    log: Log

    def run(self, command: str, *arguments: str) -> None:
        """Run a git command; its error output goes to the log. Faults: GitError, StageCancelledError, OSError."""
        self._run(command, ("git", *_NO_HOOKS, command, *arguments))

    def tag(self, name: str, commit: str) -> None:
        """Create an annotated tag on the commit and push it to origin. Faults: as run."""
        message = ("--annotate", "--no-sign", "--message", name)
        self._run("tag", ("git", *_NO_HOOKS, *_WHO, "tag", *message, "--", name, commit))
        self.run("push", "--quiet", "--no-verify", "origin", f"refs/tags/{name}")

    def _run(self, command: str, argv: tuple[str, ...]) -> None:
        errors: list[str] = []

        def collect(line: LogLine) -> None:
            if line.stream == "err":
                errors.append(line.text)
                self.log.line(line.stream, line.text)

        ended = self.shell.run(Program(argv=argv, folder=self.folder, environment=self.environment), Log(collect))
        if ended.cancelled:
            raise StageCancelledError("stopped")
        if ended.code != 0:
            fatal = [line for line in errors if line.startswith(("fatal:", "error:"))]
            raise GitError(f"git {command}: {(fatal or errors or [f'exit code {ended.code}'])[-1]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a checkout comes from. git: works with the credential in our own bare repository, never in the checkout.

    The programs of a job may write anything into a checkout's `.git`, including hooks and configuration.
    """

    git: GitProgram
    commit: str

    def tag(self, name: str) -> None:
        """Create an annotated tag on the checked-out commit and push it. Faults: as GitProgram.run."""
        self.git.tag(name, self.commit)
