"""What a command does with a run that it started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slipway.cli.exit_codes import ExitCode
from slipway.cli.show import output

if TYPE_CHECKING:
    from slipway.client import Client


def started(api: Client, run: str, what: str, *, wait: bool) -> ExitCode:
    """With `wait` watch the run to its end; otherwise print its id and the command that watches it."""
    from slipway.cli.runs.watch import watch

    if wait:
        return watch(api, run)
    output.show({"id": run}, lambda: f"{what}: run {run}\nslipway run watch {run}")
    return ExitCode.OK
