"""The kinds of runs that people list and name."""

from __future__ import annotations

KINDS = ("pipeline", "build", "deployment-job", "task", "task-pipeline")
ALIASES = {"job": "deployment-job"}
