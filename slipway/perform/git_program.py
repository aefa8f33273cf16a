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


@dataclass(frozen=True, slots=True, kw_only=True)
class GitProgram:
    """Git in a folder. environment: of the job."""

    folder: Path
    environment: Mapping[str, str]
    shell: Shell
    log: Log

    def run(self, verb: str, *arguments: str) -> None:
        """The command done; what it says of trouble is in the log. Faults: GitError, StageCancelledError, OSError."""
        self._run(verb, ("git", verb, *arguments))

    def tag(self, name: str) -> None:
        """An annotated tag on the commit, pushed to origin. Faults: as run."""
        self._run("tag", ("git", *_WHO, "tag", "--annotate", "--message", name, "--", name))
        self.run("push", "--quiet", "origin", f"refs/tags/{name}")

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
