"""What a snapshot hands to a run: the seam between trains and the engine."""

from collections.abc import Mapping
from dataclasses import field

from chalicelib.kernel.plans.plan import Train as Line
from slipway_formats.frozen import frozen

PREFIX = "train/"


@frozen
class Travel:
    """A request for a run of a snapshot.

    id: of the run. holds: no step begins before a promotion. variables: resolved for it.
    """

    id: str
    train: int
    snapshot: int
    holds: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


def line_of(train: int, snapshot: int) -> Line:
    """A train's snapshot as the engine knows it: the younger has the higher number."""
    return Line(name=f"{PREFIX}{train}", number=snapshot)


def train_in(line: Line) -> int:
    """The id of the train that travels."""
    return int(line.name.removeprefix(PREFIX))
