"""What is said and done about a run that a command has started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slipway.cli import output as desk
from slipway.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from slipway.client import Client


def started(api: Client, run: str, what: str, *, wait: bool) -> ExitCode:
    """Watch the run to its end, or say how it can be watched."""
    from slipway.cli.runs.watch import watch

    if wait:
        return watch(api, run)
    desk.show({"id": run}, lambda: f"{what}: run {run}\nslipway run watch {run}")
    return ExitCode.OK
