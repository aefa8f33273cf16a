"""Run git as a program of the job: it stops when the job is cancelled, and reports why it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import Program, Shell
from slipway.plan.git import GitError, reason_in

_WHO = ("-c", "user.name=Slipway", "-c", "user.email=slipway@localhost")
_TAGS = "refs/tags/"
_PEELED = "^{}"
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

    def lines(self, command: str, *arguments: str) -> list[str]:
        """Run a git command and return the lines of its output. Faults: as run."""
        return self._run(command, ("git", *_NO_HOOKS, command, *arguments))

    def within(self, path: str) -> GitProgram:
        """Return git in a folder of this one."""
        return replace(self, folder=self.folder / path)

    def tag(self, name: str, commit: str) -> None:
        """Create an annotated tag on the commit in this repository, in place of one that it has. Faults: as run."""
        message = ("--annotate", "--no-sign", "--force", "--message", name)
        self._run("tag", ("git", *_NO_HOOKS, *_WHO, "tag", *message, "--", name, commit))

    def push_tag(self, name: str, *, is_trial: bool) -> None:
        """Push the tag to origin; as a trial only find out whether that may be done. Faults: as run."""
        trial = ("--dry-run",) if is_trial else ()
        self.run("push", "--quiet", "--no-verify", *trial, "origin", f"refs/tags/{name}")

    def remote_tags(self) -> dict[str, str]:
        """Return the commits of the tags at origin, by the names of their refs. Faults: as run."""
        said = self.lines("ls-remote", "--tags", "origin")
        pairs = [(ref, commit) for commit, _, ref in (line.partition("\t") for line in said)]
        # An annotated tag is listed twice: as itself, then as the commit that it leads to.
        return {ref.removesuffix(_PEELED): commit for ref, commit in pairs}

    def _run(self, command: str, argv: tuple[str, ...]) -> list[str]:
        """Run it and return the lines of its output."""
        said: list[str] = []
        errors: list[str] = []

        def collect(line: LogLine) -> None:
            if line.stream == "err":
                errors.append(line.text)
                self.log.line(line.stream, line.text)
            else:
                said.append(line.text)

        ended = self.shell.run(Program(argv=argv, folder=self.folder, environment=self.environment), Log(collect))
        if ended.cancelled:
            raise StageCancelledError("stopped")
        if ended.code != 0:
            raise GitError(f"git {command}: {reason_in(errors) or f'exit code {ended.code}'}")
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a checkout comes from. git: works with the credential in our own bare repository, never in the checkout.

    The programs of a job may write anything into a checkout's `.git`, including hooks and configuration.
    """

    git: GitProgram
    commit: str

    def is_tagged(self, name: str) -> bool:
        """Return True if the tag is at origin. Faults: as GitProgram.run."""
        return _TAGS + name in self.git.remote_tags()

    def check_tag(self, name: str) -> None:
        """Ask origin whether it would take the tag on this commit, without setting it.

        Faults: StageFailedError if it has it on another commit, or one in its way; those of GitProgram.run.
        """
        ref, known = _TAGS + name, self.git.remote_tags()
        if self.commit == known.get(ref):
            return
        if ref in known:
            raise StageFailedError(f"tag {name} is on commit {known[ref][:12]} already: {name} cannot be tagged")
        if (other := next((one for one in known if _is_in_the_way(one, ref)), None)) is not None:
            raise StageFailedError(f"tag {other.removeprefix(_TAGS)} leaves no room for tag {name}")
        self.git.tag(name, self.commit)
        self.git.push_tag(name, is_trial=True)

    def tag(self, name: str) -> None:
        """Create an annotated tag on the checked-out commit and push it, unless it is there. Faults: as check_tag."""
        if self.git.remote_tags().get(_TAGS + name) == self.commit:
            self.git.log.note(f"tag {name} is on this commit already")
            return
        self.git.tag(name, self.commit)
        self.git.push_tag(name, is_trial=False)


def _is_in_the_way(known: str, ref: str) -> bool:
    """Whether git cannot hold both: a name may not be a folder of another."""
    return ref.startswith(f"{known}/") or known.startswith(f"{ref}/")
