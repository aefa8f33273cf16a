"""docs/performance.md: every budget with its figure, and each miss with its reason."""

import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.bench.budgets import BUDGETS, Key
from tests.bench.figures import Figures, Measured, Unmeasured, is_met, plain, shown
from tests.bench.reasons import REASONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
HEAD = """# Performance

Written by `make bench`; budgets are those of [architecture.md](architecture.md), section 9. Figures of time are medians
from one run on one machine, on which differences under twofold are noise; counted figures (units, requests, price) are
the same everywhere and are also held to by `make test`.
"""
HOW = """## How it is measured

- Units and requests: one run of 50 steps, triggered by HTTP, with the API and the queues' function as two warm
  processes; every call to AWS is counted by what its items weigh (`tests/bench/meter.py`), of a message its sending,
  receiving and deleting. The minute's sweep costs the same whether runs go on or not and is left out.
- Price: list prices of us-east-1 (`tests/bench/prices.py`) for those units and requests, the API's call, and the
  handlers' time on functions of 512 MB, which have 29 % of a core.
- Steps: by HTTP on a platform of the bench's own, as `make up` starts it with its one runner of 8 slots; from before
  the first trigger to the end of the last run, median of 3. A run counts only if every expected step of it stands in
  the store as succeeded.
- Lists at 100,000: on a stand-in without persistence, filled by batch writes; first pages and pages from the middle.
"""


def write(figures: Figures) -> None:
    """The page says what these figures say."""
    PAGE.write_text("\n".join(_lines(figures)))


def summary(figures: Figures) -> str:
    """How many budgets are met."""
    return f"budgets: {sum(is_met(key, figures) for key in BUDGETS)} of {len(BUDGETS)} met"


def _lines(figures: Figures) -> Iterator[str]:
    yield HEAD
    yield f"Machine: {_machine()}. Commit: {_commit()}.\n"
    yield "| what | budget | figure | met |"
    yield "| --- | --- | --- | --- |"
    yield from (_row(key, figures) for key in BUDGETS)
    yield f"\n{summary(figures)}\n"
    yield from _misses(figures)
    yield HOW


def _row(key: Key, figures: Figures) -> str:
    budget, figure = BUDGETS[key], figures.get(key)
    if not isinstance(figure, Measured):
        return f"| {budget.what} | {plain(budget.limit)} {budget.unit} | not measured | no |"
    note = f" ({figure.note})" if figure.note else ""
    met = "yes" if is_met(key, figures) else "no"
    return f"| {budget.what} | {plain(budget.limit)} {budget.unit} | {shown(figure.value, budget)}{note} | {met} |"


def _misses(figures: Figures) -> Iterator[str]:
    missed = [key for key in BUDGETS if not is_met(key, figures)]
    if not missed:
        return
    yield "## Misses\n"
    yield "| what | reason |"
    yield "| --- | --- |"
    for key in missed:
        yield f"| {BUDGETS[key].what} | {_reason(key, figures)} |"
    yield ""


def _reason(key: Key, figures: Figures) -> str:
    figure = figures.get(key)
    if isinstance(figure, Unmeasured):
        return f"not measured: {figure.why}".replace("|", "/")
    return REASONS.get(key, "not known yet")


def _machine() -> str:
    memory = psutil.virtual_memory().total / 1e9
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{psutil.cpu_count()} cores, {memory:.0f} GB, {system}"


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
