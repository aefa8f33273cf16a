"""What leaves the record of a long run, and is kept beside it."""

from dataclasses import replace
from itertools import accumulate

from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.engine.trace import Fold

MOST_EXECUTIONS = 20
"""Stage executions that stay in a run's record, unless more are still needed there."""

MOST_FOLDS = 12
LARGEST_FOLDS = 4000
"""Characters of the folds that leave a run's record at once, or so many: whichever comes first."""


def parted(run: Run) -> tuple[Run, tuple[StageExecution, ...]]:
    """Split a run into what stays in its record, and the oldest ended executions to move (never a stage's latest)."""
    surplus = len(run.stages) - MOST_EXECUTIONS
    if surplus <= 0:
        return run, ()
    latest = {one.stage: one.number for one in run.stages}
    may_leave = [one for one in run.stages if one.is_final and latest[one.stage] != one.number]
    moved = tuple(may_leave[:surplus])
    gone = {one.number for one in moved}
    return replace(run, stages=tuple(one for one in run.stages if one.number not in gone)), moved


def without_folds(run: Run) -> tuple[Run, tuple[Fold, ...]]:
    """Split a run into what stays in its record, and the oldest folds, once there are enough of them to move.

    The newest fold stays, and which move follows from them alone: whoever comes to move them moves the same.
    """
    trace = run.trace
    count = _movable(trace.folds[:-1]) if trace is not None else 0
    if trace is None or not count:
        return run, ()
    kept = replace(trace, folds=trace.folds[count:], moved=trace.moved + count)
    return replace(run, trace=kept), trace.folds[:count]


def _movable(folds: tuple[Fold, ...]) -> int:
    """Return how many of the oldest folds are enough to move; 0 if all of them are not."""
    sizes = accumulate(len(str(fold.events)) for fold in folds)
    enough = (count for count, size in enumerate(sizes, 1) if count == MOST_FOLDS or size >= LARGEST_FOLDS)
    return next(enough, 0)
