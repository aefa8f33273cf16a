"""What was measured, and how it is told. What is measured where, the other modules say."""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tests.bench import yardstick
from tests.bench.budgets import BUDGETS, Budget, Key
from tests.bench.yardstick import Yardstick


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A figure, in the unit of its budget. note: what else was seen, in a few words. table: rows of what it is of.

    by: the yardstick of the run in which it was measured.
    """

    value: float
    note: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    by: Yardstick | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """There is no figure, and why."""

    why: str


Figure = Measured | Unmeasured
Figures = dict[Key, Figure]
Section = Callable[[], Iterable[tuple[Key, Figure]]]


def is_met(key: Key, figures: Figures) -> bool:
    """Whether there is a figure and it is within its budget, of a time as it is on a machine of its yardstick."""
    figure = figures.get(key)
    return isinstance(figure, Measured) and figure.value <= yardstick.limit_on(figure.by, BUDGETS[key])


def measure(name: str, keys: tuple[Key, ...], section: Section, figures: Figures) -> None:
    """Measure a section and tell each figure; what it does not come to is unmeasured, and says why."""
    say(f"{name} …")
    begun, before = time.monotonic(), yardstick.taken()
    seen = dict.fromkeys(keys)
    try:
        for key, figure in section():
            figures[key] = figure
            seen[key] = None
    except Exception as error:  # noqa: BLE001 - a section that fails does not keep the others from being measured
        figures.update({key: Unmeasured(why=_one_line(error)) for key in keys if key not in figures})
    by = yardstick.between(before, yardstick.taken())
    for key in seen:
        figures[key] = _by(figures.get(key), by)
        say(f"  {told(key, figures)}")
    say(f"  ({time.monotonic() - begun:.0f} s, bare Python {by.start:.0f} ms, a commit {by.commit:.2f} ms)")


def _by(figure: Figure | None, by: Yardstick) -> Figure:
    if figure is None:
        return Unmeasured(why="left out")
    return replace(figure, by=by) if isinstance(figure, Measured) else figure


def say(text: str) -> None:
    """A line to whoever waits for the bench."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def told(key: Key, figures: Figures) -> str:
    """A figure in one line."""
    budget, figure = BUDGETS[key], figures.get(key)
    if not isinstance(figure, Measured):
        return f"-  {budget.what}: not measured: {figure.why if figure is not None else 'left out'}"
    mark = "ok" if is_met(key, figures) else "MISSED"
    note = f" ({figure.note})" if figure.note else ""
    return f"{mark}  {budget.what}: {shown(figure.value, budget)} of {plain(budget.limit)} {budget.unit}{note}"


def shown(value: float, budget: Budget) -> str:
    """A figure with as many digits as mean something."""
    return f"{value:.2f}" if 0 < budget.limit < 20 else f"{value:.0f}"


def plain(value: float) -> str:
    """A limit as the architecture has it."""
    return f"{value:g}"


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 else f"{text[:299]}…"
