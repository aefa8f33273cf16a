"""A shell whose programs run behind the walls of a sandbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from slipway.perform.logs import Log
from slipway.perform.shell import Ended, Program, Shell
from slipway.runner.sandbox.walls import Kind, Sandbox, scratch_of
from slipway_formats.override import override


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfinedShell(Shell):
    """Runs the programs of one job. folder: the job's. network: whether they have one."""

    inner: Shell
    sandbox: Sandbox
    folder: Path
    network: bool = True

    @override
    def run(self, program: Program, log: Log) -> Ended:
        scratch_of(self.folder).mkdir(exist_ok=True, mode=0o700)
        words = self.sandbox.command(self.folder, program.argv, network=self.network)
        environment = {**program.environment, **({"TMPDIR": "/tmp"} if "TMPDIR" in program.environment else {})}  # noqa: S108 - its own
        return self.inner.run(replace(program, argv=words, environment=environment), log)


def confined(inner: Shell, sandbox: Sandbox, folder: Path, *, network: bool) -> Shell:
    """Return the shell confined by the sandbox; unchanged on a machine without one."""
    if sandbox.kind is Kind.NONE:
        return inner
    return ConfinedShell(inner=inner, sandbox=sandbox, folder=folder, network=network)
