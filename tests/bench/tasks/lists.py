"""A page of a namespace's tasks, pods and pipelines, and how much there is, at 10,000 against 10: on a stand-in."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from statistics import median

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.kernel.installation.entries import title_handle
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.workloads import items, keys
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.workloads.walking import Spot, written_spot
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench.budgets import Key
from tests.bench.door import Door, door_to
from tests.bench.figures import Figure, Measured
from tests.bench.fill import fill_runs, filled_run, write_items
from tests.kernel.workloads.given import a_report

SMALL, LARGE = 10, 10_000
PAGE = 10
TIMES = 15
PREFIX = "tasks-"
MANIFEST = {"type": "deployment", "name": "first", "image": "x", "cmd": ["sleep", "9"]}
PIPELINE = {"name": "night", "tasks": [{"name": "a", "namespacetask": "code/a"}]}
Pages = dict[str, tuple[str, ...]]


def task_lists(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The worst ratio of medians."""
    resources.create_all(aws, PREFIX)
    context = AdapterContext(aws=lambda: aws, prefix=PREFIX, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    ports = ports_on(context, Settings(executor="process"))
    door, tables = door_to(ports), Tables(aws=aws, prefix=PREFIX)
    small, large = (_filled(ports, door, tables, size) for size in (SMALL, LARGE))
    ratios = {what: _ratio(door, small[what], large[what]) for what in small}
    note = "; ".join(f"{what} {ratio:.2f}" for what, ratio in ratios.items())
    yield Key.TASK_LISTS, Measured(value=max(ratios.values()), note=note)


def _filled(ports: Ports, door: Door, tables: Tables, size: int) -> Pages:
    """The pages of a namespace with so many deployments, each with a pod, and so many runs of a pipeline."""
    name = f"n{size}"
    door.ask("POST", f"/api/v1/state/{name}/add-project", {"name": name})
    door.ask("PUT", "/api/v1/repositories/code", {"url": "https://git.example.org/code.git", "projects": ["*"]})
    place = {"namespace": name, "project": name}
    begun = door.ask("POST", "/v2/pipeline/run/with-configuration", {**place, "configuration": PIPELINE})
    task = door.ask("POST", "/v2/task/deploy/with-configuration", {**place, "configuration": MANIFEST})
    first = ports.workloads.workload(task["id"].removeprefix("tsk_"))
    _fill_workloads(tables, first, size - 1)
    fill_runs(tables, begun["id"].removeprefix("ppl_"), size - 1)
    middle = filled_run(size, size // 2)
    return {
        "tasks": _pages("tasks", name, title_handle(name), middle),
        "pods": _pages("pods", name, title_handle(name), middle),
        "pipelines": _pages("pipelines", name, name, middle),
        "namespaces": (_namespace_page(title_handle(f"n{SMALL}") if size == LARGE else ""),),
    }


def _namespace_page(before: str) -> str:
    """The page of the one namespace after another, with how much there is in it."""
    return f"/v1/list/namespaces?limit=1{_following(Spot(place=before)) if before else ''}"


def _pages(what: str, namespace: str, place: str, after: str) -> tuple[str, ...]:
    """The first page, and one from the middle where the list has more than one."""
    path = f"/v1/list/{what}/{namespace}?limit={PAGE}"
    following = _following(Spot(place=place, after=after))
    return (path,) if namespace == f"n{SMALL}" else (path, f"{path}{following}")


def _following(spot: Spot) -> str:
    return "&next_token=" + urlsafe_b64encode(written_spot(spot).encode()).decode().rstrip("=")


def _fill_workloads(tables: Tables, first: Workload, count: int) -> None:
    own = [replace(first, id=filled_run(count + 1, number), name=f"w{number}") for number in range(count)]
    reports = [a_report(one, run=one.id) for one in own]
    listed = (items.workload_item(one) for one in own)
    write_items(
        tables.of(keys.WORKLOADS), chain(listed, (items.report_item(one) for one in (a_report(first), *reports)))
    )


def _ratio(door: Door, small: tuple[str, ...], large: tuple[str, ...]) -> float:
    taken: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(TIMES):
        for is_large, paths in ((False, small), (True, large)):
            begun = time.perf_counter()
            found = door.ask("GET", paths[turn % len(paths)])
            taken[is_large].append(time.perf_counter() - begun)
            listed = sum(len(one) for one in found.values() if isinstance(one, list))
            if f"limit={listed}" not in paths[turn % len(paths)]:
                raise AssertionError(f"{paths[turn % len(paths)]} lists {listed}")
    return median(taken[True]) / median(taken[False])
