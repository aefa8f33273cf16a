"""The list of runs across projects at 10 and at 100,000 of them: time, and calls to AWS.

By HTTP's own handlers without a socket, on a stand-in without persistence, the small list and the large one in turns.
"""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench import pipelines
from tests.bench.budgets import Key
from tests.bench.door import Door, door_to
from tests.bench.figures import Figure, Measured
from tests.bench.fill import fill_runs, filled_run
from tests.bench.meter import Meter
from tests.bench.pipelines import NOOP, PROJECT

SMALL, LARGE = 10, 100_000
PAGE = 5
TIMES = 30
FILTERS = {"all": "", "of a project": f"&project={PROJECT}", "ended": "&status=ended"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One with so many runs, and what it asks of AWS."""

    size: int
    door: Door
    meter: Meter

    def page(self, filters: str, turn: int) -> float:
        """Seconds that a page takes: in turns the first one, and one from the middle."""
        after = f"&page_from={filled_run(self.size, self.size // 2)}" if turn % 2 else ""
        begun = time.perf_counter()
        found = self.door.ask("GET", f"/api/v1/runs?page_size={PAGE}{filters}{after}")
        taken = time.perf_counter() - begun
        if len(found["items"]) != PAGE:
            raise AssertionError(f"{len(found['items'])} runs are found, not {PAGE}")
        return taken

    def calls(self, filters: str) -> Mapping[str, int]:
        """What a first page asks of AWS."""
        self.meter.clear()
        self.page(filters, 0)
        return dict(self.meter.requests)


def run_lists(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The worst ratio of medians; an answer that asks AWS for more of many runs than of few counts as no figure."""
    small, large = (_filled(aws, size) for size in (SMALL, LARGE))
    ratios = {name: _ratio(small, large, filters) for name, filters in FILTERS.items()}
    calls = {name: (small.calls(filters), large.calls(filters)) for name, filters in FILTERS.items()}
    if unlike := [name for name, (few, many) in calls.items() if few != many]:
        raise AssertionError(f"calls differ: {', '.join(unlike)}")
    told = "; ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    count = sum(calls["all"][1].values())
    note = f"{told}; {count} calls to AWS at either size; at load {os.getloadavg()[0]:.0f}"
    yield Key.RUNS_OF_MANY, Measured(value=max(ratios.values()), note=note)


def _filled(aws: Aws, size: int) -> Installation:
    prefix = f"runs-{size}-"
    resources.create_all(aws, prefix)
    meter = Meter(prefix)
    metered = replace(aws, interceptor=meter.interceptor)
    context = AdapterContext(aws=lambda: metered, prefix=prefix, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    made = Installation(size=size, door=door_to(ports_on(context, Settings())), meter=meter)
    made.door.ask("POST", f"/api/v1/state/{PROJECT}/add-project", {"name": PROJECT})
    made.door.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.chain("release", NOOP, 3))
    first = made.door.ask("POST", f"{pipelines.path_of('release')}/trigger", {})["id"]
    # It is known from now on that no run is left of an earlier version.
    made.door.ask("GET", "/api/v1/runs")
    fill_runs(Tables(aws=aws, prefix=prefix), first, size - 1)
    return made


def _ratio(small: Installation, large: Installation, filters: str) -> float:
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(TIMES):
        for mine, one in zip(taken, (small, large), strict=True):
            mine.append(one.page(filters, turn))
    few, many = (median(mine) for mine in taken)
    return many / few
