"""Runs as the API shows them, with valid defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

NOON = datetime(2030, 5, 1, 12, 0, tzinfo=UTC)


def at(seconds: float) -> str:
    return (NOON + timedelta(seconds=seconds)).isoformat()


def a_node(name: str, phase: str = "new", *, took: tuple[float, float] | None = None, **more: object) -> dict[str, Any]:
    begun = phase != "new"
    ended = phase in ("succeeded", "failed", "broken", "rejected", "skipped", "overridden", "cancelled")
    return {
        "key": name.replace(" ", "-"),
        "name": name,
        "kind": "step",
        "work": "Job",
        "phase": phase,
        "attempt": 1 if begun else 0,
        "group": None,
        "reason": "",
        "began_at": at(took[0]) if took else at(0) if begun else None,
        "ended_at": (at(took[1]) if took else at(1)) if ended else None,
        "opens_at": None,
        "log": None,
        "child": None,
        "outputs": {},
        **more,
    }


def a_stage(name: str, phase: str, *nodes: dict[str, Any], **more: object) -> dict[str, Any]:
    begun = phase != "new"
    ended = phase in ("succeeded", "failed", "broken", "rejected", "cancelled", "superseded")
    return {
        "number": 1 if begun else 0,
        "stage": name,
        "name": name,
        "environment": None,
        "attempt": 1 if begun else 0,
        "phase": phase,
        "reason": "",
        "began_at": at(0) if begun else None,
        "ended_at": at(5) if ended else None,
        "nodes": list(nodes),
        **more,
    }


def a_run(phase: str, *stages: dict[str, Any], **more: object) -> dict[str, Any]:
    ended = phase in ("succeeded", "failed", "broken", "rejected", "cancelled", "superseded")
    return {
        "id": "R1",
        "project": "shop",
        "kind": "pipeline",
        "environment": "",
        "name": "delivery",
        "run_nr": 7,
        "phase": phase,
        "reason": "",
        "version": 1,
        "started_by": "ann",
        "trigger": "request",
        "created_at": at(0),
        "ended_at": at(60) if ended else None,
        "retries": 0,
        "releases": [],
        "stages": list(stages),
        "acts": [],
        **more,
    }
