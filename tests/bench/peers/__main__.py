"""`python -m tests.bench.peers [ROUNDS [ROW...]]`: the same workloads here, on DBOS and Buildbot, as ratios on a page.

`make bench-peers` is this. The three run at once and are asked in turns; who is not asked is idle.
"""

import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from tests.bench import report, trigger, workloads, yardstick
from tests.bench.figures import say
from tests.bench.peers.buildbot import running_buildbot
from tests.bench.peers.dbos import running_dbos
from tests.bench.peers.page import ROWS, Row, section
from tests.bench.peers.peer import Peer, Unready
from tests.bench.platform import Platform
from tests.bench.workloads import CALLERS, NOOPS, SHELLS, Workload

OURS, DBOS, BUILDBOT = "Slipway", "DBOS", "Buildbot"
ROUNDS, FIRSTS = 3, 15
REST = 0.1
LONGEST = 900.0
WORKLOADS = {workload.name: workload for workload in (*NOOPS, *SHELLS)}
Measure = Callable[[], float]


def main(rounds: int, names: Sequence[str]) -> int:
    """0 when what was named was measured. names: of rows; none for all."""
    if unknown := set(names) - {row.theirs for row in ROWS}:
        say(f"no row {', '.join(sorted(unknown))}: there are {', '.join(row.theirs for row in ROWS)}")
        return 64
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as place, contextlib.ExitStack() as stack:
        platform = stack.enter_context(_running(Path(place) / "own"))
        dbos = stack.enter_context(running_dbos(Path(place) / "dbos"))
        buildbot = stack.enter_context(running_buildbot(Path(place) / "buildbot"))
        peers: Mapping[str, Peer] = {DBOS: dbos, BUILDBOT: buildbot}
        for peer in peers.values():
            _until_first_step(peer)
        before = yardstick.taken()
        wanted = [row for row in ROWS if not names or row.theirs in names]
        taken = {row.theirs: _of_row(row, platform, peers, rounds) for row in wanted}
        by = yardstick.between(before, yardstick.taken())
    report.write_section(section(taken, by, rounds))
    return 0


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[Platform]:
    folder.mkdir()
    platform = Platform(home=folder / "home")
    try:
        platform.start()
        workloads.prepare(platform)
        for workload in WORKLOADS.values():
            workloads.add(platform, workload)
        yield platform
    finally:
        platform.stop()


def _of_row(row: Row, platform: Platform, peers: Mapping[str, Peer], rounds: int) -> Mapping[str, float]:
    """Milliseconds by system, medians of rounds in which each has its turn."""
    measures: dict[str, Measure] = {OURS: lambda: _own(row, platform)}
    measures |= {name: _measure_of(row, peers[name]) for name in row.peers}
    begun = time.monotonic()
    taken = [{name: measure() for name, measure in measures.items()} for _ in range(rounds)]
    usual = {name: median(one[name] for one in taken) for name in measures}
    told = ", ".join(f"{name} {value:.2f}" for name, value in usual.items())
    say(f"{row.what}: {told} ms ({time.monotonic() - begun:.0f} s)")
    return usual


def _own(row: Row, platform: Platform) -> float:
    if row.is_first_step:
        offered, spoken = trigger.medians(platform, FIRSTS)
        return offered if row.is_offer else spoken
    return workloads.measured(platform, WORKLOADS[row.ours])


def _measure_of(row: Row, peer: Peer) -> Measure:
    if row.is_first_step:
        return lambda: median(_until_first_step(peer) for _ in range(FIRSTS))
    return lambda: _milliseconds_a_step(peer, row.theirs, WORKLOADS[row.ours])


def _until_first_step(peer: Peer) -> float:
    time.sleep(REST)
    begun = time.time()
    run = peer.start("first-step")
    _ended(peer, run)
    began = peer.seen(run).began
    if began is None:
        raise Unready(f"no first step of {run} was seen")
    return 1000 * (began - begun)


def _milliseconds_a_step(peer: Peer, name: str, workload: Workload) -> float:
    begun = time.time()
    with ThreadPoolExecutor(min(CALLERS, workload.runs)) as callers:
        runs = list(callers.map(lambda _: peer.start(name), range(workload.runs)))
    ended = max(_ended(peer, run, workload.steps) for run in runs)
    return 1000 * (ended - begun) / (workload.runs * workload.steps)


def _ended(peer: Peer, run: str, steps: int = 1) -> float:
    """When a run ended of which every step stands in the peer's store as succeeded. Faults: Unready."""
    until = time.monotonic() + LONGEST
    while (seen := peer.seen(run)).ended is None:
        if time.monotonic() > until:
            raise Unready(f"run {run} has not ended after {LONGEST:.0f} s")
        time.sleep(peer.pause)
    if seen.steps != steps:
        raise Unready(f"run {run} has {seen.steps} of {steps} steps")
    return seen.ended


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, sys.argv[2:]))
