"""The matrix of a project of 100 applications in 20 environments, each behind the one before: time, and calls to AWS.

By HTTP's own handlers without a socket, on a stand-in without persistence.
"""

import gc
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from pynamodb.expressions.operand import Path

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.kernel.projects.cell import Cell, CellPhase
from chalicelib.store.dynamo.tables import Table, Tables
from chalicelib.store.projects.cells import cell_item
from chalicelib.store.releases.keys import INVENTORY, VERSIONS_A_PAGE, application_key, versions_key
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench.budgets import Key
from tests.bench.door import Door, door_to
from tests.bench.figures import Figure, Measured
from tests.bench.fill import write_items
from tests.bench.meter import Meter
from tests.bench.pipelines import PROJECT

PREFIX = "matrix-"
APPLICATIONS, ENVIRONMENTS, RELEASES = 100, 20, 300
NAMESPACE = "demo"
TIMES = 20
STATE = f"/api/v1/state/{PROJECT}"
MATRIX = f"/api/v1/matrix?project={PROJECT}"


def matrix(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The median of 20 after the first; a matrix that does not count by how much each cell drifts is no figure."""
    resources.create_all(aws, PREFIX)
    door = _door(aws)
    _fill(door, Tables(aws=aws, prefix=PREFIX))
    gc.collect()
    gc.freeze()
    times, busy, found = list[float](), list[float](), dict[str, Any]()
    for _ in range(TIMES + 1):
        begun, worked = time.perf_counter(), time.process_time()
        found = door.ask("GET", MATRIX)
        times.append(1000 * (time.perf_counter() - begun))
        busy.append(1000 * (time.process_time() - worked))
    cells = [cell for of in found["items"][0]["cells"].values() for cell in of]
    if sum(cell["drift_by"] == 1 for cell in cells) != APPLICATIONS * (ENVIRONMENTS - 1):
        raise AssertionError("not each cell says by how many releases it is behind")
    # Apart, as weighing what comes takes longer than all the rest.
    meter = Meter(PREFIX)
    _door(replace(aws, interceptor=meter.interceptor)).ask("GET", MATRIX)
    note = f"{median(busy[1:]):.0f} of them of the server's processor; {sum(meter.requests.values())} calls to AWS"
    yield Key.MATRIX, Measured(value=median(times[1:]), note=f"{note}; at load {os.getloadavg()[0]:.0f}")


def _door(aws: Aws) -> Door:
    context = AdapterContext(aws=lambda: aws, prefix=PREFIX, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    return door_to(ports_on(context, Settings()))


def _fill(door: Door, tables: Tables) -> None:
    door.ask("POST", f"{STATE}/add-project", {"name": PROJECT})
    door.ask("POST", f"{STATE}/add-namespace", {"name": NAMESPACE})
    environments = [f"env{number:02d}" for number in range(ENVIRONMENTS)]
    for name in environments:
        door.ask("POST", f"{STATE}/environments/", {"name": name})
    # It is known from now on that no cell is left of an earlier version.
    door.ask("GET", MATRIX)
    names = [f"app{number:02d}" for number in range(APPLICATIONS)]
    for name in names:
        _release(door, tables.of(INVENTORY), name)
    cells = (_cell(name, environment, place) for name in names for place, environment in enumerate(environments))
    write_items(tables.of("projects"), (cell_item(PROJECT, cell) for cell in cells))


def _release(door: Door, table: Table, name: str) -> None:
    """Register a release of an application, and list so many more as if they were registered."""
    body = {"name": name, "version": "1.0", "project": NAMESPACE}
    door.ask("POST", f"/api/v1/inventory/{NAMESPACE}/register", body)
    versions = [f"1.{number}" for number in range(RELEASES)]
    for page in range(RELEASES // VERSIONS_A_PAGE + 1):
        listed = versions[page * VERSIONS_A_PAGE : (page + 1) * VERSIONS_A_PAGE]
        table.update(versions_key(NAMESPACE, name, page), (Path("versions").add(set(listed)),))
    table.update(application_key(NAMESPACE, name), (Path("releases").set(RELEASES),))


def _cell(name: str, environment: str, place: int) -> Cell:
    return Cell(
        environment=environment,
        deployment=f"{NAMESPACE}/{name}",
        application=f"{NAMESPACE}/{name}",
        version=f"1.{RELEASES - 1 - place}",
        phase=CellPhase.OK,
        since=SYSTEM_CLOCK.now(),
        by="ada",
    )
