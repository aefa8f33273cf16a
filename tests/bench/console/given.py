"""What the console's pages are measured on: runs with many nodes and long logs, and a matrix, on a platform."""

import time
from collections.abc import Callable

from tests.bench.pipelines import NOOP, PROJECT, path_of
from tests.bench.platform import Platform

STATE = f"/api/v1/state/{PROJECT}"
STAGES, NODES = 10, 200
APPLICATIONS, ENVIRONMENTS = 100, 20
LONGEST = 120.0


def project(platform: Platform) -> None:
    """The project is there."""
    platform.ask("POST", f"{STATE}/add-project", {})


def begun(platform: Platform, name: str, *phases: dict[str, object]) -> str:
    """The id of a run of a new pipeline."""
    platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", {"name": name, "phases": list(phases)})
    return str(platform.ask("POST", f"{path_of(name)}/trigger", {})["id"])


def many_nodes(platform: Platform) -> str:
    """A run of 200 steps that waits at its first gate, so that none of its stages is folded."""
    steps = [{**NOOP, "name": f"s{number}", "needs": [f"s{number - 4}"] if number > 3 else []} for number in range(20)]
    gate = {"name": "go", "type": "approval", "quorum": 9}
    stages: list[dict[str, object]] = [{"name": f"p{number}", "steps": steps} for number in range(STAGES)]
    stages[0]["gates"] = [gate]
    run = begun(platform, "many-nodes", *stages)
    awaited(lambda: "approval" in str(platform.ask("GET", f"/api/v1/runs/{run}/explain")))
    return run


def a_log(platform: Platform, lines: int) -> str:
    """A run whose only step has said so many lines."""
    said = f"seq -f 'line %.0f of a log that is long' {lines}"
    step = {"name": "say", "type": "script", "script": said, "timeout": 600}
    run = begun(platform, f"log-{lines}", {"name": "one", "steps": [step]})
    awaited(lambda: platform.ask("GET", f"/api/v1/runs/{run}")["phase"] == "succeeded")
    return run


def a_sleep(platform: Platform, number: int) -> str:
    """A run whose only step goes on."""
    step = {"name": "sleep", "type": "script", "script": "sleep 600", "timeout": 700}
    run = begun(platform, f"sleep-{number}", {"name": "one", "steps": [step]})
    awaited(lambda: "runner" not in str(platform.ask("GET", f"/api/v1/runs/{run}/explain")))
    return run


def a_matrix(platform: Platform) -> None:
    """A hundred applications in twenty environments."""
    for place in range(ENVIRONMENTS):
        platform.ask("POST", f"{STATE}/environments/", {"name": f"env-{place:02}"})
        for number in range(APPLICATIONS):
            _put(platform, f"env-{place:02}", f"application-{number:03}", f"1.{number}.{place}")


def _put(platform: Platform, environment: str, name: str, version: str) -> None:
    state = {"name": name, "release": f"team/{name}", "stages": {"deploy": {"version": version}}}
    target = f"{STATE}/environments/{environment}/deployments/?deployment={name}"
    platform.ask("PUT", target, {"path": name, "state": state})


def a_change(platform: Platform, number: int) -> None:
    """One of them has another version."""
    _put(platform, "env-00", "application-000", f"2.0.{number}")


def awaited(is_so: Callable[[], bool]) -> None:
    """It is so. Faults: TimeoutError."""
    until = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("what the console is measured on is not there")
        time.sleep(0.1)
