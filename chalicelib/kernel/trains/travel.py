"""What a snapshot hands to a run: the seam between trains and the engine."""

from collections.abc import Mapping
from dataclasses import field

from chalicelib.kernel.plans.plan import Train as Line
from chalicelib.kernel.trains.numbering import folded
from slipway_formats.frozen import frozen

PREFIX = "train/"
BETWEEN = "/"
"""Between a train and the pipeline of a snapshot that has its own."""


@frozen
class Travel:
    """A request for a run of a snapshot.

    id: of the run. line: the train and snapshot. holds: no step begins before a promotion. variables: resolved for it.
    """

    id: str
    line: Line
    holds: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


def line_of(train: int, snapshot: int, pipeline: str = "") -> Line:
    """A train's snapshot as the engine knows it: the younger has the higher number.

    pipeline: of a snapshot whose train is not planned: it supersedes those of its own pipeline alone.
    """
    name = f"{PREFIX}{train}"
    return Line(name=f"{name}{BETWEEN}{folded(pipeline)}" if pipeline else name, number=snapshot)


def train_in(line: Line) -> int:
    """The id of the train that travels."""
    return int(line.name.removeprefix(PREFIX).partition(BETWEEN)[0])
