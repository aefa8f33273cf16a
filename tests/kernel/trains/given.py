"""Valid trains and snapshots with sensible defaults, for tests of every room."""

from dataclasses import replace

from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Cancelled, Member, Place, Rejection, Train
from chalicelib.kernel.trains.transitions import Changed, Wanted, created
from tests.builders import NOON

BY_ADA = Rejection(by="ada", at=NOON, reason="it leaks")
CANCELLED = Cancelled(by="ada", at=NOON, reason="not this year")
TEST = Place(stage="Test", number=0)
LIVE = Place(stage="Live", number=1)


def a_train(number: str = "1.0", *, first_id: int = 10_001, sequence: int = 1) -> Train:
    return Train(
        id=first_id,
        project="web",
        application="web",
        number=number,
        pipeline="release",
        sequence=sequence,
        members=(Member(project="web", application="web"),),
        created_by="ada",
        created_at=NOON,
        next_id=first_id + 1,
        last_id=first_id + 99,
    )


def a_snapshot(train: Train | None = None, number: str = "") -> Changed:
    """A snapshot and the train that has it."""
    return created(train or a_train(), Wanted(number=number, by="ada", at=NOON))


def snapshots(count: int) -> tuple[Train, tuple[Snapshot, ...]]:
    """A train with so many snapshots, oldest first."""
    train, made = a_train(), list[Snapshot]()
    for _ in range(count):
        changed = a_snapshot(train)
        train = changed.train
        made.append(changed.snapshot)
    return train, tuple(made)


def in_place(snapshot: Snapshot, place: Place | None) -> Snapshot:
    return replace(snapshot, furthest=place)
