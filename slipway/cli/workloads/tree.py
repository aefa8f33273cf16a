"""Tasks and pipelines as lines of a tree: a task above its pods, a pipeline above its tasks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slipway.cli.runs.tree import Look, TreeLine
from slipway.cli.show.phases import FINAL
from slipway.cli.show.plain_text import plain
from slipway.cli.show.times import instant

Row = Mapping[str, Any]
PHASES: Mapping[str, str] = {
    "WAITING": "new",
    "PENDING": "queued",
    "DEPLOYING": "starting",
    "RUNNING": "running",
    "AVAILABLE": "running",
    "SCHEDULED": "waiting-time",
    "SUCCEEDED": "succeeded",
    "SKIPPED": "skipped",
    "FAILED": "failed",
    "ERROR": "broken",
    "KILLING": "stopping",
    "KILLED": "cancelled",
    "DELETED": "cancelled",
}
"""The phase that each status of tasks, pipelines and pods is drawn as."""

LIKE_PHASES = frozenset({"WAITING", "RUNNING", "SUCCEEDED", "SKIPPED"})
"""Statuses that their mark says well enough."""


def task_line(task: Row, drawing: Look) -> TreeLine:  # noqa: ARG001 - pictures are drawn so
    """Return a task with its pods."""
    name, phase = task["name"] or task["directory"] or task["id"], _phase(task["status"])
    return TreeLine(
        name=plain(f"{task['namespace']}/{name}"),
        phase=phase,
        began=instant(task["started_at"]),
        # Of a cron job the latest run has ended, and not the job.
        ended=instant(task["finished_at"]) if phase in FINAL else None,
        detail=_joined(_status(task), str(task["kind"] or ""), task["message"]),
        lines=tuple(_pod_line(pod) for pod in task["pods"]),
    )


def pipeline_line(pipeline: Row, drawing: Look) -> TreeLine:  # noqa: ARG001 - pictures are drawn so
    """Return a pipeline with its tasks."""
    return TreeLine(
        name=plain(f"{pipeline['namespace']}/{pipeline['name']}"),
        # It may wait for another run of its name, and not for a runner.
        phase="starting" if pipeline["status"] == "PENDING" else _phase(pipeline["status"]),
        began=instant(pipeline["created_at"]),
        ended=instant(pipeline["finished_at"]),
        detail=_joined(str(pipeline["status"]).lower(), pipeline["message"], f"by {pipeline['identity']}"),
        lines=tuple(_member_line(task) for task in pipeline["tasks"]),
    )


def _member_line(task: Row) -> TreeLine:
    needs = f"after {', '.join(task['dependance'])}" if task["dependance"] else ""
    cleans = "also after a failure" if task["run-if-error"] else ""
    return TreeLine(
        name=plain(task["name"]),
        phase=_phase(task["status"]),
        began=instant(task["started_at"]),
        ended=instant(task["finished_at"]),
        detail=_joined(_status(task), task["message"], needs, cleans),
    )


def _pod_line(pod: Row) -> TreeLine:
    (process,) = pod["containers"]
    exit_code, phase = process["exit_code"], _phase(pod["phase"])
    return TreeLine(
        name=plain(pod["name"]),
        phase="starting" if phase == "running" and not process["ready"] else phase,
        detail=_joined(
            f"restarts: {pod['restarts']}" if pod["restarts"] else "",
            f"exit code {exit_code}" if exit_code is not None else "",
            pod["reason"],
        ),
    )


def _phase(status: str) -> str:
    return PHASES.get(status.upper(), status.lower())


def _status(row: Row) -> str:
    return "" if row["status"] in LIKE_PHASES else str(row["status"]).lower()


def _joined(*parts: str) -> str:
    return plain(", ".join(part for part in parts if part))
