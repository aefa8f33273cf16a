"""The table of ratios in docs/performance.md."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.bench.report import PEERS, ROOT
from tests.bench.yardstick import Yardstick, three_digits

TEXT = """Written by `make bench-peers`: the same workloads on DBOS (SQLite, a process that is asked by HTTP) and on
Buildbot (a master with SQLite and a worker of 8 slots, each a process), all on one machine at once and asked in turns.
A run counts only if all its steps stand in the store of who ran it as succeeded. A ratio over 1 says how many times
longer the other takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A workload. ours, theirs: names of it. goals: of the ratio, by peer; a peer without one is told all the same.

    is_first_step: until the first step begins. is_offer: ours is, as the peers' is, the step begun by the engine.
    """

    what: str
    peers: tuple[str, ...]
    ours: str = ""
    theirs: str
    goals: Mapping[str, float] | None = None
    is_first_step: bool = False
    is_offer: bool = False


def _row(what: str, name: str, *, theirs: str = "", **goals: float) -> Row:
    peers = ("DBOS",) if name.startswith("noop") else ("DBOS", "Buildbot")
    return Row(what=what, peers=peers, ours=name, theirs=theirs or name, goals=goals)


ROWS = (
    _row("50 no-op steps in sequence", "noop-chain", DBOS=1),
    _row("10 stages of 10 no-op steps in parallel, child workflows there", "noop-blocks", DBOS=10),
    _row("the same, coroutines there", "noop-blocks", theirs="noop-gather"),
    _row("100 runs of 5 no-op steps at once", "noop-crowd", DBOS=1.5),
    _row("50 shell commands in sequence", "shell-chain", Buildbot=7),
    _row("10 stages of 10 shell commands in parallel", "shell-blocks", Buildbot=7),
    _row("100 runs of 5 shell commands at once", "shell-crowd", Buildbot=7),
    Row(
        what="trigger by HTTP to first step offered", theirs="first-step",
        peers=("DBOS",), goals={"DBOS": 1}, is_first_step=True, is_offer=True,
    ),
    Row(
        what="trigger by HTTP to a command's first word", theirs="first-word",
        peers=("Buildbot",), goals={}, is_first_step=True,
    ),
)  # fmt: skip


def section(taken: Mapping[str, Mapping[str, float]], by: Yardstick, rounds: int) -> str:
    """Return the section of the page. taken: milliseconds by system, by the name of a row."""
    return "\n".join(_lines(taken, by, rounds))


def _lines(taken: Mapping[str, Mapping[str, float]], by: Yardstick, rounds: int) -> Iterator[str]:
    yield f"{PEERS}\n"
    yield TEXT
    yield (
        f"\nCommit {_commit()}, rounds: {rounds}, of which the medians are told; bare Python took {by.start:.0f} ms to"
        f" start, a commit of SQLite {by.commit:.2f} ms; the load average {os.getloadavg()[0]:.0f}.\n"
    )
    yield "| what | ours, ms | starts | DBOS, ms | ratio | Buildbot, ms | ratio | goal | met |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for row in ROWS:
        yield _told(row, taken[row.theirs], by) if row.theirs in taken else f"| {row.what} |{' - |' * 8}"
    yield ""


def _told(row: Row, values: Mapping[str, float], by: Yardstick) -> str:
    own, goals = values["Slipway"], row.goals or {}
    cells = [f"{own:.2f}", three_digits(own / by.start)]
    for peer in ("DBOS", "Buildbot"):
        value = values.get(peer)
        cells += ["-", "-"] if value is None else [f"{value:.2f}", three_digits(value / own)]
    goal = ", ".join(f"{peer} {ratio:g}" for peer, ratio in goals.items()) or "-"
    is_met = all(values[peer] / own >= ratio for peer, ratio in goals.items())
    met = "-" if not goals else "yes" if is_met else "no"
    return f"| {row.what} | {' | '.join(cells)} | {goal} | {met} |"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
