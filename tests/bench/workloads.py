"""The three workloads, by HTTP alone: 50 steps in sequence, 10 stages of 10 in parallel, 100 runs of 5 at once.

A time is from before the first trigger to the last run's own end, by one clock. It counts only when every expected step
of every run stands in the store as succeeded.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from tests.bench import pipelines
from tests.bench.budgets import Key
from tests.bench.pipelines import NOOP, PROJECT, SHELL
from tests.bench.platform import Platform

TIMES = 3
CALLERS = 8
PAUSE = 0.1
LONGEST = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One of them. runs: at once, each of so many steps."""

    key: Key
    pipeline: Mapping[str, Any]
    runs: int
    steps: int

    @property
    def name(self) -> str:
        """The pipeline's."""
        return str(self.pipeline["name"])


def workloads_of(kind: str, step: Mapping[str, Any], keys: tuple[Key, Key, Key]) -> tuple[Workload, ...]:
    """The three with one kind of step."""
    chain, blocks, crowd = keys
    return (
        Workload(key=chain, pipeline=pipelines.chain(f"{kind}-chain", step, 50), runs=1, steps=50),
        Workload(key=blocks, pipeline=pipelines.blocks(f"{kind}-blocks", step, 10, 10), runs=1, steps=100),
        Workload(key=crowd, pipeline=pipelines.chain(f"{kind}-crowd", step, 5), runs=100, steps=5),
    )


NOOPS = workloads_of("noop", NOOP, (Key.NOOP_CHAIN, Key.NOOP_BLOCKS, Key.NOOP_CROWD))
SHELLS = workloads_of("shell", SHELL, (Key.SHELL_CHAIN, Key.SHELL_BLOCKS, Key.SHELL_CROWD))


class Incomplete(Exception):  # noqa: N818 - says what the runs are
    """Not every expected step stands in the store as succeeded."""


def prepare(platform: Platform) -> None:
    """The project and the pipelines are there, and everything has run once."""
    platform.ask("POST", f"/api/v1/state/{PROJECT}/add-project", {"name": PROJECT})
    for kind, step in (("noop", NOOP), ("shell", SHELL)):
        warm = Workload(key=Key.TRIGGER, pipeline=pipelines.blocks(f"{kind}-warm", step, 1, 8), runs=4, steps=8)
        add(platform, warm)
        measured(platform, warm)


def add(platform: Platform, workload: Workload) -> None:
    """The workload's pipeline is there."""
    platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", workload.pipeline)


def milliseconds_a_step(platform: Platform, workload: Workload, times: int = TIMES) -> float:
    """The median of some times. Faults: Incomplete."""
    add(platform, workload)
    return median(measured(platform, workload) for _ in range(times))


def measured(platform: Platform, workload: Workload) -> float:
    """Milliseconds a step, once. Faults: Incomplete."""
    begun = time.time()
    ids = _triggered(platform, workload)
    ended = max(_ended_at(platform, workload, run) for run in ids)
    return 1000 * (ended - begun) / (workload.runs * workload.steps)


def _triggered(platform: Platform, workload: Workload) -> Sequence[str]:
    def trigger(_: int) -> str:
        return str(platform.ask("POST", f"{pipelines.path_of(workload.name)}/trigger", {})["id"])

    with ThreadPoolExecutor(min(CALLERS, workload.runs)) as callers:
        return tuple(callers.map(trigger, range(workload.runs)))


def _ended_at(platform: Platform, workload: Workload, run_id: str) -> float:
    """When the run ended, in seconds since 1970. Faults: Incomplete."""
    run = ended(platform, run_id)
    done = [node for stage in run["stages"] for node in stage["nodes"] if node["phase"] == "succeeded"]
    if run["phase"] != "succeeded" or len(done) != workload.steps:
        raise Incomplete(
            f"run {run_id} of {workload.name} is {run['phase']} with {len(done)} of {workload.steps} steps"
        )
    return datetime.fromisoformat(run["ended_at"]).timestamp()


def ended(platform: Platform, run_id: str) -> dict[str, Any]:
    """The run, once it has ended. Faults: Incomplete when that takes too long."""
    until = time.monotonic() + LONGEST
    while True:
        run: dict[str, Any] = platform.ask("GET", f"/api/v1/runs/{run_id}")
        if run["ended_at"] is not None:
            return run
        if time.monotonic() > until:
            raise Incomplete(f"run {run_id} has not ended after {LONGEST:.0f} s")
        # Asking costs the platform's time too; the run itself knows when it ended.
        time.sleep(PAUSE)
