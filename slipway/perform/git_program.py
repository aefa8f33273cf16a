"""Git run as a program of the job: it ends when the job is told to stop, and says why it failed."""

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

    def run(self, verb: str, *arguments: str) -> None:
        """The command done; what it says of trouble is in the log. Faults: GitError, StageCancelledError, OSError."""
        self._run(verb, ("git", *_NO_HOOKS, verb, *arguments))

    def tag(self, name: str, commit: str) -> None:
        """An annotated tag on the commit, pushed to origin. Faults: as run."""
        message = ("--annotate", "--no-sign", "--message", name)
        self._run("tag", ("git", *_NO_HOOKS, *_WHO, "tag", *message, "--", name, commit))
        self.run("push", "--quiet", "--no-verify", "origin", f"refs/tags/{name}")

    def _run(self, verb: str, argv: tuple[str, ...]) -> None:
        said: list[str] = []

        def hear(line: LogLine) -> None:
            if line.stream == "err":
                said.append(line.text)
                self.log.line(line.stream, line.text)

        ended = self.shell.run(Program(argv=argv, folder=self.folder, environment=self.environment), Log(hear))
        if ended.cancelled:
            raise StageCancelledError("stopped")
        if ended.code != 0:
            fatal = [line for line in said if line.startswith(("fatal:", "error:"))]
            raise GitError(f"git {verb}: {(fatal or said or [f'exit code {ended.code}'])[-1]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a checkout comes from. git: of a bare repository of our own that has the commit, with the credential.

    The programs of a job write what they like into a checkout's `.git`, hooks and configuration too: git never runs
    there with a credential.
    """

    git: GitProgram
    commit: str

    def tag(self, name: str) -> None:
        """An annotated tag on the commit that was checked out, pushed. Faults: as GitProgram.run."""
        self.git.tag(name, self.commit)
