"""A page of a list at 100,000 entries against one at 100: executions of a pipeline and a project, versions of a unit.

By HTTP's own handlers without a socket, on a stand-in without persistence; first pages and pages from the middle, the
small list and the large one in turns.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench import pipelines
from tests.bench.budgets import Key
from tests.bench.door import Door, door_to
from tests.bench.figures import Figure, Measured
from tests.bench.fill import fill_releases, fill_runs, filled_run
from tests.bench.pipelines import NOOP, PROJECT

SMALL, LARGE = 100, 100_000
PAGE = 20
TIMES = 15
PREFIX = "pages-"


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list at two sizes. small, large: paths of a first page and of one from the middle."""

    what: str
    small: tuple[str, str]
    large: tuple[str, str]


def pages(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The worse of the lists' ratios of medians."""
    resources.create_all(aws, PREFIX)
    context = AdapterContext(aws=lambda: aws, prefix=PREFIX, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    door = door_to(ports_on(context, Settings()))
    door.ask("POST", f"/api/v1/state/{PROJECT}/add-project", {"name": PROJECT})
    tables = Tables(aws=aws, prefix=PREFIX)
    ratios = {one.what: _ratio(door, one) for one in (*_runs(door, tables), _versions(door, tables))}
    note = "; ".join(f"{what} {ratio:.2f}" for what, ratio in ratios.items())
    yield Key.PAGE, Measured(value=max(ratios.values()), note=note)


def _ratio(door: Door, of: List) -> float:
    taken: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(TIMES):
        for is_large, path in ((False, of.small[turn % 2]), (True, of.large[turn % 2])):
            begun = time.perf_counter()
            found = door.ask("GET", path)
            taken[is_large].append(time.perf_counter() - begun)
            if len(found) != PAGE:
                raise AssertionError(f"{path} lists {len(found)}, not {PAGE}")
    return median(taken[True]) / median(taken[False])


def _runs(door: Door, tables: Tables) -> tuple[List, List]:
    for size in (SMALL, LARGE):
        door.ask("POST", f"/api/v1/state/{_project(size)}/add-project")
        door.ask("POST", f"{_pipelines(size)}/add", pipelines.chain("release", NOOP, 3))
        told = door.ask("POST", f"{_pipelines(size)}/by-name/release/trigger", {})
        fill_runs(tables, told["id"], size - 1)
    one, all_of_them = ((_pages_of_runs(SMALL, of), _pages_of_runs(LARGE, of)) for of in ("/by-name/release", ""))
    return (
        List(what="executions of a pipeline", small=one[0], large=one[1]),
        List(what="executions of a project", small=all_of_them[0], large=all_of_them[1]),
    )


def _project(size: int) -> str:
    return f"{PROJECT}{size}"


def _pipelines(size: int) -> str:
    return f"/api/v1/pipelines/by-project/{_project(size)}"


def _pages_of_runs(size: int, of: str) -> tuple[str, str]:
    path = f"{_pipelines(size)}{of}/executions/?page_size={PAGE}"
    return path, f"{path}&page_from={filled_run(size, size // 2)}"


def _versions(door: Door, tables: Tables) -> List:
    for size in (SMALL, LARGE):
        first = ReleaseKey(namespace=PROJECT, application=f"app{size}", version="1.0")
        metadata = {"name": first.application, "version": first.version, "project": PROJECT}
        door.ask("POST", f"/api/v1/inventory/{PROJECT}/register", metadata)
        fill_releases(tables, first, size - 1)
    return List(what="versions of a unit", small=_pages_of_versions(SMALL), large=_pages_of_versions(LARGE))


def _pages_of_versions(size: int) -> tuple[str, str]:
    path = f"/api/v1/inventory/{PROJECT}/units/app{size}/versions/?page_size={PAGE}"
    return path, f"{path}&page_from=1.{size // 2}"
