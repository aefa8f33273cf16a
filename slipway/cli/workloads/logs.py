"""Print the log of a task: of all its pods, or of one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.show import output
from slipway.cli.show.plain_text import uncoloured, visible
from slipway.cli.workloads.paths import state_path
from slipway.cli.workloads.watch import ENDED
from slipway.client import segment

if TYPE_CHECKING:
    from slipway.client import Client

PAUSE = 1.0


def print_log(api: Client, task: str, pod: str, *, follow: bool) -> ExitCode:
    """Print the log of a task; with follow until it has ended, and return its outcome. Faults: ApiError."""
    after, status, query, lines = 0, "", {"pod": pod} if pod else {}, _Lines()
    while True:
        found = api.get(f"/v1/task/logs/{segment(task)}", after=str(after), **query)
        for chunk in found["chunks"]:
            lines.add(chunk)
        if found["next"] == after:
            if not follow or status in ENDED:
                lines.close()
                return ENDED.get(status, ExitCode.OK)
            status = api.get(state_path(task))["status"]
            if status not in ENDED:
                time.sleep(PAUSE)
        after = found["next"]


class _Lines:
    """Prints chunks: each as JSON, or line by line. rest: a last line whose newline is still missing."""

    def __init__(self) -> None:
        self._rest = ""

    def add(self, chunk: Mapping[str, Any]) -> None:
        if output.wants_json():
            output.print_json(chunk, indent=None)
            return
        *lines, self._rest = (self._rest + chunk["text"]).split("\n")
        for line in lines:
            click.echo(uncoloured(visible(line)))

    def close(self) -> None:
        if self._rest:
            click.echo(uncoloured(visible(self._rest)))
