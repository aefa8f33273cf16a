"""Lay out a run in time: a bar for each step that has begun. Numbers are px, of a drawing WIDTH wide."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.dialects.console.runs.view import StagePart, StepPart
from chalicelib.kernel.engine.phase import Phase
from slipway_formats.frozen import frozen

WIDTH, ROW, NAMES = 960, 28, 220
NARROWEST = 3
TICKS = 5
WAITING = frozenset({Phase.WAITING_PERSON, Phase.WAITING_TIME, Phase.WAITING_LOCK, Phase.QUEUED})


@frozen
class Bar:
    """A step's time. waits: it is waiting, which is hatched."""

    step: StepPart
    stage: str
    x: int
    y: int
    width: int
    took: timedelta
    waits: bool


@frozen
class Tick:
    """A line of the scale. after: since the run began."""

    x: int
    after: timedelta


@frozen
class Gantt:
    """The whole drawing."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def gantt(stages: Sequence[StagePart], now: datetime) -> Gantt:
    """Lay out what has begun, in order of beginning."""
    begun = sorted(
        (
            (step.began_at, stage, step)
            for stage in stages
            for step in (*stage.gates, *stage.leaves)
            if step.began_at is not None
        ),
        key=lambda one: one[0],
    )
    first = begun[0][0] if begun else now
    last = max((step.ended_at or now for _, _, step in begun), default=now)
    whole = max(last - first, timedelta(seconds=1))
    bars = tuple(
        _bar(step, stage.name, row, began - first, (step.ended_at or now) - began, whole)
        for row, (began, stage, step) in enumerate(begun)
    )
    ticks = tuple(
        Tick(x=NAMES + (WIDTH - NAMES) * place // TICKS, after=whole * place / TICKS) for place in range(TICKS)
    )
    return Gantt(width=WIDTH, height=ROW * (len(bars) + 1), bars=bars, ticks=ticks)


def _bar(step: StepPart, stage: str, row: int, after: timedelta, took: timedelta, whole: timedelta) -> Bar:  # noqa: PLR0917
    room = WIDTH - NAMES
    return Bar(
        step=step,
        stage=stage,
        x=NAMES + int(room * (after / whole)),
        y=ROW * (row + 1),
        width=max(NARROWEST, int(room * (took / whole))),
        took=took,
        waits=step.phase in WAITING,
    )
