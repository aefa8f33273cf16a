"""Watch a task or a pipeline until it has settled: ended, or with all its pods ready, or with its schedule."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from slipway.cli.exit_codes import ExitCode
from slipway.cli.runs.screens import Picture, screen_for_stdout
from slipway.cli.runs.tree import Look, TreeLine
from slipway.cli.runs.watch import PAUSES
from slipway.cli.show import output
from slipway.cli.workloads.paths import pipeline_path, state_path
from slipway.cli.workloads.tree import pipeline_line, task_line

if TYPE_CHECKING:
    from slipway.client import Client

Row = Mapping[str, Any]
ENDED: Mapping[str, ExitCode] = {
    "SUCCEEDED": ExitCode.OK,
    "FAILED": ExitCode.FAILED,
    "ERROR": ExitCode.FAILED,
    "KILLED": ExitCode.CANCELLED,
    "DELETED": ExitCode.CANCELLED,
}
"""Statuses of what has ended, with the exit code of a command that waited for it."""

SETTLED: Mapping[str, ExitCode] = {**ENDED, "AVAILABLE": ExitCode.OK, "SCHEDULED": ExitCode.OK}
"""Statuses that a deploy comes to, if it comes to any."""


def watch_task(api: Client, task: str) -> ExitCode:
    """Show a task until it has settled; return the exit code. Faults: ApiError."""
    last = _watched(partial(api.get, state_path(task)), task_line)
    if SETTLED[last["status"]] is ExitCode.FAILED and last["log_url"]:
        output.note(f"what it said: slipway task logs {task}")
    return SETTLED[last["status"]]


def watch_pipeline(api: Client, namespace: str, pipeline: str) -> ExitCode:
    """Show a pipeline until it has ended; return the exit code. Faults: ApiError."""
    last = _watched(partial(api.get, pipeline_path(namespace, pipeline)), pipeline_line)
    for task in last["tasks"]:
        if task["status"] == "FAILED" and task["task_id"]:
            output.note(f"what {task['name']} said: slipway task logs {task['task_id']}")
    if SETTLED[last["status"]] is not ExitCode.OK and last["tasks"]:
        output.note(f"from there on again: slipway task-pipeline retry {namespace}/{pipeline}")
    return SETTLED[last["status"]]


def _watched(read: Callable[[], Row], line: Callable[[Row, Look], TreeLine]) -> Row:
    """Show what is read until it has settled, and return that."""
    screen = screen_for_stdout()
    try:
        for row in _looks(read):
            screen.show(Picture(value=row, line=partial(line, row)))
    finally:
        screen.close()
    return row


def _looks(read: Callable[[], Row]) -> Iterator[Row]:
    """Poll until it has settled, more often while it changes."""
    pause, before = PAUSES[0], None
    while True:
        row = read()
        yield row
        if row["status"] in SETTLED:
            return
        pause = PAUSES[0] if row != before else min(pause * 1.5, PAUSES[1])
        before = row
        time.sleep(pause)
