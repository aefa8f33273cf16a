"""What a machine takes for two things that are the same everywhere, by which times of one run are told as ratios.

A budget of time holds as it stands on a machine whose bare Python takes 20 ms of its processor to start, and on a
faster one; on a slower one it is as much longer as that start works. Where others use the processors too, times are
longer and budgets are not.
"""

import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from tests.bench.budgets import Budget

USUAL_START = 20.0
"""Milliseconds of processor time that bare Python takes to start where the budgets were set."""

ROOT = Path(__file__).parents[2]
STARTS, COMMITS = 5, 40
OF_PROCESSOR = {"ms of processor time": 1.0, "s of processor time": 1000.0}
"""Milliseconds of units that do not count how long somebody waited for a processor."""

MILLISECONDS = {"ms": 1.0, "ms a step": 1.0, "s": 1000.0, "µs a build": 0.001, **OF_PROCESSOR}
"""Of each unit that is a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """Milliseconds, medians: of bare Python from its start to its end, and of a commit of SQLite that is on disk.

    work: of processor time that the former takes.
    """

    start: float
    work: float
    commit: float


def taken() -> Yardstick:
    """Take the yardstick of this moment."""
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        starts = [start_of("pass") for _ in range(STARTS)]
        start, work = (median(column) for column in zip(*starts, strict=True))
        return Yardstick(start=start, work=work, commit=_commit(Path(folder) / "yardstick.db"))


def between(before: Yardstick, after: Yardstick) -> Yardstick:
    """Return the yardstick of what was measured between two."""
    return Yardstick(
        start=(before.start + after.start) / 2,
        work=(before.work + after.work) / 2,
        commit=(before.commit + after.commit) / 2,
    )


def start_of(program: str) -> tuple[float, float]:
    """Return how long a new Python takes for a program, and how much processor time, in milliseconds."""
    before, begun = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
    taken, after = time.perf_counter() - begun, getrusage(RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * taken, 1000 * work


def is_time(budget: Budget) -> bool:
    """Whether figures of a budget depend on the machine."""
    return budget.unit in MILLISECONDS


def limit_on(yardstick: Yardstick | None, budget: Budget) -> float:
    """Return what may be used at most on a machine of this yardstick, in the budget's unit."""
    if yardstick is None or not is_time(budget):
        return budget.limit
    return budget.limit * max(1.0, yardstick.work / USUAL_START)


def ratios(value: float, yardstick: Yardstick, budget: Budget) -> tuple[str, str]:
    """Return a time in starts of bare Python, and in commits of SQLite; these take no processor time to speak of."""
    milliseconds = value * MILLISECONDS[budget.unit]
    starts = three_digits(milliseconds / _start_in(yardstick, budget))
    return starts, "-" if budget.unit in OF_PROCESSOR else three_digits(milliseconds / yardstick.commit)


def _start_in(yardstick: Yardstick, budget: Budget) -> float:
    return yardstick.work if budget.unit in OF_PROCESSOR else yardstick.start


def three_digits(ratio: float) -> str:
    """Return a ratio as it is told."""
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _commit(file: Path) -> float:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        # Each commit is on disk before it returns.
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE step (number INTEGER PRIMARY KEY, state TEXT)")
        return median(_inserted(database) for _ in range(COMMITS))


def _inserted(database: sqlite3.Connection) -> float:
    begun = time.perf_counter()
    database.execute("INSERT INTO step (state) VALUES (?)", ("s" * 1000,))
    return 1000 * (time.perf_counter() - begun)
