"""Why a run waits, and what waits for whom, where a thousand runs wait: by HTTP's own handlers, on a stand-in."""

import os
import time
from collections.abc import Iterator
from statistics import median

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench.budgets import Key
from tests.bench.door import Door, door_to
from tests.bench.figures import Figure, Measured
from tests.bench.fill import fill_runs
from tests.bench.pipelines import NOOP, PROJECT, path_of

PREFIX = "waiting-"
RUNS = 1000
TIMES = 20
GATED = {
    "name": "gated",
    "phases": [{"name": "ship", "gates": [{"name": "go", "type": "approval"}], "steps": [{**NOOP, "name": "say"}]}],
}


def waiting(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The medians of 20 after the first."""
    resources.create_all(aws, PREFIX)
    context = AdapterContext(aws=lambda: aws, prefix=PREFIX, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    door = door_to(ports_on(context, Settings()))
    door.ask("POST", f"/api/v1/state/{PROJECT}/add-project", {"name": PROJECT})
    door.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", GATED)
    run = door.ask("POST", f"{path_of('gated')}/trigger", {})["id"]
    fill_runs(Tables(aws=aws, prefix=PREFIX), run, RUNS - 1)
    held, listed = _taken(door, f"/api/v1/runs/{run}/explain"), _taken(door, "/api/v1/approvals?mine=true")
    if len(door.ask("GET", "/api/v1/approvals?mine=true&page_size=100")["items"]) != 100:
        raise AssertionError("not all runs wait")
    yield Key.EXPLAIN, held
    yield Key.INBOX, listed


def _taken(door: Door, path: str) -> Measured:
    """Milliseconds, and those of the processor beside the stand-in's: the medians."""
    times, busy = list[float](), list[float]()
    for _ in range(TIMES + 1):
        begun, worked = time.perf_counter(), time.process_time()
        door.ask("GET", path)
        times.append(1000 * (time.perf_counter() - begun))
        busy.append(1000 * (time.process_time() - worked))
    note = f"{median(busy[1:]):.1f} of them of the server's processor; at load {os.getloadavg()[0]:.0f}"
    return Measured(value=median(times[1:]), note=note)
