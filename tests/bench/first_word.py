"""How long the first word of a step takes from its script to somebody who asks for the log again and again."""

import time
from collections.abc import Iterator
from statistics import median

from tests.bench import pipelines
from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.pipelines import PROJECT
from tests.bench.platform import Platform
from tests.bench.workloads import ended

TIMES = 10
PAUSE = 0.005
SAYS_WHEN = {"type": "script", "script": "date +%s%N; sleep 1"}


def first_word(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """The median of 10."""
    platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.chain("word", SAYS_WHEN, 1))
    taken = [_once(platform) for _ in range(TIMES)]
    yield Key.FIRST_WORD, Measured(value=median(taken), note=f"the longest {max(taken):.0f}")


def _once(platform: Platform) -> float:
    """Milliseconds of one run."""
    run = platform.ask("POST", f"{pipelines.path_of('word')}/trigger", {})["id"]
    while not (log := platform.ask("GET", f"/api/v1/runs/{run}")["stages"][0]["nodes"][0]["log"]):
        time.sleep(PAUSE)
    while not (chunks := platform.ask("GET", f"/api/v1/job-logs/{log}?after=0")):
        time.sleep(PAUSE)
    read = time.time_ns()
    ended(platform, run)
    return (read - int(chunks[0]["text"])) / 1e6
