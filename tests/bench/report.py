"""docs/performance.md: every budget with its figure, and each miss with its reason."""

import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from tests.bench import yardstick
from tests.bench.budgets import BUDGETS, Key
from tests.bench.figures import Figure, Figures, Measured, Unmeasured, is_met, plain, shown
from tests.bench.reasons import REASONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
PEERS = "## Beside others"
"""The title of the section that `make bench-peers` writes."""

HEAD = """# Performance

Written by `make bench`; budgets are those of [architecture.md](architecture.md#budgets). Figures of time are medians
from one run on one machine, on which differences under twofold are noise; counted figures (units, requests, price) are
the same everywhere and are also held to by `make test`.

A time is told as a ratio too: in starts of bare Python, and in commits of SQLite that are on disk, both taken before
and after what was measured. A budget of time is one for a machine on which bare Python takes 20 ms of a processor to
start, and grows with that: a slower machine fails nobody. One that others use too excuses nobody: ratios tell of it.
"""
BY_HAND = ("## Where the time of a shell step goes", "## Where the time of reading goes")
"""The titles of sections that people write: they stay as they stand there."""

HOW = """## How it is measured

- The yardstick: medians of 5 starts of bare Python and of 40 commits of SQLite (write-ahead log, synchronous), before
  a section and after it. What is processor time is a ratio to the processor time of such a start.
- First requests: of each function a new process, which imports it and answers one event twice; processor time, medians
  of 5 after the first, the functions in turns.
- Units and requests: one run of 50 steps, triggered by HTTP, with the API and the queues' function as two warm
  processes; every call to AWS is counted by what its items weigh (`tests/bench/meter.py`), of a message its sending,
  receiving and deleting. The minute's sweep costs the same whether runs go on or not and is left out.
- Price: list prices of us-east-1 (`tests/bench/prices.py`) for those units and requests, the API's call, and the
  handlers' time on functions of 512 MB, which have 29 % of a core.
- Steps: by HTTP on a platform of the bench's own, as `make up` starts it with its one runner of 8 slots; from before
  the first trigger to the end of the last run, median of 3. A run counts only if every expected step of it stands in
  the store as succeeded.
- Lists at 100,000: on a stand-in without persistence, filled by batch writes; first pages and pages from the middle.
  That a page of executions costs the same calls and units at 10 as at 1,000 is held to by `tests/budgets`.
- The inventory: on such a stand-in too, by HTTP's own handlers without a socket, the sizes in turns, medians of 40; an
  answer that is not true counts as no figure. Releases of one unit are 1.0, 1.1 and on; a namespace has applications of
  10 releases each. Calls are those of one ask by somebody who has asked before, the same at every size where one is
  given; units are read and written ones, a transaction's twice. A registration writes the page of the list of versions
  that its own goes to, of up to 256, which costs more the fuller it is.
- Eight clients: by HTTP, each 25 times: the next version, its registration, and five readings. Who comes second at a
  version is told so as the original does, and asks again; whatever else is not 200 is a failure.
- Snapshots: by HTTP on such a platform; of the approvals the youngest of 50 is approved, five times. A cron gate is
  late by the time at which a client that asks again and again sees it open. A deploy step is a script that does
  nothing; no number is asked of it, so that of shell commands in parallel is taken.
- Runs that wait: 1,000 before a deploy step, each with a plan and a release of its own, on a stand-in without
  persistence, by HTTP's own handlers without a socket; medians of 20 after the first. An inbox in which a change set is
  missing counts as no figure.
- The matrix: likewise, of 2,000 cells, each a release behind the environment before, of applications of 300 releases;
  one in which a cell does not say so counts as no figure.
- The run list: likewise, at 10 and at 100,000 copies of one run, the sizes in turns, first pages and pages from the
  middle; a page that asks AWS for more of many runs than of few counts as no figure.
- A stop of the line: 100 runs of steps of 2 s on a platform; from the sending of the stop to the beginning of the last
  step, by the runs' own instants. Only if 20 steps and more began in each second before, and no run goes on after.
- The console: Chromium without a window on a platform as `make up` starts it, each page in a context of its own whose
  cache is empty; medians of 5. First paint is the first contentful one. 200 steps wait behind a gate, so that no stage
  is folded. Rows of a log are counted from when its viewer opens; a key of a search is what the handler takes. A key to
  its paint is the browser's own event timing, of those over a frame. What comes while nothing moves, and the main
  thread's tasks: 5 s each of that run. A change is the sending of a cancellation until the page of the run says it.
- Ended runs: copies of one run of 5 no-op steps, in the stand-in's own files; requests before and after, on one
  platform, each the median of 24 after the first. Memory is that of the stand-in once it has read them.
"""


def write(figures: Figures) -> None:
    """The page says what these figures say; what is not among them stays as it is there, with its commit."""
    PAGE.write_text("\n".join(_lines(figures, PAGE.read_text() if PAGE.exists() else "")))


def write_section(text: str) -> None:
    """The page has this section, at the place of the one with its title, or before those that people write."""
    page, heading = PAGE.read_text(), BY_HAND[0]
    kept = _section(text.partition("\n")[0], page)
    PAGE.write_text(page.replace(kept or heading, f"{text}\n" if kept else f"{text}\n{heading}", 1))


def summary() -> str:
    """How many budgets are met, as the page says."""
    found = re.search(r"^budgets: .*$", PAGE.read_text(), re.MULTILINE)
    return found[0] if found is not None else ""


def _lines(figures: Figures, before: str) -> Iterator[str]:
    rows = {key: _row(key, figures) if key in figures else _kept_row(key, before) for key in BUDGETS}
    missed = [key for key in BUDGETS if not rows[key].endswith("| yes |")]
    yield HEAD
    yield f"Machine: {_machine()}. Commit: {_commit()}.\n"
    yield "| what | budget | figure | starts | commits | met |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield from rows.values()
    yield f"\nbudgets: {len(BUDGETS) - len(missed)} of {len(BUDGETS)} met\n"
    yield from _misses(missed, figures)
    for key in BUDGETS:
        yield from _table(key, figures.get(key)) if key in figures else _kept_section(f"## {_title(key)}", before)
    for title in (PEERS, *BY_HAND):
        yield from _kept_section(title, before)
    yield HOW


def _row(key: Key, figures: Figures) -> str:
    budget, figure = BUDGETS[key], figures.get(key)
    head = f"| {budget.what} | {plain(budget.limit)} {budget.unit} |"
    if not isinstance(figure, Measured):
        return f"{head} not measured | - | - | no |"
    note = f" ({figure.note})" if figure.note else ""
    starts, commits = ("-", "-")
    if figure.by is not None and yardstick.is_time(budget):
        starts, commits = yardstick.ratios(figure.value, figure.by, budget)
    met = "yes" if is_met(key, figures) else "no"
    return f"{head} {shown(figure.value, budget)}{note} | {starts} | {commits} | {met} |"


def _kept_row(key: Key, before: str) -> str:
    """The row of a page that was, with the commit at which it was measured."""
    what = BUDGETS[key].what
    row = next((line for line in before.splitlines() if line.startswith(f"| {what} | ")), None)
    if row is None:
        return _row(key, {})
    if " (at " in row:
        return row
    *cells, figure, starts, commits, met, _ = row.split("|")
    return "|".join([*cells, f"{figure.rstrip()} (at {_commit_of(before)}) ", starts, commits, met, ""])


def _table(key: Key, figure: Figure | None) -> Iterator[str]:
    """What a figure is the worst or the sum of."""
    if not isinstance(figure, Measured) or not figure.table:
        return
    yield f"## {_title(key)}\n"
    head, *rows = figure.table
    yield from (f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
    yield ""


def _kept_section(title: str, before: str) -> Iterator[str]:
    if found := _section(title, before):
        yield found.rstrip("\n") + "\n"


def _section(title: str, page: str) -> str:
    """A section of a page, up to the next one; blank if it has none."""
    found = re.search(rf"^{re.escape(title)}\n.*?(?=^## )", page, re.MULTILINE | re.DOTALL)
    return found[0] if found is not None else ""


def _title(key: Key) -> str:
    what = BUDGETS[key].what.partition(" against ")[0]
    return what[0].upper() + what[1:]


def _misses(missed: Sequence[Key], figures: Figures) -> Iterator[str]:
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


def _commit_of(page: str) -> str:
    found = re.search(r"Commit: ([^ ]+)\.$", page, re.MULTILINE)
    return found[1] if found is not None else "unknown"
