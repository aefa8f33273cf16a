"""The pipelines that are measured, as State's API takes them."""

from collections.abc import Mapping
from typing import Any

PROJECT = "bench"
NOOP: Mapping[str, Any] = {"type": "noop"}
SHELL: Mapping[str, Any] = {"type": "script", "script": "true"}
WAIT: Mapping[str, Any] = {"type": "wait", "seconds": 1}


def chain(name: str, step: Mapping[str, Any], steps: int) -> dict[str, Any]:
    """A pipeline of steps in sequence."""
    return {"name": name, "phases": [{"name": "one", "steps": [_following(step, number) for number in range(steps)]}]}


def blocks(name: str, step: Mapping[str, Any], stages: int, steps: int) -> dict[str, Any]:
    """A pipeline of stages, one after the other, each of steps in parallel."""
    phases = [
        {"name": f"p{stage}", "steps": [{**step, "name": f"s{number}"} for number in range(steps)]}
        for stage in range(stages)
    ]
    return {"name": name, "phases": phases}


def path_of(pipeline: str) -> str:
    """Where a pipeline stands in State's API."""
    return f"/api/v1/pipelines/by-project/{PROJECT}/by-name/{pipeline}"


def _following(step: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {**step, "name": f"s{number}", "needs": [f"s{number - 1}"] if number else []}
