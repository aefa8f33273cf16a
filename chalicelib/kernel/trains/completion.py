"""What follows when a snapshot has succeeded in the last stage of its pipeline: a value of that pipeline."""

from chalicelib.kernel.trains.numbering import number_after
from chalicelib.kernel.trains.train import Train, TrainStatus
from slipway_formats.frozen import frozen


@frozen
class Completion:
    """What happens when a train is delivered.

    deploys_train: the train is over. cancels_earlier: so are those before it. creates_next: and one follows.
    """

    deploys_train: bool = True
    cancels_earlier: bool = False
    creates_next: bool = False


DEFAULT = Completion()


def is_earlier(train: Train, other: Train) -> bool:
    """Return True if the other is an open train of the same application, planned before this one."""
    is_beside = (other.project, other.application) == (train.project, train.application)
    return is_beside and other.is_planned and other.sequence < train.sequence and other.status is TrainStatus.ACTIVE


def next_number(train: Train) -> str | None:
    """Return the number of the next train; None if this one's has no part that can be counted up."""
    return number_after(train.number)
