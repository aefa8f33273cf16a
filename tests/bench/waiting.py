"""Why a run waits, and what waits for whom, where a thousand runs wait: by HTTP's own handlers, on a stand-in."""

import gc
import os
import time
from collections.abc import Iterator
from statistics import median

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench.budgets import Key
from tests.bench.door import Door, door_to
from tests.bench.figures import Figure, Measured
from tests.bench.fill import fill_waiting
from tests.bench.pipelines import PROJECT, path_of

PREFIX = "waiting-"
RUNS = 1000
TIMES = 20
INBOX, OF_COMMANDS = "/api/v1/approvals?mine=true", 20
"""The page that nothing is said of is the console's: ten runs."""

STATE = f"/api/v1/state/{PROJECT}"
RELEASE = ReleaseKey(namespace="demo", application="app", version="1.0")
SHIP = {
    "name": "ship",
    "environment": "production",
    "gates": [{"name": "go", "type": "approval"}],
    "steps": [{"name": "up", "type": "deploy", "deployment": "demo/app", "update_version": "last-version-in-pipeline"}],
}
JOB = {"environment": "production", "deployment": "demo/app", "release": "demo/app", "inputs": {"port": 80}}


def waiting(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The medians of 20 after the first."""
    resources.create_all(aws, PREFIX)
    context = AdapterContext(aws=lambda: aws, prefix=PREFIX, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    door = door_to(ports_on(context, Settings()))
    door.ask("POST", f"{STATE}/add-project", {"name": PROJECT})
    run = waiting_runs(door, Tables(aws=aws, prefix=PREFIX), RUNS)
    # As the local server does once it is loaded.
    gc.collect()
    gc.freeze()
    held, listed, longer = (
        _taken(door, path) for path in (f"/api/v1/runs/{run}/explain", INBOX, f"{INBOX}&page_size={OF_COMMANDS}")
    )
    page = door.ask("GET", f"{INBOX}&page_size=100")["items"]
    if len({one["changes"]["digest"] for one in page}) != 100 or not all(one["releases"] for one in page):
        raise AssertionError("not all runs wait with a release and a change set of their own")
    yield Key.EXPLAIN, held
    note = f"{listed.note}; a page of {OF_COMMANDS}, as commands ask for it: {longer.value:.1f}"
    yield Key.INBOX, Measured(value=listed.value, note=note)


def waiting_runs(door: Door, tables: Tables, count: int) -> str:
    """So many runs wait to deploy, each a release of its own; the youngest of them."""
    door.ask("POST", f"{STATE}/environments/", {"name": "production"})
    door.ask("POST", f"{STATE}/add-namespace", {"name": RELEASE.namespace})
    release = {"name": RELEASE.application, "version": RELEASE.version, "project": RELEASE.namespace}
    door.ask("POST", f"/api/v1/inventory/{RELEASE.namespace}/register", release)
    door.ask("POST", f"/api/v1/deployment-jobs/by-project/{PROJECT}/add", JOB)
    door.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", {"name": "gated", "phases": [SHIP]})
    run = str(door.ask("POST", f"{path_of('gated')}/trigger", {})["id"])
    fill_waiting(tables, run, count - 1, RELEASE)
    return run


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
