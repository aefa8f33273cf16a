"""How long it takes from a trigger by HTTP until a request that waits has been told that the run began."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

from tests.bench import pipelines
from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.pipelines import PROJECT
from tests.bench.platform import Platform
from tests.bench.workloads import prepare

TIMES = 30
REST = 0.05
"""Seconds for the request to be waiting."""

EVENTS = f"/api/v1/events?project={PROJECT}&kind=run.began"


def event_to_long_poll(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """The median of 30, and the worst."""
    prepare(platform)
    platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.chain("told", {"type": "noop"}, 1))
    with ThreadPoolExecutor(1) as pool:
        taken = [_once(platform, pool) for _ in range(TIMES)]
    yield Key.EVENT, Measured(value=median(taken), note=f"the worst {max(taken):.0f}")


def _once(platform: Platform, pool: ThreadPoolExecutor) -> float:
    """Milliseconds from sending the trigger to the answer of the request that waits."""
    after = platform.ask("GET", f"{EVENTS}&after=end")["next"]
    waiting = pool.submit(_told, platform, after)
    time.sleep(REST)
    begun = time.perf_counter()
    run = platform.ask("POST", f"{pipelines.path_of('told')}/trigger", {})["id"]
    told, at = waiting.result()
    if [one["subject"] for one in told["items"]] != [run]:
        raise AssertionError(f"told of something else than {run}: {told}")
    return 1000 * (at - begun)


def _told(platform: Platform, after: str) -> tuple[Any, float]:
    answer = platform.ask("GET", f"{EVENTS}&after={after}&wait=20")
    return answer, time.perf_counter()
