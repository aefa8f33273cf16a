"""Runs that are under way while their stack is updated: one waits for a person, one for its time, one has a job."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.deployed.stack import Stack
from tests.walks.api import eventually, node, script, told

APPROVAL = {"name": "go", "type": "approval"}
PAUSE_SECONDS = 45
"""Longer than an update of a stack takes, so that the timer's message lies in its queue meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlight:
    """Ids of runs of a project. enough: a file that lets the job end. since: of the monotonic clock."""

    stack: Stack
    project: str
    gated: str
    paused: str
    busy: str
    queued: str
    enough: Path
    since: float

    def let_end(self) -> None:
        """Do what the runs wait for."""
        answer = self.stack.decide(self.gated, "approve")
        assert answer.status == 200, answer
        self.enough.touch()

    def assert_nothing_is_lost(self) -> None:
        """All runs end well, once, in their time, and their logs are whole."""
        ended = {run: self.stack.ended(run) for run in (self.gated, self.paused, self.busy, self.queued)}
        lost = [told(found) for found in ended.values() if found["phase"] != "succeeded"]
        assert lost == []
        assert time.monotonic() - self.since >= PAUSE_SECONDS
        assert self.said(node(ended[self.busy], "work")) == ["begun", "done"]
        assert self.said(node(ended[self.gated], "say")) == ["hello"]
        assert self.said(node(ended[self.queued], "say")) == ["hello"]

    def said(self, step: Any) -> list[str]:  # noqa: ANN401 - JSON
        """The lines that a step's own program wrote."""
        text = "".join(chunk["text"] for chunk in self.stack.get(f"/api/v1/job-logs/{step['log']}"))
        return [line for line in text.splitlines() if line in {"begun", "done", "hello"}]


def begin(stack: Stack, project: str, folder: Path) -> InFlight:
    """Begin the runs, and return when each has come to where it waits. The pool has one runner."""
    stack.project(project, "staging")
    enough = folder / f"{project}-enough"
    work = script("work", f"echo begun; until [ -e {enough} ]; do sleep 0.1; done; echo done")
    gated = _triggered(stack, project, "gated", [{"name": "only", "gates": [APPROVAL], "steps": [_say()]}])
    busy = _triggered(stack, project, "busy", [{"name": "only", "steps": [work]}])
    eventually(lambda: node(stack.run(busy), "work")["phase"] == "running", 120)
    # The only runner is at work, so that this job lies in its pool.
    queued = _triggered(stack, project, "queued", [{"name": "only", "steps": [_say()]}])
    pause = {"name": "pause", "type": "wait", "seconds": PAUSE_SECONDS}
    since = time.monotonic()
    paused = _triggered(stack, project, "paused", [{"name": "only", "steps": [pause]}])
    stack.until(gated, lambda found: node(found, "go")["began_at"])
    stack.until(paused, lambda found: node(found, "pause")["began_at"])
    return InFlight(
        stack=stack,
        project=project,
        gated=gated,
        paused=paused,
        busy=busy,
        queued=queued,
        enough=enough,
        since=since,
    )


def numbers(stack: Stack, project: str) -> Sequence[int]:
    """The numbers of a project's runs."""
    return [run["run_nr"] for run in stack.get(f"/api/v1/projects/{project}/runs")]


def _say() -> Any:  # noqa: ANN401 - JSON
    return script("say", "echo hello")


def _triggered(stack: Stack, project: str, name: str, phases: Sequence[Any]) -> str:
    stack.pipeline(project, name, phases)
    return stack.trigger(project, name)
