"""Executions as the State Service tells of them: watched until they end, or until something waits."""

import time

PATIENCE = 60
PAUSE = 0.25
MARKS = {"ok": "\033[32m✓\033[0m", "failed": "\033[31m✗\033[0m", "running": "●", "pending": "◆"}
ENDED = ("ok", "failed")


def watched(platform, path, until=lambda execution: False):
    """The execution once it has ended, or is as wanted; every change of it is printed."""
    told, deadline = {}, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        execution = platform.ask("GET", path)
        for name, status, reason in things(execution):
            if told.get(name, "new") != status and status in MARKS:
                print(f"  {MARKS[status]} {name}: {status}{f' ({reason})' if reason else ''}", flush=True)
            told[name] = status
        if execution["status"] in ENDED or until(execution):
            return execution
        time.sleep(PAUSE)
    raise TimeoutError(path)


def things(execution):
    """Name, status and reason of all that an execution is made of, and of itself."""
    pipeline = execution.get("pipeline") or {"phases": []}
    for phase in pipeline["phases"]:
        for one in (*phase.get("gates", ()), *phase["steps"]):
            yield f"{phase['name']} / {one['name']}", one["status"], one.get("reason", "")
    yield f"execution #{execution['run_nr']}", execution["status"], execution["reason"]


def found(execution, phase, name):
    """A gate or step of a pipeline's execution."""
    (place,) = (one for one in execution["pipeline"]["phases"] if one["name"] == phase)
    (one,) = (one for one in (*place.get("gates", ()), *place["steps"]) if one["name"] == name)
    return one
