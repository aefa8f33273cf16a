"""How soon a stop of the line holds 100 runs that go on: when the last step begins after the stop was sent."""

import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.pipelines import PROJECT, WAIT, chain, path_of
from tests.bench.platform import Platform

RUNS, STEPS = 100, 30
LENGTH = 2
"""Seconds of a step, so that 50 begin in a second."""

UNTIL_STOP, UNTIL_SEEN = 3.0, 6.0
SECONDS_BEFORE, FEWEST_A_SECOND = 2, 20
STATE = f"/api/v1/state/{PROJECT}"
LINE = "line"


def stop(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """Seconds from the sending of the stop to the last step that began."""
    ids = _going_on(platform)
    sent = time.time()
    platform.ask("POST", "/api/v1/stops", {"seconds": 600, "reason": "the bench"})
    answered = time.time() - sent
    time.sleep(UNTIL_SEEN)
    after = [one - sent for run in ids for one in _begun(platform, run)]
    pace = sum(-SECONDS_BEFORE <= one <= 0 for one in after) / SECONDS_BEFORE
    if pace < FEWEST_A_SECOND:
        raise AssertionError(f"{pace:.0f} steps a second began before the stop: they do not go on")
    late = [one for one in after if one > 0]
    note = f"of {pace:.0f} steps a second {len(late)} began after it was sent, which was answered after"
    note = f"{note} {1000 * answered:.0f} ms; at load {os.getloadavg()[0]:.0f}"
    yield Key.STOP, Measured(value=max(late, default=0.0), note=note)


def _going_on(platform: Platform) -> Sequence[str]:
    """Runs whose steps begin one after the other in an environment."""
    platform.ask("POST", f"{STATE}/add-project", {"name": PROJECT})
    platform.ask("POST", f"{STATE}/environments/", {"name": "staging"})
    made = chain(LINE, {**WAIT, "seconds": LENGTH}, STEPS)
    phases = [{**phase, "environment": "staging"} for phase in made["phases"]]
    platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", {**made, "phases": phases})
    ids = []
    for _ in range(RUNS):
        ids.append(str(platform.ask("POST", f"{path_of(LINE)}/trigger", {})["id"]))
        # So that at no instant all of them are within a step.
        time.sleep(LENGTH / RUNS)
    time.sleep(UNTIL_STOP)
    return ids


def _begun(platform: Platform, run: str) -> Sequence[float]:
    """When the steps of a run that is held began, in seconds since 1970."""
    shown: dict[str, Any] = platform.ask("GET", f"/api/v1/runs/{run}")
    nodes = shown["stages"][0]["nodes"]
    began = [datetime.fromisoformat(node["began_at"]).timestamp() for node in nodes if node["began_at"]]
    if shown["ended_at"] is not None or not 0 < len(began) < STEPS:
        raise AssertionError(f"run {run} is {shown['phase']} with {len(began)} of {STEPS} steps begun")
    if any(node["phase"] == "running" for node in nodes):
        raise AssertionError(f"run {run} is not held")
    return began
