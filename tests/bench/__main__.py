"""`python -m tests.bench [PART...]`: budgets measured, told and written to docs/performance.md. `make bench` is this.

What is not measured keeps the rows that it has there, marked with the commit at which it was.
"""

import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from chalicelib.aws.calls import Aws
from infra.local.emulator import process as stand_in
from tests.bench import (
    command_line,
    counted,
    crowd,
    ended,
    event,
    first_requests,
    first_word,
    footprint,
    inventory,
    pages,
    releases,
    report,
    snapshots,
    trains,
    trigger,
    waiting,
    workloads,
)
from tests.bench.budgets import Key
from tests.bench.console.section import console
from tests.bench.costs.section import costs
from tests.bench.figures import Figure, Figures, Measured, measure, say
from tests.bench.matrix import matrix
from tests.bench.platform import Platform
from tests.bench.runs.lists import run_lists
from tests.bench.runs.stop import stop
from tests.bench.tasks.lists import task_lists
from tests.bench.tasks.pipeline import pipeline_writes
from tests.bench.tasks.running import tasks
from tests.bench.workloads import NOOPS, SHELLS, Workload
from tests.cloud import KEYS, free_port
from tests.conftest import aws_at

COUNTED = (Key.WRITES, Key.READS, Key.CHAIN_REQUESTS, Key.TIMER_REQUESTS, Key.PRICE)
RELEASES = (Key.REGISTER, Key.NEXT_VERSION, Key.VERSIONS)
BUILDS = (Key.BUILD, Key.DEPLOY, Key.BUILDS_AT_ONCE)
BUILD_LISTS = (Key.BUILDS_FILTERED, Key.BUILDS_LIST)
ENDED = (Key.START_WITH_RUNS, Key.RUN_MEMORY, Key.REQUEST_WITH_RUNS)
SNAPSHOTS = (Key.EXECUTION, Key.GATE_APPROVAL, Key.OUT_OF_DATE, Key.CRON_GATE, Key.DEPLOY_STEPS)
TASKS = (Key.FIRST_LINE, Key.PROXY)
LARGE = (Key.ONE_UNIT, Key.ONE_NAMESPACE)


def main(names: Sequence[str]) -> int:
    """0, however many budgets are met: the last line says it. names: of the parts to be measured; none for all."""
    if unknown := set(names) - PARTS.keys():
        say(f"no part {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
        return 64
    begun, figures = time.monotonic(), Figures()
    for name in names or PARTS:
        PARTS[name](figures)
    report.write(figures)
    say(f"\n{report.PAGE.relative_to(report.ROOT)} is written, after {time.monotonic() - begun:.0f} s")
    say(report.summary())
    return 0


def _imports(figures: Figures) -> None:
    measure("imports", tuple(footprint.IMPORTS), footprint.imports, figures)


def _first_requests(figures: Figures) -> None:
    with _platform() as platform:
        platform.start()
        section = partial(first_requests.first_requests, platform)
        measure("first requests of cold processes", (Key.FIRST_REQUEST,), section, figures)


def _zip(figures: Figures) -> None:
    measure("the zip", (Key.ZIP,), footprint.deployable, figures)


def _units(figures: Figures) -> None:
    measure("units, requests and prices", COUNTED, partial(_on_a_stand_in, _counted), figures)


def _lists(figures: Figures) -> None:
    measure("lists of 100 and of 100,000", (Key.PAGE,), partial(_on_a_stand_in, pages.pages), figures)


def _inventory(figures: Figures) -> None:
    section = partial(_on_a_stand_in, inventory.inventory)
    measure("the inventory at 100 and at 100,000 releases", LARGE, section, figures)


def _crowd(figures: Figures) -> None:
    with _platform() as platform:
        platform.start()
        measure("eight clients at once", (Key.PARALLEL,), partial(crowd.crowd, platform), figures)


def _builds(figures: Figures) -> None:
    with _platform() as platform:
        platform.start()
        measure("builds and deployments of a release", BUILDS, partial(trains.builds, platform), figures)
    section = partial(_on_a_stand_in, trains.lists)
    measure("lists of 10 and of 10,000 builds", BUILD_LISTS, section, figures)


def _snapshots(figures: Figures) -> None:
    with _platform() as platform:
        platform.start()
        measure("snapshots on pipelines of gates", SNAPSHOTS, partial(snapshots.snapshots, platform), figures)
    section = partial(_on_a_stand_in, snapshots.among_many)
    measure("an execution among 10 and 10,000 snapshots", (Key.EXECUTION_OF_MANY,), section, figures)


def _tasks(figures: Figures) -> None:
    measure("a pipeline of 200 tasks", (Key.TASK_WRITES,), pipeline_writes, figures)
    section = partial(_on_a_stand_in, task_lists)
    measure("lists of 10 and of 10,000 workloads", (Key.TASK_LISTS,), section, figures)
    with _platform() as platform:
        platform.start()
        measure("tasks on a platform", TASKS, partial(tasks, platform), figures)


def _whole_platform(figures: Figures) -> None:
    with _platform() as platform:
        _on_a_platform(platform, figures)


def _costs(figures: Figures) -> None:
    measure("a month on AWS", (Key.MONTH, Key.IDLE_FLEET), partial(_on_a_stand_in, costs), figures)


def _command_line(figures: Figures) -> None:
    measure("the command line", (Key.RUN_LIST,), command_line.run_list, figures)


def _events(figures: Figures) -> None:
    with _platform() as platform:
        platform.start()
        measure("event to a request that waits", (Key.EVENT,), partial(event.event_to_long_poll, platform), figures)


def _first_word(figures: Figures) -> None:
    with _platform() as platform:
        platform.start()
        workloads.prepare(platform)
        measure("first word of a step", (Key.FIRST_WORD,), partial(first_word.first_word, platform), figures)


def _waiting(figures: Figures) -> None:
    section = partial(_on_a_stand_in, waiting.waiting)
    measure("1,000 runs that wait", (Key.EXPLAIN, Key.INBOX), section, figures)


def _matrix(figures: Figures) -> None:
    measure("the matrix", (Key.MATRIX,), partial(_on_a_stand_in, matrix), figures)


def _run_lists(figures: Figures) -> None:
    measure("lists of 10 and of 100,000 runs", (Key.RUNS_OF_MANY,), partial(_on_a_stand_in, run_lists), figures)


def _stop(figures: Figures) -> None:
    with _platform() as platform:
        platform.start()
        measure("a stop of the line", (Key.STOP,), partial(stop, platform), figures)


def _ended(figures: Figures) -> None:
    with _platform() as platform:
        measure("100,000 ended runs", ENDED, partial(ended.ended, platform), figures)


def _console(figures: Figures) -> None:
    keys = tuple(key for key in Key if key.startswith("console-"))
    with _platform() as platform:
        platform.start()
        measure("the console in a browser", keys, partial(console, platform), figures)


@contextlib.contextmanager
def _platform() -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        platform = Platform(home=Path(folder) / "home")
        try:
            yield platform
        finally:
            platform.stop()


def _on_a_platform(platform: Platform, figures: Figures) -> None:
    measure("start, warm", (Key.START,), partial(footprint.start, platform), figures)
    measure("memory, idle", (Key.MEMORY,), partial(footprint.memory, platform), figures)
    measure("warm up", (), partial(_warmed, platform), figures)
    for workload in NOOPS:
        measure(workload.name, (workload.key,), partial(_workload, platform, workload), figures)
    measure("first step", (Key.TRIGGER,), partial(trigger.first_step, platform), figures)
    measure("inventory at 1,000 versions", RELEASES, partial(releases.inventory, platform), figures)
    for workload in SHELLS:
        measure(workload.name, (workload.key,), partial(_workload, platform, workload), figures)


def _warmed(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    workloads.prepare(platform)
    yield from ()


def _workload(platform: Platform, workload: Workload) -> Iterator[tuple[Key, Figure]]:
    yield workload.key, Measured(value=workloads.milliseconds_a_step(platform, workload))


def _on_a_stand_in(section: Callable[[Aws], Iterable[tuple[Key, Figure]]]) -> Iterator[tuple[Key, Figure]]:
    port = free_port()
    process = stand_in.start(port, None, KEYS)
    try:
        with contextlib.closing(aws_at(stand_in.endpoint(port))) as aws:
            yield from section(aws)
    finally:
        stand_in.stop(process)


def _counted(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    with contextlib.closing(counted.CountedHouse(aws=aws, prefix="counted-")) as house:
        chain, timers = counted.chain_usage(house), counted.timer_usage(house)
    yield Key.WRITES, Measured(value=chain.writes, note=f"a step that waits for a timer: {timers.writes:.2f}")
    yield Key.READS, Measured(value=chain.reads, note=f"from a timer: {timers.reads:.2f}")
    yield Key.CHAIN_REQUESTS, Measured(value=chain.requests)
    yield Key.TIMER_REQUESTS, Measured(value=timers.requests)
    yield Key.PRICE, Measured(value=chain.price, note=f"from a timer: {timers.price:.2f}")


PARTS: Mapping[str, Callable[[Figures], None]] = {
    "imports": _imports,
    "first-requests": _first_requests,
    "zip": _zip,
    "platform": _whole_platform,
    "units": _units,
    "lists": _lists,
    "inventory": _inventory,
    "crowd": _crowd,
    "builds": _builds,
    "snapshots": _snapshots,
    "workloads": _tasks,
    "ended": _ended,
    "command-line": _command_line,
    "costs": _costs,
    "console": _console,
    "events": _events,
    "first-word": _first_word,
    "waiting": _waiting,
    "matrix": _matrix,
    "run-lists": _run_lists,
    "stop": _stop,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
