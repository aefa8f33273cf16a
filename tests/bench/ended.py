"""What 100,000 ended runs weigh on one machine: in requests, in the time of a start, in memory.

They are copies of one run of 5 steps that the platform itself has done, put into its journal under other ids.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median

from infra.local.emulator.journal.file import Change, batch_of
from infra.local.emulator.journal.folder import JournalFolder
from tests.bench import pipelines, workloads
from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.pipelines import PROJECT
from tests.bench.platform import Platform
from tests.bench.workloads import NOOPS

RUNS = 100_000
TIMES = 25
CROWD = NOOPS[2]
WITH_SNAPSHOTS = 2
LONGEST = 300.0


def ended(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """Requests, start and memory beside those of the same platform when it was empty."""
    platform.longest_start = LONGEST
    platform.start()
    workloads.prepare(platform)
    workloads.add(platform, CROWD)
    run = str(platform.ask("POST", f"{pipelines.path_of(CROWD.name)}/trigger", {})["id"])
    workloads.ended(platform, run)
    empty, weight = _requests(platform, run), _memory(platform)
    platform.stop()
    _fill(JournalFolder(platform.home / "aws" / "journal"), run)
    platform.start()
    _await_snapshot(platform)
    platform.stop()
    platform.start()
    yield Key.START_WITH_RUNS, Measured(value=platform.seconds)
    yield Key.RUN_MEMORY, Measured(value=1000 * (_memory(platform) - weight) / RUNS)
    full = _requests(platform, run)
    ratios = {name: full[name] / empty[name] for name in empty}
    note = "; ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    yield Key.REQUEST_WITH_RUNS, Measured(value=max(ratios.values()), note=note)


def _requests(platform: Platform, run: str) -> Mapping[str, float]:
    """Milliseconds that each request takes, once it was made before."""
    path = pipelines.path_of(CROWD.name)
    asks: Mapping[str, Callable[[], object]] = {
        "a run": lambda: platform.ask("GET", f"/api/v1/runs/{run}"),
        "a list": lambda: platform.ask("GET", f"/api/v1/pipelines/by-project/{PROJECT}/executions/?page_size=5"),
        "a trigger": lambda: platform.ask("POST", f"{path}/trigger", {}),
    }
    return {name: _median(ask) for name, ask in asks.items()}


def _median(ask: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - begun))
    return median(taken[1:])


def _memory(platform: Platform) -> float:
    """MB of the stand-in alone."""
    return sum(size for name, size in platform.memory().items() if "emulator.server" in name)


def _fill(folder: JournalFolder, run: str) -> None:
    """So many copies of a run, as items of a journal."""
    made = {change.head: change.body for change in folder.changes() if change.head[0] == "item"}
    items = [Change(head, body) for head, body in made.items() if body and head[2].endswith(run)]
    folder.begin()
    for number in range(RUNS):
        folder.current().append(batch_of([_copy(item, run, f"{number:0{len(run)}d}") for item in items]))
    folder.close()


def _copy(item: Change, run: str, name: str) -> Change:
    head = tuple(word.replace(run, name) for word in item.head)
    return Change(head, item.body.replace(run.encode(), name.encode()))


def _await_snapshot(platform: Platform) -> None:
    folder, until = platform.home / "aws" / "journal", time.monotonic() + LONGEST
    while len([*folder.glob("[0-9]*.snapshot")]) < WITH_SNAPSHOTS and time.monotonic() < until:
        time.sleep(0.2)
